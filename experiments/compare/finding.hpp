#pragma once

#include <span>
#include <string>

#include "experiments/compare/analysis.hpp"

namespace skein::experiments {

/// A measure by which a finding may be told.
struct Lead {
  const char* measure;
  const char* words;  ///< for people
  bool higher;        ///< the side on which a factored network lies
};

/// The measures that a finding is told by, in the order in which they lead: participation where the target's parts
/// are known, cross_participation for any target, and the compositional score, which rises with fewer weights alone.
/// What each survived: MEASURES.md.
std::span<const Lead> leads();

/// The sentences at the top of a report about a target, by this rule and nothing else. The number looked at is that of
/// the first of `leads` that the dense rows (and the evolved row, where there is one) have. Losses, intervals of
/// differences and the other measures are in the tables.
///
/// First sentence. With an evolved row and dense rows (Adam) of three seeds or more: the evolved value is
/// compared with the 95 % prediction interval of a further dense seed (mean +- t * s * sqrt(1 + 1/n)): outside on the
/// factored side "more factored", on the other "less factored", inside it "cannot be told from". Fewer seeds, or no
/// evolved row: it says so, with the numbers.
///
/// Second sentence. The wirings found by SP (at the fewest weights asked for) against the random ones with
/// the same counts per layer and against the shuffled ones of the same degrees, as far as they are there,
/// paired by seed: two-sided paired t test, corrected for the number of controls (Holm); with p below 0.05
/// "more" or "less factored" by the sign of the mean difference, else "cannot be told from". Fewer than three
/// pairs: it says so. Without these rows: the retrained evolved wiring against its degree-preserving
/// shuffles, which have as many weights, in the same way; without those, against the dense rows.
///
/// Third sentence, where an evolved row and dense rows of rectified linear units of three seeds or more are there:
/// whether the evolved one lies outside their prediction interval on the factored side ("do not pass for it"), within it
/// ("cannot be told from it"), or on the other side.
///
/// Rows of other depths and with options of their own are not looked at.
std::string finding_of(const Analysis& analysis, const std::string& target);

}  // namespace skein::experiments
