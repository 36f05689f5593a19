#include "neat/genome/small_network.hpp"

#include <algorithm>

#include "lib/base/error.hpp"
#include "neat/genome/acyclic.hpp"

namespace skein::neat {

SmallNetwork::SmallNetwork(const Genome& genome)
    : inputs_(genome.signature.inputs.size()),
      outputs_(genome.signature.outputs.size()),
      values_(genome.nodes.size(), 0.0) {
  const auto ends = link_ends(genome);
  std::vector<std::uint32_t> first(genome.nodes.size() + 1, 0);
  for (std::size_t l = 0; l < ends.size(); ++l)
    if (genome.links[l].enabled) ++first[ends[l].second + 1];
  for (std::size_t i = 1; i < first.size(); ++i) first[i] += first[i - 1];
  edges_.resize(first.back());
  auto next = first;
  for (std::size_t l = 0; l < ends.size(); ++l)
    if (genome.links[l].enabled)
      edges_[next[ends[l].second]++] = {genome.links[l].weight, static_cast<std::uint32_t>(ends[l].first)};
  for (const std::size_t node : topological_order(genome, ends, true))
    if (node >= inputs_)
      units_.push_back(
          {genome.nodes[node].activation, static_cast<std::uint32_t>(node), first[node], first[node + 1]});
}

std::span<const double> SmallNetwork::operator()(std::span<const double> inputs) {
  if (inputs.size() != inputs_)
    throw ConfigError("the network is given " + std::to_string(inputs.size()) +
                      " inputs; allowed: " + std::to_string(inputs_));
  std::ranges::copy(inputs, values_.begin());
  for (const Unit& unit : units_) {
    double sum = 0;
    for (std::uint32_t e = unit.first; e < unit.last; ++e)
      sum += edges_[e].weight * values_[edges_[e].source];
    values_[unit.value] = activate(unit.activation, sum);
  }
  return std::span(values_).subspan(inputs_, outputs_);
}

}  // namespace skein::neat
