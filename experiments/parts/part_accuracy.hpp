#pragma once

#include <cstddef>
#include <optional>

#include "experiments/changes/part_regions.hpp"
#include "lib/picture/picture.hpp"

namespace skein::experiments {

/// Sum of the squared differences over a part's pixels and the channels; infinite where something is not finite. The
/// pictures have the regions' size.
double region_error(const Picture& a, const Picture& b, const PartRegions& regions, std::size_t part);

/// How well a picture agrees with `wanted` on a part, in [0, 1], 0 being what `lacking` does. Nothing where the two
/// agree.
std::optional<double> part_accuracy(const Picture& drawn, const Picture& wanted, const Picture& lacking,
                                    const PartRegions& regions, std::size_t part);

}  // namespace skein::experiments
