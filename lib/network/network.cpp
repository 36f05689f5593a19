#include "lib/network/network.hpp"

#include <algorithm>
#include <utility>

#include "lib/base/error.hpp"

namespace skein {

Signature picture_signature() { return {{"x", "y", "d", "bias"}, {"hue", "saturation", "brightness"}}; }

int Network::depth() const {
  int deepest = 0;
  for (const Unit& unit : units_) deepest = std::max(deepest, unit.layer);
  return deepest;
}

NetworkBuilder::NetworkBuilder(Signature signature) { network_.signature_ = std::move(signature); }

ValueIndex NetworkBuilder::add_unit(Unit unit, std::span<const Edge> edges) {
  const auto index = static_cast<ValueIndex>(network_.value_count());
  for (const Edge& edge : edges) {
    if (edge.source >= index)
      throw ConfigError("network: unit " + std::to_string(network_.unit_count()) + " reads value " +
                        std::to_string(edge.source) + ", which is not computed before it");
    network_.slot_count_ = std::max(network_.slot_count_, static_cast<int>(edge.slot) + 1);
  }
  network_.units_.push_back(unit);
  network_.edges_.insert(network_.edges_.end(), edges.begin(), edges.end());
  network_.first_edge_.push_back(static_cast<std::uint32_t>(network_.edges_.size()));
  return index;
}

Network NetworkBuilder::finish(std::vector<ValueIndex> outputs, int slot_count) && {
  if (outputs.size() != network_.signature_.outputs.size())
    throw ConfigError("network: " + std::to_string(outputs.size()) + " outputs given, the signature names " +
                      std::to_string(network_.signature_.outputs.size()));
  for (const ValueIndex value : outputs)
    if (value >= static_cast<ValueIndex>(network_.value_count()))
      throw ConfigError("network: output value " + std::to_string(value) + " does not exist");
  if (slot_count != 0 && slot_count < network_.slot_count_)
    throw ConfigError("network: " + std::to_string(slot_count) + " weight slots given, edges use " +
                      std::to_string(network_.slot_count_));
  network_.slot_count_ = std::max(slot_count, network_.slot_count_);
  network_.outputs_ = std::move(outputs);
  return std::move(network_);
}

}  // namespace skein
