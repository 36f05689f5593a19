#include "neat/operators/crossover.hpp"

#include <algorithm>

#include "lib/base/error.hpp"
#include "neat/genome/acyclic.hpp"
#include "neat/genome/gene_order.hpp"

namespace skein::neat {

namespace {

/// The gene as the child has it: on or off by the rule on disabled genes.
Link inherit(Link gene, bool off_in_any, bool off_in_all, const Crossover& settings, RandomStream& random) {
  if (!off_in_any) gene.enabled = true;
  else if (off_in_all && settings.off_in_all_stays_off) gene.enabled = false;
  else gene.enabled = random.chance(settings.reenable);
  return gene;
}

Link inherit_alone(const Link& gene, const Crossover& settings, RandomStream& random) {
  return inherit(gene, !gene.enabled, !gene.enabled, settings, random);
}

Link inherit_matching(const Link& a, const Link& b, Mating mating, const Crossover& settings,
                      RandomStream& random) {
  Link gene = a;
  if (mating == Mating::averaging) gene.weight = a.weight + 0.5 * (b.weight - a.weight);
  else if (random.chance(0.5)) gene.weight = b.weight;
  return inherit(gene, !a.enabled || !b.enabled, !a.enabled && !b.enabled, settings, random);
}

/// Copies the hidden nodes that the child's links touch. A node of both parents has the activation of either.
void inherit_nodes(Genome& child, const Genome& first, const Genome& second, RandomStream& random) {
  std::vector<Marking> touched;
  touched.reserve(2 * child.links.size());
  for (const Link& link : child.links) touched.push_back(link.source), touched.push_back(link.target);
  std::ranges::sort(touched);
  const auto is_touched = [&](const Node& node) { return std::ranges::binary_search(touched, node.id); };
  const std::size_t fixed = first.signature.inputs.size() + first.signature.outputs.size();
  child.nodes.assign(first.nodes.begin(), first.nodes.begin() + static_cast<std::ptrdiff_t>(fixed));
  auto a = first.nodes.begin() + static_cast<std::ptrdiff_t>(fixed);
  auto b = second.nodes.begin() + static_cast<std::ptrdiff_t>(fixed);
  while (a != first.nodes.end() || b != second.nodes.end()) {
    const Node* node = nullptr;
    if (b == second.nodes.end() || (a != first.nodes.end() && older(a->id, b->id))) node = &*a++;
    else if (a == first.nodes.end() || older(b->id, a->id)) node = &*b++;
    else {
      const bool same = a->activation == b->activation;
      node = same || random.chance(0.5) ? &*a : &*b;
      ++a, ++b;
    }
    if (is_touched(*node)) child.nodes.push_back(*node);
  }
}

/// Genes of `second` alone, when those of both are mixed: they could close a cycle with those of `first`.
void inherit_acyclic(Genome& child, const std::vector<Link>& alone, const Crossover& settings,
                     RandomStream& random) {
  for (const Link& link : alone)
    if (random.chance(0.5) && !closes_cycle(child, link.source, link.target))
      insert_gene(child, inherit_alone(link, settings, random));
}

}  // namespace

Genome cross(const Genome& a, const Genome& b, std::strong_ordering fitness, Mating mating,
             const Crossover& settings, RandomStream& random) {
  if (a.signature != b.signature)
    throw ConfigError("the parents' inputs and outputs differ; allowed: parents with the same");
  const bool equal = fitness == std::strong_ordering::equal;
  const bool mixed = equal && settings.equal_fitness == Crossover::EqualFitness::each_gene;
  const bool swap = equal ? random.chance(0.5) : fitness == std::strong_ordering::less;
  const Genome& first = swap ? b : a;
  const Genome& second = swap ? a : b;
  Genome child{first.signature, {}, {}};
  child.links.reserve(first.links.size() + (mixed ? second.links.size() : 0));
  std::vector<Link> alone;
  auto other = second.links.begin();
  for (const Link& link : first.links) {
    for (; other != second.links.end() && older(other->id, link.id); ++other) alone.push_back(*other);
    if (other != second.links.end() && other->id == link.id)
      child.links.push_back(inherit_matching(link, *other++, mating, settings, random));
    else if (!mixed || random.chance(0.5)) child.links.push_back(inherit_alone(link, settings, random));
  }
  alone.insert(alone.end(), other, second.links.end());
  if (mixed) inherit_acyclic(child, alone, settings, random);
  inherit_nodes(child, first, second, random);
  return child;
}

}  // namespace skein::neat
