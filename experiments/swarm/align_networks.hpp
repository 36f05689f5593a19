#pragma once

#include <optional>
#include <string>

#include "sgd/mlp/mlp.hpp"

namespace skein::experiments {

/// How two wirings differ (signature, layers, kinds of units, which weights exist), as half a sentence; nothing when
/// they are one. Origins and marks of copies do not count.
std::optional<std::string> wiring_difference(const sgd::Wiring& wiring, const sgd::Wiring& reference);

/// The same function as `mlp`, its units in the order of the reference's: in every layer units of one kind are matched
/// one to one so that the sum of the correlations of their maps is greatest (32 x 32 samples; of odd activations and of
/// caches the sign may turn, with the signs of the weights around it). Throws ConfigError when layers differ in their
/// kinds of units, or where the units can be matched but then other weights exist.
sgd::Mlp aligned_to(const sgd::Mlp& mlp, const sgd::Mlp& reference);

}  // namespace skein::experiments
