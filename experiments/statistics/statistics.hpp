#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace skein::experiments {

/// The 97.5 % quantile of Student's t for 1, 2, ... degrees of freedom (Boost.Math). Infinite for none.
double student_t975(std::size_t degrees);

/// The chance that |t| is as large as this or larger (Boost.Math). 1 for 0 degrees.
double student_p(double t, std::size_t degrees);

struct Interval {
  double mean = 0, low = 0, high = 0;
  std::size_t count = 0;
};
/// 95 % interval of the mean; of a further value when `prediction`. Of no width for a single value.
Interval student_interval(std::span<const double> values, bool prediction = false);

/// Two-sided p of the paired t test that the differences have mean 0. 1 for fewer than two; differences that
/// are all the same and not 0 give 0.
double paired_t_p(std::span<const double> differences);

/// Two-sided p of the sign-flip permutation test: the share of all 2^n ways to give the differences signs
/// whose sum is as far from 0 or farther. Exact up to 30 differences; for more, over 100,000 random flips
/// (the observed one counted, always the same flips).
double sign_flip_p(std::span<const double> differences);

/// The least p that `sign_flip_p` can give for n differences: 2 / 2^n.
double least_sign_flip_p(std::size_t n);

/// P values corrected for their number (Holm 1979): no more than this share of families of true null
/// hypotheses has one below it. In the order given.
std::vector<double> holm(std::span<const double> p_values);

}  // namespace skein::experiments
