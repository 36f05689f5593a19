#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "lib/graph/reachability.hpp"
#include "neat/genome/genome.hpp"

namespace skein::neat {

/// Which nodes (indices into genome.nodes) lead to which through links, disabled ones included, so that
/// enabling a link can never close a cycle. Throws ConfigError when the links close one.
AllPairsReachability reachability_of(const Genome& genome);

/// Whether a link from `source` to `target` would close a cycle with the genome's links, disabled ones
/// included.
bool closes_cycle(const Genome& genome, Marking source, Marking target);

/// (source, target) of every link as indices into genome.nodes. Throws ConfigError when an end is missing.
std::vector<std::pair<std::size_t, std::size_t>> link_ends(const Genome& genome);

/// Nodes in an order in which every enabled link (or every link) points forward. Throws ConfigError when
/// there is a cycle: networks are feed-forward only.
std::vector<std::size_t> topological_order(const Genome& genome, bool enabled_only);

/// The same, for who has the ends of the links already.
std::vector<std::size_t> topological_order(const Genome& genome,
                                           std::span<const std::pair<std::size_t, std::size_t>> ends,
                                           bool enabled_only);

}  // namespace skein::neat
