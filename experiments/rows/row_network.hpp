#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "experiments/nets/net.hpp"
#include "experiments/rows/compare_row.hpp"

namespace skein::experiments {

/// The file name of a row's network, by its kind: "network.mlp" or "network.recursion".
const char* file_of_network(const Net& net);

/// The bytes of that file. The network is an MLP or a recursion, no genome.
std::string encode_row_network(const Net& net);
/// The reverse, whichever it is. Throws FormatError, naming the file: damaged, foreign, another kind of network.
Net decode_row_network(const std::string& bytes, const std::string& file);

/// The network that a row recorded, read from its run: the one way to a row's network. Throws FormatError where it is
/// missing, damaged, or not the one of the row's digest.
Net network_of_row(const std::filesystem::path& run, const CompareRow& row);

/// What a row says of its network: the architecture, the weights that exist (one that rounds share counts once; the one
/// that carries a recursion's state on is none), and those that are not 0.
struct NetworkCounts {
  std::string arch;
  std::int64_t weights = 0, nonzero = 0;
};
NetworkCounts counts_of(const Net& net);

}  // namespace skein::experiments
