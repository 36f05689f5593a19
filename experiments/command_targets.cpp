#include <CLI/CLI.hpp>

#include "experiments/command_table.hpp"
#include "experiments/targets.hpp"

namespace skein::experiments {

Command targets_command() {
  return {"targets", std::string(group_about), "the built-in targets, written @name", "skein targets",
          [](CLI::App&) -> RunCommand {
            return [](const Session&) {
              Outcome outcome;
              outcome.json["targets"] = nlohmann::ordered_json::array();
              for (const BuiltInTarget& target : built_in_targets()) {
                const std::string kind = target.genome ? "genome" : "picture";
                outcome.json["targets"].push_back(
                    {{"name", "@" + target.name}, {"kind", kind}, {"description", target.description}});
                outcome.text += "@" + target.name +
                                std::string(16 - std::min<std::size_t>(15, target.name.size()), ' ') + kind +
                                std::string(9 - kind.size(), ' ') + target.description + "\n";
              }
              return outcome;
            };
          }};
}

}  // namespace skein::experiments
