#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "experiments/compare/compare_rows.hpp"
#include "experiments/statistics/statistics.hpp"

namespace skein::experiments {

/// Networks of two methods with the same seeds, one number of them compared.
struct PairedTest {
  std::string measure;  ///< "compositional_score", or "loss" (then differences are those of its log10)
  std::string a, b;     ///< names of rows
  std::vector<double> differences;  ///< a - b, by seed
  Interval interval;                ///< of their mean, 95 %, Student's; of no width for one pair
  double p = 1;                     ///< paired t test, two-sided
  double p_holm = 1;                ///< corrected for the tests of this measure
  double p_flip = 1;                ///< exact sign-flip test, two-sided, not corrected
};

/// The pairs in which a difference means something, for score and loss: every dense, retrained and shuffled
/// evolved method against the dense one with Adam; the retrained evolved wiring against its shuffles; at
/// every count SP against every other method and control; every variant against its own method. Pairs that
/// share fewer than two seeds are left out.
std::vector<PairedTest> paired_tests(std::span<const CompareRow> rows);

/// One measure of two methods.
PairedTest paired_test(std::span<const CompareRow> rows, const std::string& measure, const std::string& a,
                       const std::string& b);

nlohmann::ordered_json to_json(const PairedTest& test);

}  // namespace skein::experiments
