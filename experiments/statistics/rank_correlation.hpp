#pragma once

#include <span>
#include <vector>

namespace skein::experiments {

/// The rank of each value, the least 1; equal values share the mean of their ranks. NaN equals nothing and comes
/// last.
std::vector<double> ranks_of(std::span<const double> values);

/// Spearman's rank correlation of two lists of one length; NaN where one of them does not vary or has
/// a value that is not finite.
double rank_correlation(std::span<const double> a, std::span<const double> b);

}  // namespace skein::experiments
