#pragma once

#include <cstdint>

#include "sgd/mlp/mlp.hpp"

namespace skein::sgd {

struct InitialWeightSettings {
  std::uint64_t seed = 0;
  double scale = 1;            ///< multiplies every standard deviation; positive
  bool copies_at_one = false;  ///< copies' weights start at exactly 1 instead of at random
  void validate() const;
};

/// One weight per slot, truncated normal at two standard deviations with variance scale^2 / fan-in (LeCun,
/// Bottou, Orr, Müller 1998, section 4.6; truncated and rescaled as JAX's `lecun_normal`). The fan-in is the
/// number of weights that the mask leaves in the unit's row: with the dense fan-in a sparse wiring starts
/// dead. The draw behind a weight depends on the seed and its place alone, so a pruned wiring sees the same
/// draws.
Weights initial_weights(const Wiring& wiring, const InitialWeightSettings& settings = {});

}  // namespace skein::sgd
