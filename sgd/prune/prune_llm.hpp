#pragma once

#include <string_view>

#include "sgd/prune/pruning.hpp"
#include "sgd/train/train.hpp"

namespace skein::sgd {

/// How LLM-Pruner estimates what a weight matters (Ma, Fang, Wang 2023, section 3.2): |g w|, |w^2 F| or
/// |g w - w^2 F / 2|, with g the gradient and F the mean squared gradient.
enum class TaylorOrder : std::uint8_t { first, second, mixed };
TaylorOrder parse_taylor(std::string_view text);
std::string_view name(TaylorOrder order);

/// The gradient of the loss over all samples, and the mean over patches of the squared gradient of each
/// patch's own loss. A grid's patches are of 16 x 16 pixels (smaller at the right and bottom edge), those of a
/// table or a subset of 16 samples that follow each other. They have nothing to do with how the engine divides
/// its work.
struct GradientMoments {
  std::vector<double> gradient;
  std::vector<double> square;
};
GradientMoments gradient_moments(const Mlp& mlp, const Examples& examples);

/// One number per weight.
std::vector<double> taylor_saliency(std::span<const float> weights, const GradientMoments& moments,
                                    TaylorOrder order);

/// LLM-Pruner's structural pruning: what goes together is a hidden unit, its weights in and out, and the
/// copies that only carry it further up, with theirs. Groups go in the order of their summed saliency until
/// at most `count` weights are left; then those that still fit are given back, the dearest first. No layer
/// loses its last unit that reads something.
KeepMask keep_groups(const Mlp& mlp, std::span<const double> saliency, std::int64_t count);

}  // namespace skein::sgd
