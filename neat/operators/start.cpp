#include "neat/operators/start.hpp"

#include "neat/genome/acyclic.hpp"
#include "neat/genome/gene_order.hpp"

namespace skein::neat {

Genome minimal_genome(const Signature& signature, Activation output) {
  Genome genome{signature, {}, {}};
  std::int32_t id = 0;
  for (std::size_t i = 0; i < signature.inputs.size(); ++i)
    genome.nodes.push_back({{0, id++}, NodeRole::input, Activation::identity});
  for (std::size_t o = 0; o < signature.outputs.size(); ++o)
    genome.nodes.push_back({{0, id++}, NodeRole::output, output});
  std::int32_t link = 0;
  for (std::size_t i = 0; i < signature.inputs.size(); ++i)
    for (std::size_t o = 0; o < signature.outputs.size(); ++o)
      genome.links.push_back(
          {{0, link++}, genome.nodes[i].id, genome.nodes[signature.inputs.size() + o].id, 0.0, true});
  return genome;
}

Genome with_random_weights(Genome genome, double range, RandomStream& random) {
  for (Link& link : genome.links) link.weight = random.uniform(-range, range);
  return genome;
}

Genome as_start(const Genome& genome) {
  validate(genome);
  topological_order(genome, true);
  Genome start{genome.signature, genome.nodes, {}};
  for (const Link& link : genome.links)
    if (link.enabled) start.links.push_back(link);
  for (const Link& link : genome.links)
    if (!link.enabled && !closes_cycle(start, link.source, link.target)) start.links.push_back(link);
  return in_gene_order(std::move(start));
}

}  // namespace skein::neat
