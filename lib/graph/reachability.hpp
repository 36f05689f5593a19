#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lib/graph/directed_graph.hpp"

namespace skein {

// One flag per node; a node reaches itself. Every function here throws ConfigError when an edge or a list
// names a node that does not exist.

/// Which nodes some node of `starts` reaches along edges.
std::vector<std::uint8_t> reached_from(const DirectedGraph& graph, std::span<const std::uint32_t> starts);

/// Which nodes reach some node of `ends`.
std::vector<std::uint8_t> reaching(const DirectedGraph& graph, std::span<const std::uint32_t> ends);

/// Which nodes lie on a path from some node of `starts` to some node of `ends`: what is alive in a network.
std::vector<std::uint8_t> on_a_path(const DirectedGraph& graph, std::span<const std::uint32_t> starts,
                                    std::span<const std::uint32_t> ends);

/// Which nodes reach which, for graphs without a cycle. One bit per pair; built in O(nodes * edges / 64).
class AllPairsReachability {
 public:
  /// Throws ConfigError where edges form a cycle.
  explicit AllPairsReachability(const DirectedGraph& graph);
  bool reaches(std::size_t from, std::size_t to) const {
    return from == to || (bits_[from * words_ + to / 64] >> (to % 64) & 1u) != 0;
  }

 private:
  std::size_t words_ = 0;
  std::vector<std::uint64_t> bits_;
};

}  // namespace skein
