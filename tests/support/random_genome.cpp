#include "tests/support/random_genome.hpp"

#include <algorithm>

#include "lib/base/random.hpp"

namespace skein::test {

namespace {

using neat::Genome;
using neat::Marking;
using neat::NodeRole;

double weight(RandomStream& random, bool oddities) {
  if (oddities && random.chance(0.05)) return random.chance(0.5) ? 0.0 : 1.0;
  return (static_cast<double>(random.below(385)) - 192.0) / 64.0;
}

}  // namespace

neat::Genome random_genome(std::uint64_t seed, const RandomGenomeSettings& settings) {
  RandomStream random(seed, "random genome");
  Genome genome;
  const bool grey = settings.greyscale_too && random.below(3) == 0;
  genome.signature = picture_signature();
  if (grey) genome.signature.outputs = {"ink"};
  const std::size_t inputs = genome.signature.inputs.size(), outputs = genome.signature.outputs.size();
  const std::size_t hidden = random.below(static_cast<std::uint32_t>(settings.most_hidden) + 1);

  // Step 1. Nodes; ids collide between branches.
  for (std::size_t n = 0; n < inputs + outputs + hidden; ++n) {
    const auto number = static_cast<std::int32_t>(n);
    genome.nodes.push_back(
        {{number % 3, number / 3},
         n < inputs             ? NodeRole::input
         : n < inputs + outputs ? NodeRole::output
                                : NodeRole::hidden,
         n < inputs ? Activation::identity : all_activations[random.below(all_activations.size())]});
  }
  // Step 2. An order in which links may run; outputs tend to come late.
  std::vector<std::pair<double, std::size_t>> order;
  for (std::size_t n = 0; n < genome.nodes.size(); ++n)
    order.emplace_back(n < inputs             ? -1.0
                       : n < inputs + outputs ? random.uniform(0.6, 1.2)
                                              : random.uniform(),
                       n);
  std::sort(order.begin(), order.end());
  std::int32_t next_link = 1000;
  const auto connect = [&](std::size_t from, std::size_t to, bool enabled) {
    const std::int32_t id = next_link++;
    genome.links.push_back({{id % 2, id},
                            genome.nodes[from].id,
                            genome.nodes[to].id,
                            weight(random, settings.oddities),
                            enabled});
  };
  // Step 3. Each node reads some earlier ones, often recent, so that genomes are deep as well as wide.
  for (std::size_t place = inputs; place < order.size(); ++place) {
    const std::size_t target = order[place].second;
    if (settings.oddities && random.chance(0.05)) continue;
    const auto reach =
        static_cast<std::uint32_t>(random.chance(0.5) ? std::min<std::size_t>(place, 3) : place);
    std::vector<std::size_t> sources;
    for (std::uint32_t e = 1 + random.below(4); e > 0; --e)
      sources.push_back(order[place - 1 - random.below(reach)].second);
    std::sort(sources.begin(), sources.end());
    if (!settings.oddities || random.chance(0.9))
      sources.erase(std::unique(sources.begin(), sources.end()), sources.end());
    for (const std::size_t source : sources) connect(source, target, true);
    if (settings.oddities && random.chance(0.1) && place + 1 < order.size())
      connect(order.back().second, target, false);
  }
  // Step 4. File order means nothing.
  random.shuffle(std::span(genome.nodes).subspan(inputs + outputs));
  random.shuffle(std::span(genome.links));
  return genome;
}

}  // namespace skein::test
