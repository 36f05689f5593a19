#include "experiments/cli/command_line.hpp"

#include <CLI/CLI.hpp>
#include <cmath>
#include <iostream>
#include <memory>
#include <sstream>

#include "experiments/cli/interrupt.hpp"
#include "experiments/cli/progress_display.hpp"
#include "experiments/cli/strict_values.hpp"
#include "experiments/records/json_file.hpp"
#include "experiments/runs/toml_config.hpp"
#include "experiments/runs/version.hpp"
#include "lib/base/error.hpp"
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
  std::shared_ptr<TomlConfig> config;
  Session::Options options;
  std::vector<RunCommand> runs;  ///< of every command, in their order
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

/// Builds the parser of all commands. `parsed` must stay where it is: the parser fills it.
void build_parser(const std::vector<Command>& commands, Parsed& parsed) {
  parsed.program = std::make_shared<CLI::App>("skein", "skein");
  CLI::App& app = *parsed.program;
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::Throw);
  add_everywhere_options(app, parsed.options);
  const auto config = parsed.config = std::make_shared<TomlConfig>();
  config->program = &app;
  app.config_formatter(config);
  app.allow_config_extras(CLI::config_extras_mode::error);
  app.require_subcommand(1);
  app.fallthrough();
  app.formatter(std::make_shared<HelpFormatter>());
  app.get_formatter()->column_width(34);
  for (const Command& command : commands) {
    CLI::App* sub = app.add_subcommand(command.name, command.summary);
    sub->footer("Example:\n" + indented(command.example) + "\n\n" + std::string(everywhere));
    sub->fallthrough();
    parsed.runs.push_back(command.setup(*sub));
    sub->preparse_callback([config, name = command.name](std::size_t) { config->command = name; });
  }
  read_values_strictly(app);
}

/// Parses `words` and finds out what to run. Throws CLI::ParseError.
void parse_words(const std::vector<Command>& commands, const std::vector<std::string>& words,
                 Parsed& parsed) {
  parsed.program->parse(std::vector<std::string>(words.rbegin(), words.rend()));
  for (std::size_t c = 0; c < commands.size(); ++c)
    if (parsed.program->got_subcommand(commands[c].name)) {
      parsed.chosen = commands[c].name;
      parsed.run = std::move(parsed.runs[c]);
    }
}

/// What could not be parsed, where and why, in one line.
std::string parse_trouble(const CLI::ParseError& error, const Parsed& parsed) {
  const auto chosen = parsed.program->get_subcommands();
  return origin_of(error, *parsed.config) +
         (chosen.empty() ? std::string(error.what()) : explained(error, *chosen.front()));
}

/// Parses, and says what to run; or prints what was asked for or what is wrong, and returns the exit code.
int parse(const std::vector<Command>& commands, const std::vector<std::string>& arguments, Parsed& parsed) {
  build_parser(commands, parsed);
  const CLI::App& app = *parsed.program;
  const std::string help = program_help(commands);
  const std::vector<std::string> words(arguments.begin() + 1, arguments.end());
  if (words.empty()) {
    std::cerr << help;
    return 2;
  }
  try {
    parse_words(commands, words, parsed);
  } catch (const CLI::CallForHelp&) {
    std::cout << (app.get_subcommands().empty() ? help : app.help());
    return 0;
  } catch (const CLI::CallForVersion& e) {
    std::cout << e.what() << "\n";
    return 0;
  } catch (const CLI::ParseError& e) {
    const auto chosen = app.get_subcommands();
    if (chosen.empty() && !words[0].starts_with("-")) {
      std::cerr << "skein: there is no command '" << words[0] << "' (`skein --help` lists them)\n";
      return 2;
    }
    std::cerr << "skein: " << parse_trouble(e, parsed) << " (see `skein "
              << (chosen.empty() ? "" : chosen.front()->get_name() + " ") << "--help`)\n";
    return 2;
  }
  return 0;
}

/// The command of that name alone: a parser of all takes ten times as long to build.
std::vector<Command> only(const std::vector<Command>& commands, const std::string& name) {
  for (const Command& command : commands)
    if (command.name == name) return {command};
  throw ConfigError("there is no command '" + name + "'");
}

}  // namespace

std::string program_help(const std::vector<Command>& commands) {
  std::string text =
      "skein " + std::string(version) +
      ": two networks draw the same picture; are they built the same way inside?\n"
      "Usage: skein COMMAND [ARGUMENTS]      skein COMMAND --help explains each, with an example\n"
      "Every command: --seed N, --threads N, --json, --quiet, --force, --config F.toml, --version\n";
  for (const std::string_view group : command_groups) {
    bool first = true;
    for (const Command& command : commands) {
      if (command.group != group) continue;
      if (std::exchange(first, false))
        text += (group == command_groups.front() ? "" : "\n") + std::string(group) + "\n";
      text += "  " + command.name +
              std::string(name_column - std::min(name_column - 1, command.name.size()), ' ') +
              command.summary + "\n";
    }
  }
  return text;
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

Outcome call_command(const std::vector<Command>& commands, const std::vector<std::string>& arguments,
                     const ProgressListener& listener, const std::function<void(std::string_view)>& say) {
  const std::vector<Command> chosen = only(commands, arguments.empty() ? "" : arguments[0]);
  Parsed parsed;
  build_parser(chosen, parsed);
  try {
    parse_words(chosen, arguments, parsed);
  } catch (const CLI::ParseError& e) {
    throw ConfigError(parse_trouble(e, parsed));
  }
  const ThreadLimit threads(parsed.options.threads);
  std::vector<std::string> line = arguments;
  line.insert(line.begin(), "skein");
  return parsed.run(Session(parsed.options, line, listener, say));
}

std::shared_ptr<CLI::App> parser_of(const std::vector<Command>& commands) {
  const auto parsed = std::make_shared<Parsed>();
  build_parser(commands, *parsed);
  return {parsed, parsed->program.get()};
}

std::string command_help(const std::vector<Command>& commands, const std::string& name) {
  Parsed parsed;
  build_parser(only(commands, name), parsed);
  return parsed.program->get_subcommand(name)->help();
}

}  // namespace skein::experiments
