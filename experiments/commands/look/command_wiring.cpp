#include <CLI/CLI.hpp>
#include <memory>

#include "bridge/compare_wirings.hpp"
#include "experiments/cli/command_table.hpp"
#include "experiments/nets/load_net.hpp"
#include "experiments/nets/net.hpp"
#include "lib/network/network_graph.hpp"

namespace skein::experiments {

namespace {

struct WiringArguments {
  std::string net, reference;
  int null_samples = 100;
};

bridge::PlainWiring plain(const Net& net) { return bridge::plain_wiring(net.network, net.weights); }

nlohmann::ordered_json numbers(const std::vector<std::pair<std::string, double>>& named) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (const auto& [name, value] : named) json[name] = value;
  return json;
}

Outcome run(const WiringArguments& options, const Session& session) {
  const Net net = load_net(options.net);
  const bridge::PlainWiring wiring = plain(net);
  const StructureSettings settings{.null_samples = options.null_samples, .seed = session.seed()};
  Outcome outcome{numbers(named(structure_of(wiring.network, settings))), {}};
  outcome.json["null_samples"] = options.null_samples;
  if (options.reference.empty()) return outcome;
  const bridge::CompareWiringsSettings compare{.null_samples = options.null_samples, .seed = session.seed()};
  outcome.json.update(
      numbers(named(bridge::compare_wirings(plain(load_net(options.reference)), wiring, compare))));
  return outcome;
}

}  // namespace

Command wiring_command() {
  return {"wiring", std::string(group_look), "structure of a wiring, and how alike it is to another's",
          "skein wiring @face\nskein wiring pruned.mlp --reference @face", [](CLI::App& app) -> RunCommand {
            const auto options = std::make_shared<WiringArguments>();
            app.add_option("NET,--net", options->net, "file, folder, run or @name of a network")->required();
            app.add_option("--reference", options->reference,
                           "NET on the same target: edge precision, recall and F1 against its wiring");
            app.add_option("--null-samples", options->null_samples,
                           "wirings of the same degrees, for the chance level")
                ->check(CLI::Range(0, 100000))
                ->capture_default_str();
            return [options](const Session& session) { return run(*options, session); };
          }};
}

}  // namespace skein::experiments
