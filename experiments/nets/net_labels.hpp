#pragma once

#include <string>
#include <vector>

#include "experiments/nets/net.hpp"

namespace skein::experiments {

/// The labels of a network's links: those of the file, or, where `file` is empty, the genome's own; none of a network
/// that is no genome. Throws ConfigError, naming `argument`, for a file of labels of such a network, FormatError for a
/// damaged one.
std::vector<neat::LinkLabel> labels_of(const Net& net, const std::string& file, const std::string& argument);

}  // namespace skein::experiments
