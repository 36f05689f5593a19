#pragma once

#include <cstdint>

#include "neat/genome/genome.hpp"

namespace skein::experiments {

/// Pictures written by hand as CPPNs, so that it is known which links serve which factor: each factor has its
/// own sub-network from the inputs to the outputs, and every link carries the factor's name as its label.
neat::AnnotatedGenome face();
neat::AnnotatedGenome flower();
neat::AnnotatedGenome sunset();

/// A picture put together by chance from such factors: a shaded ground and three to five of an ellipse, a
/// mirrored pair, a ring, a horizon, a bent bar and stripes. A pure function of the seed.
neat::AnnotatedGenome random_sketch(std::uint64_t seed);

}  // namespace skein::experiments
