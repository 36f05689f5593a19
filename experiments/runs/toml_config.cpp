#include "experiments/runs/toml_config.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "lib/base/error.hpp"

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
  throw ConfigError("configuration: '" + key + "' must be text, a number, true or false, or a list of these");
}

}  // namespace

std::vector<CLI::ConfigItem> TomlConfig::from_config(std::istream& input) const {
  std::vector<CLI::ConfigItem> found;
  const auto add = [&](const std::string& key, const toml::node& node) {
    CLI::ConfigItem item;
    const bool is_everywhere = std::ranges::find(everywhere, key) != everywhere.end();
    if (!is_everywhere && !command.empty()) item.parents = {command};
    item.name = key;
    if (const auto* list = node.as_array())
      for (const toml::node& element : *list) item.inputs.push_back(value_text(element, key));
    else item.inputs = {value_text(node, key)};
    found.push_back(std::move(item));
  };
  toml::table table;
  try {
    table = toml::parse(input);
  } catch (const toml::parse_error& e) {
    throw ConfigError("configuration: not TOML at line " + std::to_string(e.source().begin.line) + ": " +
                      std::string(e.description()));
  }
  for (const auto& [key, node] : table) {
    const std::string name(key.str());
    if (node.is_table() || std::ranges::find(description, name) != description.end()) continue;
    add(name, node);
  }
  if (const toml::table* own = table[command].as_table())
    for (const auto& [key, node] : *own) add(std::string(key.str()), node);
  return found;
}

}  // namespace skein::experiments
