#include "tests/support/odd_genome.hpp"

#include <algorithm>
#include <vector>

#include "lib/base/random.hpp"

namespace skein::test {

namespace {

using neat::Genome;
using neat::Marking;
using neat::NodeRole;

/// Puts the genome together link by link.
struct Connector {
  Genome& genome;
  RandomStream& random;
  std::int32_t first_branch, second_branch;
  std::int32_t next_link = 100;

  void connect(std::size_t from, std::size_t to, double weight, bool enabled = true) {
    const std::int32_t branch = random.chance(0.5) ? first_branch : second_branch;
    genome.links.push_back(
        {{branch, next_link++}, genome.nodes[from].id, genome.nodes[to].id, weight, enabled});
  }
  /// A multiple of 1/64 up to 1.5, less where several links share a node.
  double weight(std::size_t links) {
    if (random.chance(0.06)) return 0;
    const auto steps = static_cast<std::uint32_t>(96 / links);
    return (static_cast<double>(random.below(2 * steps + 1)) - static_cast<double>(steps)) / 64;
  }
};

void add_nodes(Genome& genome, std::size_t hidden, Connector& connector) {
  std::vector<Activation> activations(all_activations.begin(), all_activations.end());
  connector.random.shuffle(std::span(activations));
  const std::size_t inputs = genome.signature.inputs.size(),
                    first_hidden = inputs + genome.signature.outputs.size();
  for (std::size_t n = 0; n < first_hidden + hidden; ++n) {
    const auto number = static_cast<std::int32_t>(n);
    const Marking id{n % 2 == 0 ? connector.first_branch : connector.second_branch, number / 2};
    const Activation activation =
        n < inputs ? Activation::identity : activations[(n - inputs) % activations.size()];
    genome.nodes.push_back({id,
                            n < inputs         ? NodeRole::input
                            : n < first_hidden ? NodeRole::output
                                               : NodeRole::hidden,
                            activation});
  }
}

/// The nodes but the inputs in an order in which links may run.
std::vector<std::size_t> order_of_links(const Genome& genome, RandomStream& random) {
  std::vector<std::size_t> order;
  for (std::size_t n = genome.signature.inputs.size(); n < genome.nodes.size(); ++n) order.push_back(n);
  random.shuffle(std::span(order));
  return order;
}

}  // namespace

Genome odd_genome(std::uint64_t seed) {
  RandomStream random(seed, "odd genome");
  Genome genome;
  genome.signature = picture_signature();
  if (random.chance(0.4)) genome.signature.outputs = {"ink"};
  const bool chain = seed % 5 == 0;
  const std::size_t hidden = chain ? 30 + random.below(8) : random.chance(0.1) ? 0 : 1 + random.below(20);
  const auto branch = static_cast<std::int32_t>(1 + random.below(900));
  Connector connector{genome, random, branch, branch + static_cast<std::int32_t>(1 + random.below(900))};
  add_nodes(genome, hidden, connector);

  // Each node reads some of those before it. In a chain it reads the one right before it in any case.
  std::vector<std::size_t> order(genome.signature.inputs.size());
  for (std::size_t n = 0; n < order.size(); ++n) order[n] = n;
  for (const std::size_t node : order_of_links(genome, random)) {
    std::vector<std::size_t> sources;
    if (chain) sources.push_back(order.back());
    const bool unfed = random.chance(0.08) && !chain;
    const bool unlinked_output = genome.nodes[node].role == NodeRole::output && random.chance(0.1);
    if (unfed || unlinked_output) {
      // It goes before all others, so that the chain does not break.
      order.insert(order.begin(), node);
      continue;
    }
    for (std::uint32_t more = (chain ? 0 : 1) + random.below(3); more > 0; --more)
      sources.push_back(order[random.below(static_cast<std::uint32_t>(order.size()))]);
    std::ranges::sort(sources);
    sources.erase(std::unique(sources.begin(), sources.end()), sources.end());
    for (const std::size_t source : sources) {
      connector.connect(source, node, connector.weight(sources.size()));
      if (random.chance(0.03)) connector.connect(source, node, connector.weight(2 * sources.size()));
      if (random.chance(0.05) && genome.nodes[source].role != NodeRole::input)
        connector.connect(node, source, 1, false);
    }
    order.push_back(node);
  }
  random.shuffle(
      std::span(genome.nodes).subspan(genome.signature.inputs.size() + genome.signature.outputs.size()));
  random.shuffle(std::span(genome.links));
  return genome;
}

}  // namespace skein::test
