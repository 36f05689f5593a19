#include "experiments/parts/masked_net.hpp"

#include <algorithm>
#include <map>
#include <span>
#include <utility>

#include "experiments/labels/label_agreement.hpp"
#include "lib/base/error.hpp"
#include "lib/base/random.hpp"

namespace skein::experiments {

MaskedNet masked_net(const Net& net, const std::vector<neat::LinkLabel>& labels, const PictureParts& parts) {
  if (net.recursion)
    throw ConfigError(net.title +
                      ": a recursion; a piece of shared weights is in every round, so parts have none");
  if (!net.genome) return {net.network, net.weights, {}};
  const neat::Genome& genome = net.genome->genome;
  neat::Phenotype phenotype = neat::express(genome);
  const auto senses = senses_of(genome, labels);
  std::vector<int> label(phenotype.weights.size(), MaskedNet::base);
  std::vector<std::uint8_t> met(parts.parts.size(), 0);
  for (std::size_t slot = 0; slot < label.size(); ++slot) {
    const auto& sense = senses[phenotype.link_of_slot[slot]];
    if (!sense) continue;
    const auto part = std::ranges::find(parts.parts, *sense, &Part::name);
    if (part == parts.parts.end() || part->links.empty()) continue;
    label[slot] = static_cast<int>(part - parts.parts.begin());
    met[static_cast<std::size_t>(label[slot])] = 1;
  }
  // Labels that leave a part out are not this picture's.
  for (std::size_t p = 0; p < met.size(); ++p)
    if (!met[p] && parts.parts[p].name != outside_name) label.clear();
  return {std::move(phenotype.network), std::move(phenotype.weights), std::move(label)};
}

MaskedNet with_shuffled_weights(MaskedNet net, std::uint64_t seed) {
  std::map<std::int32_t, std::vector<Slot>> by_layer;
  std::vector<std::uint8_t> seen(net.weights.size(), 0);
  for (int u = 0; u < net.network.unit_count(); ++u)
    for (const Edge& edge : net.network.edges_of(u))
      if (!std::exchange(seen[edge.slot], 1))
        by_layer[net.network.units()[static_cast<std::size_t>(u)].layer].push_back(edge.slot);
  for (const auto& [layer, slots] : by_layer) {
    std::vector<Slot> order = slots;
    RandomStream(seed, "shuffled weights", static_cast<std::uint64_t>(layer)).shuffle(std::span(order));
    const Weights old = net.weights;
    for (std::size_t i = 0; i < slots.size(); ++i) net.weights[slots[i]] = old[order[i]];
  }
  net.label.clear();
  return net;
}

}  // namespace skein::experiments
