#include "experiments/runs/toml_config.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <sstream>
#include <string_view>

#include "lib/base/error.hpp"
#include "lib/files/npy.hpp"

namespace skein::experiments {
namespace {

constexpr std::array<std::string_view, 5> everywhere{"seed", "threads", "json", "quiet", "force"};
constexpr std::array<std::string_view, 3> description{"format", "version", "command"};

std::string value_text(const toml::node& node, const std::string& key) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
  if (const auto* whole = node.as_integer()) return std::to_string(whole->get());
  if (node.is_floating_point()) {
    std::ostringstream out;
    out << node.ref<double>();
    std::ostringstream exact;
    exact.precision(17);
    exact << node.ref<double>();
    return std::stod(out.str()) == node.ref<double>() ? out.str() : exact.str();
  }
  throw ConfigError("'" + key + "' must be text, a number, true or false, or a list of these");
}

const CLI::App* command_called(const CLI::App& program, const std::string& name) {
  const auto all = program.get_subcommands([&](const CLI::App* app) { return app->get_name() == name; });
  return all.empty() ? nullptr : all.front();
}

/// Tables that a configuration may hold: one a command, what a run's folder holds and where it came from.
bool is_known_table(const CLI::App* program, const std::string& name) {
  return program == nullptr || name == "origin" || name == "folder" ||
         command_called(*program, name) != nullptr;
}

}  // namespace

std::vector<CLI::ConfigItem> TomlConfig::from_config(std::istream& input) const {
  constexpr std::size_t largest_config = std::size_t{1} << 20;  // bytes
  std::string text(largest_config + 1, '\0');
  input.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(input.gcount()));
  if (text.size() > largest_config)
    throw ConfigError(file() + ": is no configuration, it is over 1 MiB long");
  std::vector<CLI::ConfigItem> found;
  given_.clear();
  const auto add = [&](const std::string& key, const toml::node& node) {
    CLI::ConfigItem item;
    const bool is_everywhere = std::ranges::find(everywhere, key) != everywhere.end();
    if (!is_everywhere && !command.empty()) item.parents = {command};
    item.name = key;
    try {
      if (const auto* list = node.as_array())
        for (const toml::node& element : *list) item.inputs.push_back(value_text(element, key));
      else item.inputs = {value_text(node, key)};
    } catch (const ConfigError& error) {
      throw ConfigError(file() + ": " + error.what());
    }
    if (item.inputs.empty() || item.inputs == std::vector<std::string>{""}) return;
    check_key(key);
    given_.push_back(key);
    found.push_back(std::move(item));
  };
  toml::table table;
  try {
    refuse_deep_keys(text, file());
    table = toml::parse(std::string_view(text));
  } catch (const toml::parse_error& e) {
    throw ConfigError(file() + ": not TOML at line " + std::to_string(e.source().begin.line) + ": " +
                      printable(std::string(e.description())));
  } catch (const FormatError& e) {
    throw ConfigError(e.what());
  }
  for (const auto& [key, node] : table) {
    const std::string name(key.str());
    if (node.is_table()) {
      if (!is_known_table(program, name)) throw ConfigError(file() + ": no command '" + name + "'");
      continue;
    }
    if (std::ranges::find(description, name) == description.end()) add(name, node);
  }
  if (const toml::table* own = table[command].as_table())
    for (const auto& [key, node] : *own) add(std::string(key.str()), node);
  return found;
}

void TomlConfig::check_key(const std::string& key) const {
  if (program == nullptr) return;
  const CLI::App* own = command.empty() ? program : command_called(*program, command);
  for (const CLI::App* app : {program, own})
    if (app != nullptr && app->get_option_no_throw(key.size() == 1 ? key : "--" + key) != nullptr) return;
  if (own != nullptr)
    for (const CLI::Option* option : own->get_options())
      if (option->get_positional() && CLI::detail::to_lower(option->get_name(true)) == key) return;
  throw ConfigError(file() + ": no option '" + key + "'" +
                    (command.empty() ? "" : " of `skein " + command + "`"));
}

std::string TomlConfig::file() const {
  const CLI::Option* option = program == nullptr ? nullptr : program->get_config_ptr();
  return option == nullptr || option->count() == 0 ? "configuration" : option->results().back();
}

bool TomlConfig::gave(std::string_view option) const {
  return std::ranges::find(given_, option) != given_.end();
}

void refuse_deep_keys(std::string_view toml, const std::string& name) {
  constexpr int most_parts = 16;
  int parts = 1;
  char quote = '\0';
  for (std::size_t i = 0; i < toml.size(); ++i) {
    const char c = toml[i];
    if (quote != '\0') {
      if (c == '\\' && quote == '"') ++i;
      else if (c == quote || c == '\n') quote = '\0';
      continue;
    }
    if (c == '"' || c == '\'') quote = c;
    else if (c == '.') ++parts;
    else if (std::string_view("=,[]{}#\n").find(c) != std::string_view::npos) parts = 1;
    if (parts > most_parts)
      throw FormatError(name + ": a key of more than " + std::to_string(most_parts) +
                        " parts joined by dots");
  }
}

}  // namespace skein::experiments
