#include <CLI/CLI.hpp>
#include <memory>

#include "experiments/cli/command_table.hpp"
#include "experiments/targets/evolved_source.hpp"
#include "experiments/targets/targets.hpp"
#include "lib/base/file.hpp"
#include "neat/search/archive_file.hpp"
#include "neat/search/picture_goal.hpp"

namespace skein::experiments {
namespace {

struct TargetsOptions {
  std::string from, source;
};

Outcome list_targets() {
  Outcome outcome;
  outcome.json["targets"] = nlohmann::ordered_json::array();
  for (const BuiltInTarget& target : built_in_targets()) {
    const std::string kind = target.genome ? "genome" : "picture";
    outcome.json["targets"].push_back(
        {{"name", "@" + target.name}, {"kind", kind}, {"description", target.description}});
    outcome.text += "@" + target.name + std::string(16 - std::min<std::size_t>(15, target.name.size()), ' ') +
                    kind + std::string(9 - kind.size(), ' ') + target.description + "\n";
  }
  return outcome;
}

/// Holds the embedded evolved targets against the archive of a run of the search that found them.
Outcome check_targets(const TargetsOptions& options, const Session& session) {
  const auto map = neat::read_map(std::filesystem::path(options.from) / "archive.map", neat::picture_axes());
  const auto origins = origins_in(map);
  Outcome outcome;
  std::size_t confirmed = 0;
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const EvolvedOrigin& origin : origins) {
    confirmed += origin.is_true();
    rows.push_back({{"name", "@" + std::string(origin.target->name)},
                    {"birth", origin.target->birth},
                    {"found", origin.found},
                    {"same_genome", origin.same_genome},
                    {"same_lineage", origin.same_lineage}});
    outcome.text += "@" + std::string(origin.target->name) + ": birth " +
                    std::to_string(origin.target->birth) +
                    (origin.is_true() ? ", genome and lineage as embedded\n"
                     : origin.found   ? ", found, but with another genome or lineage\n"
                                      : ", not in this archive\n");
  }
  outcome.json = {{"confirmed", confirmed}, {"of", origins.size()}, {"targets", rows}};
  if (!options.source.empty()) {
    session.refuse_existing(options.source);
    write_file(options.source, evolved_source(origins));
    outcome.json["out"] = options.source;
  }
  return outcome;
}

}  // namespace

Command targets_command() {
  return {"targets", std::string(group_convert), "the built-in targets, written @name", "skein targets",
          [](CLI::App& app) -> RunCommand {
            const auto options = std::make_shared<TargetsOptions>();
            CLI::Option* from =
                app.add_option("--from", options->from,
                               "check the evolved ones against a run of the search that found them");
            app.add_option("--source", options->source, "and write them anew, as evolved_genomes.json")
                ->needs(from);
            return [options](const Session& session) {
              return options->from.empty() ? list_targets() : check_targets(*options, session);
            };
          }};
}

}  // namespace skein::experiments
