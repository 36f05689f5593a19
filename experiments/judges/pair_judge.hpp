#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "experiments/judges/vlm_judge.hpp"
#include "lib/base/progress.hpp"

namespace skein::experiments {

/// Two changes of two pictures, of which the model says which is the more whole; both may be of one original.
struct PicturePair {
  Picture original_a, a;
  Picture original_b, b;
};

/// What the model made of a pair, shown as (a, b) and as (b, a).
struct PairAnswer {
  enum class Preference {
    a,  ///< in both orders
    b,
    inconsistent,  ///< the order decided: discarded
    unanswered,    ///< refused or unclear in one order
  };
  Preference preference = Preference::unanswered;
  std::size_t answers = 0;      ///< orders in which it said something
  std::size_t shown_first = 0;  ///< orders in which it preferred the pair's half that was shown first
};

/// Asks about every pair in both orders. Throws as `ask`, and Error when the listener asks to stop; what was answered
/// until then is in the cache.
std::vector<PairAnswer> ask_pairs(const VlmSettings& settings, const std::vector<PicturePair>& pairs,
                                  const ProgressListener& listener = {});

/// The small questions that a whole picture answers with yes: are all parts there or gone as wholes; is each in one piece;
/// is nothing laid over it; are its outlines as clean as the original's.
inline constexpr std::size_t atom_count = 4;

/// A picture and its original.
struct ChangedPair {
  Picture original, changed;
};

/// The geometric mean over the atoms of the chance of yes (at least 0.02 each, so that one "no" does not say all); nothing
/// where one is not answered.
struct AtomAnswer {
  std::optional<double> score;
  bool by_chances = false;  ///< from log-probabilities
};
std::vector<AtomAnswer> ask_atoms(const VlmSettings& settings, const std::vector<ChangedPair>& pictures,
                                  const ProgressListener& listener = {});

}  // namespace skein::experiments
