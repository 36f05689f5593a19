#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "neat/genome/genome.hpp"

namespace skein::neat {

/// Which nodes lead to which through links, disabled ones included, so that enabling a link can never close a
/// cycle. One bit per pair; built in O(nodes * links / 64).
class Reachability {
 public:
  /// Throws ConfigError when the links close a cycle.
  explicit Reachability(const Genome& genome);
  /// Whether a way leads from node `from` to node `to` (indices into genome.nodes); true when they are equal.
  bool reaches(std::size_t from, std::size_t to) const {
    return from == to || (bits_[from * words_ + to / 64] >> (to % 64) & 1u) != 0;
  }

 private:
  std::size_t words_ = 0;
  std::vector<std::uint64_t> bits_;
};

/// Whether a link from `source` to `target` would close a cycle with the genome's links, disabled ones
/// included.
bool closes_cycle(const Genome& genome, Marking source, Marking target);

/// (source, target) of every link as indices into genome.nodes. Throws ConfigError when an end is missing.
std::vector<std::pair<std::size_t, std::size_t>> link_ends(const Genome& genome);

/// Nodes in an order in which every enabled link (or every link) points forward. Throws ConfigError when
/// there is a cycle: networks are feed-forward only.
std::vector<std::size_t> topological_order(const Genome& genome, bool enabled_only);

}  // namespace skein::neat
