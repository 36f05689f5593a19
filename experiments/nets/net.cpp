#include "experiments/nets/net.hpp"

#include <algorithm>

#include "bridge/layerize.hpp"
#include "lib/base/error.hpp"

namespace skein::experiments {

std::string_view name(NetSource source) {
  switch (source) {
    case NetSource::picbreeder:
      return "picbreeder";
    case NetSource::genome_file:
      return "genome file";
    case NetSource::mlp_file:
      return "mlp file";
    case NetSource::checkpoint:
      return "checkpoint";
    case NetSource::npy_folder:
      return "npy folder";
    case NetSource::run:
      return "run";
    case NetSource::built_in:
      return "built-in";
    case NetSource::breeding:
      return "breeding session";
    case NetSource::recursion_file:
      return "recursion file";
  }
  return "";
}

bool Net::draws() const {
  const auto known = picture_signature().inputs;
  return network.output_count() == 3 &&
         std::ranges::all_of(network.signature().inputs, [&](const std::string& input) {
           return std::ranges::find(known, input) != known.end();
         });
}

Net net_of(neat::AnnotatedGenome genome, std::string title, NetSource source) {
  neat::Phenotype phenotype = neat::express(genome.genome);
  Net net;
  net.title = std::move(title);
  net.source = source;
  net.network = std::move(phenotype.network);
  net.weights = std::move(phenotype.weights);
  net.warnings = genome.notes.warnings;
  net.genome = std::move(genome);
  return net;
}

Net net_of(sgd::Mlp mlp, std::string title, NetSource source) {
  sgd::validate(mlp);
  Net net;
  net.title = std::move(title);
  net.source = source;
  net.network = sgd::lower(mlp.wiring).network;
  net.weights = mlp.weights;
  net.mlp = std::move(mlp);
  return net;
}

Net net_of(sgd::RecursiveNet recursion, std::string title, NetSource source, int rounds) {
  sgd::validate(recursion);
  Net net;
  net.title = std::move(title);
  net.source = source;
  net.network = sgd::lower(recursion.recursion, recursion.signature, rounds).network;
  net.weights = recursion.weights;
  net.recursion = std::move(recursion);
  return net;
}

Net at_rounds(Net net, int rounds, const std::string& argument) {
  if (!net.recursion)
    throw ConfigError(argument + ": has no rounds; only a recursion can be drawn at others");
  return net_of(std::move(*net.recursion), std::move(net.title), net.source, rounds);
}

sgd::Mlp as_mlp(const Net& net) {
  if (net.recursion)
    throw ConfigError(net.title +
                      ": a recursion, whose rounds share their weights; as layers it would lose that "
                      "(render, info, score, sweep and train --arch work on it)");
  return net.mlp ? *net.mlp : bridge::layerize(net.genome->genome);
}

}  // namespace skein::experiments
