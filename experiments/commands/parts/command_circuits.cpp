#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "experiments/cli/command_table.hpp"
#include "experiments/cli/net_in_parts.hpp"
#include "experiments/cli/parts_options.hpp"
#include "experiments/parts/circuits.hpp"
#include "experiments/records/json_file.hpp"
#include "experiments/statistics/table.hpp"
#include "lib/base/sound_text.hpp"

namespace skein::experiments {
namespace {

struct CircuitArguments {
  std::string net;
  PartsArguments parts;
  CircuitSettings settings;
};

Outcome run(CircuitArguments arguments, const Session& session) {
  arguments.settings.seed = session.seed();
  arguments.settings.validate();
  const PartsTarget target = load_parts_of_network(arguments.net, arguments.parts, session);
  const NetInParts net = load_net_in_parts(arguments.net, arguments.parts, target);
  const MaskedNet& masked = net.masked;
  const Circuits found =
      find_circuits(masked, target.parts, target.pictures.whole, arguments.settings, session.listener());
  Outcome outcome{{{"parts", nlohmann::ordered_json::array()}},
                  "  part                          units  edges  sufficient necessary  random   F1\n"};
  char line[200];
  for (const Circuit& c : found.parts) {
    outcome.json["parts"].push_back(
        {{"name", c.name},
         {"units", c.units},
         {"edges", c.edges},
         {"sufficient", c.sufficient},
         {"necessary", c.necessary},
         {"reached", c.reached},
         {"error", finite_or_null(c.error)},
         {"random_sufficient", c.random_sufficient},
         {"edge_f1", c.edge_f1 ? nlohmann::ordered_json(*c.edge_f1) : nlohmann::ordered_json()},
         {"edge_recall", c.edge_recall ? nlohmann::ordered_json(*c.edge_recall) : nlohmann::ordered_json()}});
    std::snprintf(line, sizeof line, "  %s %6d %6d %10.3f %9.3f %9.3f   %s%s\n",
                  table_cell(c.name, 28).c_str(), c.units, c.edges, c.sufficient, c.necessary,
                  c.random_sufficient, decimal_cell(c.edge_f1, 0).c_str(),
                  c.reached ? "" : "  the whole network misses the tolerance");
    outcome.text += line;
  }
  outcome.json["edges"] = finite_or_null(found.edges);
  outcome.json["overlap"] = finite_or_null(found.overlap);
  outcome.json["tolerance"] = arguments.settings.tolerance;
  outcome.json["loss"] = net.loss;
  std::snprintf(line, sizeof line, "geometric mean of edges %.1f; two circuits share %.0f %% of theirs\n",
                found.edges, 100 * found.overlap);
  outcome.text += line;
  return outcome;
}

}  // namespace

Command circuits_command() {
  return {"circuits", std::string(group_parts), "the smallest circuit that draws each part",
          "skein circuits @face --target @face", [](CLI::App& app) -> RunCommand {
            const auto a = std::make_shared<CircuitArguments>();
            add_parts_of_network(app, a->net, a->parts);
            app.add_option("--tolerance", a->settings.tolerance,
                           "error allowed in a part's region, of the picture's variance there (default 0.1)");
            app.add_option("--steps", a->settings.mask.steps, "of each mask's training (default 200)");
            return [a](const Session& session) { return run(*a, session); };
          }};
}

}  // namespace skein::experiments
