#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "experiments/records/row_key.hpp"
#include "experiments/statistics/statistics.hpp"

namespace skein::experiments {

struct Analysis;
struct MethodNumbers;

/// Networks of two methods with the same seeds, one number of them compared.
struct PairedTest {
  std::string measure;              ///< one of `leads`, or "loss" (then differences are those of its log10)
  RowKey a, b;                      ///< rows of every seed
  std::vector<double> differences;  ///< a - b, by seed
  Interval interval;                ///< of their mean, 95 %, Student's; of no width for one pair
  double p = 1;                     ///< paired t test, two-sided
  double p_holm = 1;                ///< corrected for the tests of this measure and target
  double p_flip = 1;                ///< exact sign-flip test, two-sided, not corrected
};

/// The pairs in which a difference means something, for participation, cross_participation, score and loss: what the table of methods says that a
/// method is held against (`RowMethod::against`), at the same count, depth and options (of those that both have); every variant against its
/// own method without it; another depth against the target's own. Pairs that share fewer than two seeds are left
/// out.
std::vector<PairedTest> paired_tests(const Analysis& analysis);

/// One measure of two methods, for the seeds that both have.
PairedTest paired_test(const MethodNumbers& a, const MethodNumbers& b, const std::string& measure);

nlohmann::ordered_json to_json(const PairedTest& test);

}  // namespace skein::experiments
