#include <CLI/CLI.hpp>
#include <memory>

#include "bridge/layerize.hpp"
#include "experiments/cli/command_table.hpp"
#include "experiments/nets/load_net.hpp"
#include "experiments/nets/net.hpp"
#include "experiments/nets/net_description.hpp"
#include "neat/files/genome_file.hpp"

namespace skein::experiments {

Command lift_command() {
  return {"lift", std::string(group_convert), "masked or pruned MLP to genome, copies contracted",
          "skein layerize @face --out face.mlp --force\nskein lift face.mlp --out face.genome",
          [](CLI::App& app) -> RunCommand {
            const auto mlp = std::make_shared<std::string>(), out = std::make_shared<std::string>();
            const auto keep_dead = std::make_shared<bool>(false);
            app.add_option("MLP,--mlp", *mlp, "MLP file, folder of arrays, checkpoint or run")->required();
            app.add_option("--out", *out, "the genome file")->required();
            app.add_flag("--keep-dead", *keep_dead, "keep units that reach no output");
            return [mlp, out, keep_dead](const Session& session) {
              session.refuse_existing(*out);
              const Net net = load_net(*mlp);
              if (net.genome) throw ConfigError(*mlp + ": is a genome already, lift takes an MLP");
              neat::AnnotatedGenome genome = bridge::lift(as_mlp(net), *keep_dead);
              genome.notes.name = net.title;
              const Net lifted = net_of(genome, net.title, NetSource::genome_file);
              const double difference = max_abs_difference(net, lifted);
              neat::write_genome(*out, genome);
              Outcome outcome{describe(lifted), {}};
              outcome.json["max_abs_difference"] = difference;
              outcome.json["out"] = *out;
              return outcome;
            };
          }};
}

}  // namespace skein::experiments
