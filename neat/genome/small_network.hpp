#pragma once

#include <span>
#include <vector>

#include "neat/genome/genome.hpp"

namespace skein::neat {

/// A genome compiled for one sample at a time, in double precision: what control tasks need, where the next
/// input depends on the last output. Pictures go through the engine. Feed-forward only.
class SmallNetwork {
 public:
  /// Throws ConfigError when the enabled links close a cycle or lack an end.
  explicit SmallNetwork(const Genome& genome);

  /// Inputs in the signature's order; the outputs stay valid until the next call.
  std::span<const double> operator()(std::span<const double> inputs);

 private:
  struct Unit {
    Activation activation = Activation::identity;
    std::uint32_t value = 0;  ///< where its output goes
    std::uint32_t first = 0;  ///< its edges are [first, last)
    std::uint32_t last = 0;
  };
  struct Edge {
    double weight = 0;
    std::uint32_t source = 0;
  };
  std::size_t inputs_ = 0;
  std::size_t outputs_ = 0;
  std::vector<Unit> units_;  ///< in topological order
  std::vector<Edge> edges_;
  std::vector<double> values_;  ///< one per node, in the genome's order
};

}  // namespace skein::neat
