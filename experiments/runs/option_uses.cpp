#include "experiments/runs/option_uses.hpp"

#include <CLI/CLI.hpp>
#include <utility>

#include "lib/base/error.hpp"

namespace skein::experiments {

CLI::Option* with_choices(CLI::Option* option, const std::vector<std::string>& names) {
  return option->type_name("TEXT:{" + CLI::detail::join(names, ",") + "}");  // as CLI::IsMember has it
}

void OptionUses::only(const CLI::Option* option, std::string when, std::function<bool()> used) {
  rules_.push_back({option, std::move(when), std::move(used)});
}

void OptionUses::check() const {
  for (const Rule& rule : rules_)
    if (rule.option->count() > 0 && !rule.used())
      throw ConfigError(rule.option->get_name() + " is used only " + rule.when +
                        "; it would do nothing here");
}

void OptionUses::strip(nlohmann::ordered_json& settings) const {
  for (const Rule& rule : rules_)
    if (!rule.used()) settings.erase(rule.option->get_single_name());
}

}  // namespace skein::experiments
