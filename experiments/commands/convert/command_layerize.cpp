#include <CLI/CLI.hpp>
#include <memory>

#include "experiments/cli/command_table.hpp"
#include "experiments/nets/load_net.hpp"
#include "experiments/nets/net.hpp"
#include "experiments/nets/net_description.hpp"
#include "sgd/mlp/mlp_file.hpp"

namespace skein::experiments {

Command layerize_command() {
  return {"layerize", std::string(group_convert), "genome to masked MLP, exactly",
          "skein layerize @face --out face.mlp", [](CLI::App& app) -> RunCommand {
            const auto genome = std::make_shared<std::string>(), out = std::make_shared<std::string>();
            app.add_option("GENOME,--genome", *genome, "Picbreeder file, genome file or @name")->required();
            app.add_option("--out", *out, "the MLP file")->required();
            return [genome, out](const Session& session) {
              session.refuse_existing(*out);
              const Net net = load_net(*genome);
              if (!net.genome)
                throw ConfigError(*genome + (net.mlp ? ": is an MLP already" : ": is a recursion") +
                                  ", layerize takes a genome");
              const Net layered = net_of(as_mlp(net), net.title, NetSource::mlp_file);
              const double difference = max_abs_difference(net, layered);
              sgd::write_mlp(*out, *layered.mlp);
              Outcome outcome{describe(layered), {}};
              outcome.json["max_abs_difference"] = difference;
              outcome.json["warnings"] = net.warnings;
              outcome.json["out"] = *out;
              return outcome;
            };
          }};
}

}  // namespace skein::experiments
