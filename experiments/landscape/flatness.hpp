#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <functional>
#include <span>

#include "lib/engine/engine.hpp"

namespace skein::experiments {

/// A loss over weights: returns it and writes its gradient, one number a weight.
using LossSlope = std::function<double(std::span<const float> weights, std::span<float> gradient)>;

/// The slope of an engine's loss, which must outlive it.
LossSlope slope_of(Loss& loss);

/// A mean over random draws with its standard error.
struct Estimate {
  double value = 0, error = 0;
};

/// By how much weights are moved for differences of gradients: tuned on networks of weights near 1 in single precision.
inline constexpr double difference_step = 1e-3;

/// The trace of the Hessian: the mean of v'Hv over `draws` vectors v of independent signs (Hutchinson 1990), Hv by central
/// differences of the gradient. A pure function.
Estimate hessian_trace(const LossSlope& slope, std::span<const float> weights, int draws, std::uint64_t seed);

/// The Hessian itself by central differences, made symmetric; 2 gradients a weight.
Eigen::MatrixXd hessian(const LossSlope& slope, std::span<const float> weights);

/// How much the loss can rise at a distance of `radius` (Foret, Kleiner, Mobahi, Neyshabur 2021: what SAM minimises): the
/// most found by `rounds` steps e <- radius g(w + e) / |g(w + e)| from `draws` random directions. At a minimum of a quadratic it
/// is half of radius squared times the largest eigenvalue. Departure: their one step from the gradient at w says nothing at
/// an exact minimum, where that is 0.
double sam_gap(const LossSlope& slope, std::span<const float> weights, double radius, std::uint64_t seed,
               int rounds = 30, int draws = 3);

}  // namespace skein::experiments
