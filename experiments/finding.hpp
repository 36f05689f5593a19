#pragma once

#include <span>
#include <string>
#include <vector>

#include "experiments/compare_rows.hpp"

namespace skein::experiments {

/// The two sentences at the top of a report, by this rule and nothing else. The number looked at is the
/// compositional score (of rows with a network; the median loss stands beside it).
///
/// First sentence. With an evolved row and dense rows (Adam) of three seeds or more: the evolved value is
/// compared with the 95 % prediction interval of a further dense seed (mean +- t * s * sqrt(1 + 1/n)): above
/// it "more factored", below it "less factored", inside it "cannot be told from". Fewer seeds, or no evolved
/// row: it says so, with the numbers.
///
/// Second sentence. The wirings found by SP (their sparsest round) against the random ones with the same
/// counts, paired by seed: 95 % interval of the mean difference (Student's t); above 0 "more", below 0
/// "less", holding 0 "cannot be told from". Without these rows: the retrained evolved wiring against its
/// degree-preserving shuffles, which have as many weights, in the same way; without those, against the dense
/// rows.
std::string finding(std::span<const CompareRow> rows);

/// The 97.5 % quantile of Student's t for 1, 2, ... degrees of freedom.
double student_t975(std::size_t degrees);

struct Interval {
  double mean = 0, low = 0, high = 0;
  std::size_t count = 0;
};
/// 95 % interval of the mean; of a further value when `prediction`. Needs two values.
Interval student_interval(std::span<const double> values, bool prediction = false);

}  // namespace skein::experiments
