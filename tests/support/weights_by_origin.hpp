#pragma once

#include <compare>
#include <set>

#include "neat/genome/genome.hpp"
#include "sgd/mlp/mlp.hpp"

namespace skein::test {

/// A weight of a layered genome by the nodes between which it runs.
struct WeightByOrigin {
  int layer = 0;  ///< of the matrix, from 0
  neat::Marking from;
  bool from_copy = false;  ///< whether it reads a carried copy of the node
  neat::Marking to;        ///< branch -2 and its number for an output
  bool to_copy = false;
  float weight = 0;
  auto operator<=>(const WeightByOrigin&) const = default;
};

/// All of an MLP whose units with weights have origins.
std::multiset<WeightByOrigin> weights_by_origin(const sgd::Mlp& mlp);

}  // namespace skein::test
