#include "experiments/cli/command_line.hpp"

#include <CLI/CLI.hpp>
#include <cmath>
#include <iostream>
#include <memory>
#include <sstream>

#include "experiments/cli/interrupt.hpp"
#include "experiments/cli/progress_display.hpp"
#include "experiments/cli/strict_values.hpp"
#include "experiments/runs/json_file.hpp"
#include "experiments/runs/toml_config.hpp"
#include "experiments/runs/version.hpp"
#include "lib/base/parallel.hpp"

namespace skein::experiments {
namespace {

constexpr std::size_t name_column = 12;
constexpr std::string_view everywhere =
    "Every command: --seed N (default 0), --threads N (default all), --json (one object on\n"
    "standard output), --quiet, --force (overwrite), --config F.toml (flags override), --version";

std::string indented(const std::string& text) {
  std::string out = "  ";
  for (const char c : text) out += c == '\n' ? std::string("\n  ") : std::string(1, c);
  return out;
}

/// Whole numbers as such: 70.0 is 70.
nlohmann::ordered_json with_whole_numbers(nlohmann::ordered_json value) {
  constexpr double largest = 1e15;  // beyond it not every whole number is a double
  if (value.is_structured())
    for (auto& item : value) item = with_whole_numbers(item);
  if (!value.is_number_float()) return value;
  const double number = value.get<double>();
  if (std::abs(number) < largest && number == std::trunc(number)) return static_cast<std::int64_t>(number);
  return value;
}

/// The members of the result as lines of name and value; what is nested stays JSON.
std::string plain_text(const nlohmann::ordered_json& json) {
  std::size_t width = 0;
  for (const auto& [key, value] : json.items()) width = std::max(width, key.size());
  std::string text;
  for (const auto& [key, value] : json.items())
    text += key + std::string(width - key.size() + 2, ' ') +
            (value.is_string() ? value.get<std::string>() : json_text(with_whole_numbers(value))) + "\n";
  return text;
}

void print(const Outcome& outcome, bool json) {
  std::string text = json                   ? json_text(outcome.json)
                     : outcome.text.empty() ? plain_text(outcome.json)
                                            : outcome.text;
  if (!text.ends_with('\n')) text += '\n';
  std::cout << text;
  if (!std::cout.flush()) throw FormatError("standard output cannot be written to");
}

struct Parsed {
  std::shared_ptr<CLI::App> program;  ///< commands look at their options again when they run
  Session::Options options;
  std::string chosen;
  RunCommand run;
};

void add_everywhere_options(CLI::App& app, Session::Options& options) {
  constexpr int most_threads = 1024;
  app.add_option("--seed", options.seed, "of everything random");
  app.add_option("--threads", options.threads, "0: all")->check(CLI::Range(0, most_threads));
  app.add_flag("--json", options.json, "one JSON object on standard output");
  app.add_flag("--quiet", options.quiet, "no progress and no messages");
  app.add_flag("--force", options.force, "overwrite what exists");
  app.set_config("--config", "", "options from a TOML file; flags override");
  app.set_version_flag("--version", version_text());
}

/// An option that may stand without its flag is shown in full once, among the positionals.
class HelpFormatter : public CLI::Formatter {
 public:
  std::string make_option(const CLI::Option* option, bool is_positional) const override {
    if (is_positional || !option->get_positional()) return CLI::Formatter::make_option(option, is_positional);
    std::stringstream out;
    CLI::detail::format_help(out, option->get_name(), "the same as " + option->get_name(true),
                             get_column_width());
    return out.str();
  }
};

/// "FILE: " when the option that an error names had its value from a configuration file.
std::string origin_of(const CLI::ParseError& error, const TomlConfig& config) {
  const std::string_view said = error.what();
  const std::size_t dashes = said.find("--");
  if (dashes == std::string_view::npos) return {};
  const std::string_view rest = said.substr(dashes + 2);
  return config.gave(rest.substr(0, rest.find_first_of(": ="))) ? config.file() + ": " : std::string();
}

/// What is wrong, in one sentence; for what is missing also what it would be.
std::string explained(const CLI::ParseError& error, const CLI::App& chosen) {
  if (dynamic_cast<const CLI::RequiredError*>(&error))
    for (const CLI::Option* option : chosen.get_options())
      if (option->get_required() && option->count() == 0)
        return option->get_name(option->get_positional()) + " is missing: " + option->get_description();
  return error.what();
}

/// Builds the parser, parses, and says what to run. Throws CLI::ParseError.
int parse(const std::vector<Command>& commands, const std::vector<std::string>& arguments, Parsed& parsed) {
  parsed.program = std::make_shared<CLI::App>("skein", "skein");
  CLI::App& app = *parsed.program;
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::Throw);
  add_everywhere_options(app, parsed.options);
  const auto config = std::make_shared<TomlConfig>();
  config->program = &app;
  app.config_formatter(config);
  app.allow_config_extras(CLI::config_extras_mode::error);
  app.require_subcommand(1);
  app.fallthrough();
  app.formatter(std::make_shared<HelpFormatter>());
  app.get_formatter()->column_width(34);
  std::vector<RunCommand> runs;
  for (const Command& command : commands) {
    CLI::App* sub = app.add_subcommand(command.name, command.summary);
    sub->footer("Example:\n" + indented(command.example) + "\n\n" + std::string(everywhere));
    sub->fallthrough();
    runs.push_back(command.setup(*sub));
    sub->preparse_callback([config, name = command.name](std::size_t) { config->command = name; });
  }
  read_values_strictly(app);
  const std::string help = program_help(commands);
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend() - 1);
  try {
    if (reversed.empty()) {
      std::cerr << help;
      return 2;
    }
    app.parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    std::cout << (app.get_subcommands().empty() ? help : app.help());
    return 0;
  } catch (const CLI::CallForVersion& e) {
    std::cout << e.what() << "\n";
    return 0;
  } catch (const CLI::ParseError& e) {
    const auto chosen = app.get_subcommands();
    if (chosen.empty() && !arguments[1].starts_with("-")) {
      std::cerr << "skein: there is no command '" << arguments[1] << "' (`skein --help` lists them)\n";
      return 2;
    }
    std::cerr << "skein: " << origin_of(e, *config)
              << (chosen.empty() ? e.what() : explained(e, *chosen.front())) << " (see `skein "
              << (chosen.empty() ? "" : chosen.front()->get_name() + " ") << "--help`)\n";
    return 2;
  }
  for (std::size_t c = 0; c < commands.size(); ++c)
    if (app.got_subcommand(commands[c].name)) {
      parsed.chosen = commands[c].name;
      parsed.run = std::move(runs[c]);
    }
  return 0;
}

}  // namespace

std::string program_help(const std::vector<Command>& commands) {
  std::string text =
      "skein " + std::string(version) +
      ": two networks draw the same picture; are they built the same way inside?\n"
      "Usage: skein COMMAND [ARGUMENTS]      skein COMMAND --help explains each, with an example\n";
  for (const std::string_view group : {group_compare, group_make, group_look, group_convert, group_about}) {
    bool first = true;
    for (const Command& command : commands) {
      if (command.group != group) continue;
      if (std::exchange(first, false)) text += "\n" + std::string(group) + "\n";
      text += "  " + command.name +
              std::string(name_column - std::min(name_column - 1, command.name.size()), ' ') +
              command.summary + "\n";
    }
  }
  return text + "\n" + std::string(everywhere) + "\n";
}

int run_command_line(const std::vector<Command>& commands, const std::vector<std::string>& arguments) {
  Parsed parsed;
  if (const int code = parse(commands, arguments, parsed); code != 0 || !parsed.run) return code;
  const ThreadLimit threads(parsed.options.threads);
  ProgressDisplay display(ProgressDisplay::detect(parsed.options.quiet));
  watch_for_interrupt();
  const auto listener = [&display](const Progress& progress) {
    display.show(progress);
    return !interrupted();
  };
  const Session session(parsed.options, arguments, listener,
                        [&display](std::string_view line) { display.say(line); });
  const Outcome outcome = parsed.run(session);
  display.finish();
  print(outcome, parsed.options.json);
  return 0;
}

}  // namespace skein::experiments
