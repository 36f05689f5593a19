#pragma once

#include "lib/network/samples.hpp"
#include "sgd/prune/pruning.hpp"

namespace skein::sgd {

/// Wanda (Sun, Liu, Bair, Kolter 2024): |weight| times the Euclidean norm of its input over the samples,
/// ranked within each output unit. Every unit keeps its share of the existing weights, shares rounded by
/// largest remainder so that exactly `count` stay over all layers; weights that do not exist count in no
/// share. Layers are pruned from the inputs up, and the inputs of each are computed with the layers below
/// already pruned. No weight changes.
KeepMask keep_wanda(const Mlp& mlp, const SampleSource& samples, std::int64_t count);

/// `count` shared out in proportion to `sizes` by largest remainder, no share over its size; ties to the
/// first.
std::vector<std::int64_t> largest_remainder(const std::vector<std::int64_t>& sizes, std::int64_t count);

/// The saliencies of one layer's matrix, |weight| * input norm, shape of `weights`, row-major; `norms` one
/// per column.
std::vector<double> wanda_saliency(std::span<const double> weights, std::span<const double> norms);

}  // namespace skein::sgd
