#include "experiments/targets/evolved_targets.hpp"

namespace skein::experiments {

neat::AnnotatedGenome genome_of(const EvolvedTarget& target) {
  neat::AnnotatedGenome result;
  result.notes.name = target.name;
  neat::Genome& genome = result.genome;
  genome.signature = picture_signature();
  for (std::int32_t id = 0; id < 4; ++id)
    genome.nodes.push_back({{0, id}, neat::NodeRole::input, Activation::identity});
  for (std::int32_t id = 4; id < 7; ++id)
    genome.nodes.push_back({{0, id}, neat::NodeRole::output, Activation::identity});
  for (const EvolvedTarget::Hidden& node : target.hidden)
    genome.nodes.push_back({{0, node.id}, neat::NodeRole::hidden, node.activation});
  for (const EvolvedTarget::Gene& gene : target.links)
    genome.links.push_back({{0, gene.id}, {0, gene.source}, {0, gene.target}, gene.weight});
  neat::validate(genome);
  return result;
}

}  // namespace skein::experiments
