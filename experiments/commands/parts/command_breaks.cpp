#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <map>
#include <memory>

#include "experiments/cli/command_table.hpp"
#include "experiments/nets/load_net.hpp"
#include "experiments/nets/net.hpp"
#include "experiments/parts/breaks.hpp"
#include "experiments/parts/masked_net.hpp"
#include "lib/base/error.hpp"

namespace skein::experiments {
namespace {

struct BreaksArguments {
  std::string net, reference;
  BreakSettings settings;
};

using Shares = std::map<std::int32_t, std::array<int, break_kinds>>;

Shares by_layer(const std::vector<UnitBreak>& breaks) {
  Shares shares;
  for (const UnitBreak& one : breaks) ++shares[one.layer][static_cast<std::size_t>(one.kind)];
  return shares;
}

nlohmann::ordered_json counts_json(const std::array<int, break_kinds>& counts) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (std::size_t k = 0; k < break_kinds; ++k) json[std::string(name(static_cast<Break>(k)))] = counts[k];
  return json;
}

std::array<int, break_kinds> totals(const std::vector<UnitBreak>& breaks) {
  std::array<int, break_kinds> counts{};
  for (const UnitBreak& one : breaks) ++counts[static_cast<std::size_t>(one.kind)];
  return counts;
}

std::string counts_line(const std::string& head, const std::array<int, break_kinds>& counts) {
  char line[120];
  std::snprintf(line, sizeof line, "%-26s %8d %8d %11d %9d\n", head.c_str(), counts[0], counts[1], counts[2],
                counts[3]);
  return line;
}

Outcome run(const BreaksArguments& a, const Session& session) {
  const Net reference = load_drawing_net(a.reference);
  if (!reference.genome)
    throw ConfigError(a.reference + ": the reference must be a genome, whose every unit is known");
  const neat::Phenotype phenotype = neat::express(reference.genome->genome);
  const Net net = load_drawing_net(a.net);
  const int layers = net.mlp ? net.mlp->wiring.depth() : 0;
  const auto breaks =
      find_breaks(phenotype.network, phenotype.weights, net.network, net.weights, a.settings, layers);
  // Control: the same network with each layer's weights exchanged.
  const MaskedNet control = with_shuffled_weights({net.network, net.weights, {}}, session.seed());
  const auto by_chance =
      find_breaks(phenotype.network, phenotype.weights, control.network, control.weights, a.settings, layers);
  Outcome outcome{{{"reference", a.reference}, {"threshold", a.settings.threshold}}, {}};
  outcome.json["counts"] = counts_json(totals(breaks));
  outcome.json["control"] = counts_json(totals(by_chance));
  outcome.json["layers"] = nlohmann::ordered_json::array();
  outcome.text = "layer of the reference      correct    local  propagated  restored\n";
  for (const auto& [layer, counts] : by_layer(breaks)) {
    nlohmann::ordered_json json{{"layer", layer}};
    json.update(counts_json(counts));
    outcome.json["layers"].push_back(json);
    outcome.text += counts_line(std::to_string(layer), counts);
  }
  outcome.text +=
      counts_line("all", totals(breaks)) + counts_line("all, weights exchanged", totals(by_chance));
  outcome.json["units"] = nlohmann::ordered_json::array();
  for (const UnitBreak& one : breaks)
    outcome.json["units"].push_back(
        {{"node", neat::text(phenotype.node_of_unit[static_cast<std::size_t>(one.unit)])},
         {"layer", one.layer},
         {"error", one.error},
         {"inherited", one.inherited},
         {"kind", name(one.kind)}});
  return outcome;
}

}  // namespace

Command breaks_command() {
  return {
      "breaks", std::string(group_parts), "where a network stops computing what a genome computes",
      "skein train @face --steps 1000 --size 64 --out runs/dense && skein breaks runs/dense --reference "
      "@face",
      [](CLI::App& app) -> RunCommand {
        const auto a = std::make_shared<BreaksArguments>();
        app.add_option("NET,--net", a->net, "file, folder, run or @name of a network")->required();
        app.add_option("--reference", a->reference, "the genome whose every unit is looked for")->required();
        app.add_option("--threshold", a->settings.threshold,
                       "1 - R2 above which a value is lacking (default 0.1)");
        app.add_option("--size", a->settings.size, "side of the grid, pixels (default 48)");
        return [a](const Session& session) { return run(*a, session); };
      }};
}

}  // namespace skein::experiments
