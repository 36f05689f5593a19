#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "experiments/judges/logistic_fit.hpp"
#include "experiments/judges/pair_judge.hpp"

namespace skein::experiments {

/// A pair whose answer is known. Made by formula from built-in pictures (`known_pictures`), so that no network's loss has a
/// hand in it.
struct KnownPair {
  PicturePair pair;
  std::string family;     ///< what broke the broken one, "blank", or "identity"
  std::optional<bool> a;  ///< whether a is the whole one; nothing for identity, where neither is
};

/// 96 pairs, 16 of each of six originals: for each of the four ways to break it three whole changes; two of a whole change
/// against a picture of one colour ("blank"); two of a picture against itself ("identity"). a and b take turns in being
/// whole.
std::vector<KnownPair> known_pairs(int size = 128);

/// `known_pictures` and, of each original, itself (whole, "identity") and its mean colour (broken, "blank"): 60.
std::vector<KnownPicture> known_atom_pictures(int size = 128);

/// How well a model tells one family.
struct FamilyCalibration {
  std::string family;
  std::size_t pairs = 0;  ///< asked about
  double pair_area =
      0;  ///< share of the pairs in which the whole one is preferred; discarded and unanswered count a half
  double atom_area = 0;  ///< area under the curve of the atoms' score, whole pictures against the family's
};

struct PairCalibration {
  std::size_t pairs = 0, discarded = 0,
              unanswered = 0;  ///< of those with an answer; discarded: the order decided
  std::size_t kept = 0;        ///< answered alike in both orders
  double accuracy = 0;         ///< of those kept; 0 when none is
  double kappa = 0;            ///< of those kept (Cohen 1960); 0 when none is
  double order_bias =
      0;  ///< share of the answers to pairs with an answer for what was shown first, less one half
  std::size_t identity =
      0;  ///< identity pairs: the same question in either order, so only the order can decide
  double identity_first = 0;  ///< share of their answers for what was shown first; one half without any
  std::vector<FamilyCalibration> families;
  bool by_chances = false;  ///< the server gives log-probabilities
  /// The chance of whole by the logarithm of the atoms' score (Platt 1999), fitted to half of the originals' pictures.
  std::optional<LogisticFit> fit;
  std::size_t tested = 0;    ///< pictures of the other half that were answered
  double test_accuracy = 0;  ///< balanced, at a chance of one half
  double test_area = 0;
  double test_brier = 0;  ///< mean squared difference of chance and answer; one quarter says nothing
};

/// What answers to `known_pairs` and `known_atom_pictures` amount to. No fit where one kind of picture of the first half is
/// not answered at all. Throws ConfigError where the numbers of answers do not fit.
PairCalibration calibration_of(const std::vector<KnownPair>& pairs, const std::vector<PairAnswer>& answers,
                               const std::vector<KnownPicture>& pictures,
                               const std::vector<AtomAnswer>& atoms);

/// Asks and sums up, and keeps the result in the cache for `kept_calibration`. Throws as `ask_pairs`.
PairCalibration calibrate_pairs(const VlmSettings& settings, const ProgressListener& listener = {});

nlohmann::ordered_json to_json(const PairCalibration& calibration);

/// The fit of this model that the cache holds. Throws ConfigError, naming the command that makes one, when it holds none.
LogisticFit kept_calibration(const VlmSettings& settings);

/// Replaces the opinions on `evidence.weights` by the fit's chance for the atoms' score, as `judge_by_model` does.
JudgedSteps judge_by_atoms(Evidence& evidence, const VlmSettings& settings, const LogisticFit& fit,
                           const ProgressListener& listener = {});

/// Steps of two networks, each beside its own original, held against each other.
struct NetworkPreference {
  std::size_t pairs = 0, a = 0, b = 0, discarded = 0, unanswered = 0;
};
NetworkPreference prefer(const Evidence& a, const Evidence& b, const VlmSettings& settings, std::size_t pairs,
                         const ProgressListener& listener = {});

}  // namespace skein::experiments
