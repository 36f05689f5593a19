#pragma once

#include <string>

#include "experiments/compare/analysis.hpp"

namespace skein::experiments {

/// The two sentences at the top of a report about a target, by this rule and nothing else. The number looked at is
/// the compositional score (of rows with a network; the median loss stands beside it).
///
/// First sentence. With an evolved row and dense rows (Adam) of three seeds or more: the evolved value is
/// compared with the 95 % prediction interval of a further dense seed (mean +- t * s * sqrt(1 + 1/n)): above
/// it "more factored", below it "less factored", inside it "cannot be told from". Fewer seeds, or no evolved
/// row: it says so, with the numbers.
///
/// Second sentence. The wirings found by SP (at the fewest weights asked for) against the random ones with
/// the same counts per layer and against the shuffled ones of the same degrees, as far as they are there,
/// paired by seed: two-sided paired t test, corrected for the number of controls (Holm); with p below 0.05
/// "more" or "less factored" by the sign of the mean difference, else "cannot be told from". Fewer than three
/// pairs: it says so. Without these rows: the retrained evolved wiring against its degree-preserving
/// shuffles, which have as many weights, in the same way; without those, against the dense rows.
///
/// Rows of other depths and with options of their own are not looked at.
std::string finding_of(const Analysis& analysis, const std::string& target);

}  // namespace skein::experiments
