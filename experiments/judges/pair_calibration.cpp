#include "experiments/judges/pair_calibration.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "experiments/judges/answer_cache.hpp"
#include "experiments/judges/evidence_steps.hpp"
#include "lib/base/error.hpp"

namespace skein::experiments {
namespace {

constexpr const char* calibration_format = "skein calibration";
constexpr const char* identity_family = "identity";
constexpr const char* blank_family = "blank";

std::filesystem::path calibration_file(const VlmSettings& settings) {
  return answer_file(settings.cache, std::array{settings.chat.model, std::string("calibration of atoms")});
}

/// The two pictures of a pair, the whole one as a or as b.
KnownPair pair_of(const Picture& original, const Picture& whole, const Picture& other,
                  const std::string& family, bool a) {
  const PicturePair pair =
      a ? PicturePair{original, whole, original, other} : PicturePair{original, other, original, whole};
  return {pair, family, a};
}

/// Of the pairs that have an answer: kappa, accuracy and what was discarded; of all: the bias of order.
void sum_up_pairs(PairCalibration& result, const std::vector<KnownPair>& pairs,
                  const std::vector<PairAnswer>& answers) {
  using enum PairAnswer::Preference;
  std::vector<bool> truly_a;  // of the pairs kept
  std::vector<Verdict> said_a;
  std::array<std::size_t, 2> shown_first{}, given{};  // of identity pairs, of the others
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    const PairAnswer& answer = answers[p];
    shown_first[pairs[p].a.has_value()] += answer.shown_first;
    given[pairs[p].a.has_value()] += answer.answers;
    const bool consistent = answer.preference == a || answer.preference == b;
    if (!pairs[p].a) {
      ++result.identity;
      continue;
    }
    ++result.pairs;
    result.discarded += answer.preference == inconsistent;
    result.unanswered += answer.preference == unanswered;
    if (!consistent) continue;
    truly_a.push_back(*pairs[p].a);
    said_a.push_back(answer.preference == a ? Verdict::whole : Verdict::broken);
  }
  const auto share = [&](std::size_t kind) {
    return given[kind] > 0 ? static_cast<double>(shown_first[kind]) / static_cast<double>(given[kind]) : 0.5;
  };
  result.identity_first = share(0);
  result.order_bias = share(1) - 0.5;
  const VlmCalibration agreement = agreement_with(truly_a, said_a);
  result.kept = agreement.pictures;
  result.accuracy = agreement.accuracy;
  result.kappa = agreement.kappa;
}

std::vector<double> scores_of(const std::vector<KnownPicture>& pictures, const std::vector<AtomAnswer>& atoms,
                              bool whole, const std::string& family) {
  std::vector<double> scores;
  for (std::size_t i = 0; i < pictures.size(); ++i)
    if (pictures[i].whole == whole && (family.empty() || pictures[i].family == family) && atoms[i].score)
      scores.push_back(*atoms[i].score);
  return scores;
}

void sum_up_families(PairCalibration& result, const std::vector<KnownPair>& pairs,
                     const std::vector<PairAnswer>& answers, const std::vector<KnownPicture>& pictures,
                     const std::vector<AtomAnswer>& atoms) {
  using enum PairAnswer::Preference;
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    if (!pairs[p].a) continue;
    auto family = std::ranges::find(result.families, pairs[p].family, &FamilyCalibration::family);
    if (family == result.families.end())
      family = result.families.insert(result.families.end(), FamilyCalibration{.family = pairs[p].family});
    ++family->pairs;
    const bool consistent = answers[p].preference == a || answers[p].preference == b;
    family->pair_area += !consistent ? 0.5 : (answers[p].preference == a) == *pairs[p].a ? 1 : 0;
  }
  const auto whole = scores_of(pictures, atoms, true, "");
  for (FamilyCalibration& family : result.families) {
    family.pair_area /= static_cast<double>(family.pairs);
    family.atom_area = area_under_curve(whole, scores_of(pictures, atoms, false, family.family));
  }
}

/// Fits to the pictures of even originals, tries on those of odd ones.
void fit_atoms(PairCalibration& result, const std::vector<KnownPicture>& pictures,
               const std::vector<AtomAnswer>& atoms) {
  std::vector<LogisticRow> rows;
  std::array<std::size_t, 2> kinds{};
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    result.by_chances |= atoms[i].by_chances;
    if (!atoms[i].score || pictures[i].picture % 2 != 0) continue;
    rows.push_back({{std::log(*atoms[i].score)}, pictures[i].whole, 1});
    ++kinds[pictures[i].whole ? 1 : 0];
  }
  if (kinds[0] == 0 || kinds[1] == 0) return;
  result.fit = fit_logistic(rows);
  std::vector<double> whole, broken;
  double squares = 0;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    if (!atoms[i].score || pictures[i].picture % 2 == 0) continue;
    const double chance = result.fit->chance(std::array{std::log(*atoms[i].score)});
    (pictures[i].whole ? whole : broken).push_back(chance);
    const double off = chance - (pictures[i].whole ? 1 : 0);
    squares += off * off;
  }
  result.tested = whole.size() + broken.size();
  result.test_area = area_under_curve(whole, broken);
  result.test_accuracy = balanced_accuracy(whole, broken);
  result.test_brier = result.tested > 0 ? squares / static_cast<double>(result.tested) : 0;
}

}  // namespace

std::vector<KnownPair> known_pairs(int size) {
  const auto known = known_pictures(size);
  std::vector<KnownPair> pairs;
  bool a = true;
  for (std::size_t first = 0; first < known.size();) {
    std::vector<const KnownPicture*> whole, broken;
    std::size_t last = first;
    for (; last < known.size() && known[last].picture == known[first].picture; ++last)
      (known[last].whole ? whole : broken).push_back(&known[last]);
    const Picture& original = known[first].original;
    const auto add = [&](const Picture& one, const Picture& other, const std::string& family) {
      pairs.push_back(pair_of(original, one, other, family, a));
      a = !a;
    };
    for (std::size_t b = 0; b < broken.size(); ++b)
      for (std::size_t w = 0; w + 1 < whole.size(); ++w)
        add(whole[(b + w) % whole.size()]->changed, broken[b]->changed, broken[b]->family);
    for (std::size_t w = 0; w < 2; ++w) add(whole[w]->changed, mean_colour(original), blank_family);
    for (const Picture* same : {&whole[0]->changed, &broken[0]->changed})
      pairs.push_back({{original, *same, original, *same}, identity_family, {}});
    first = last;
  }
  return pairs;
}

std::vector<KnownPicture> known_atom_pictures(int size) {
  auto known = known_pictures(size);
  const std::size_t made = known.size();
  for (std::size_t i = 0; i < made; ++i) {
    if (i > 0 && known[i].picture == known[i - 1].picture) continue;
    const Picture original = known[i].original;
    const int number = known[i].picture;
    known.push_back({original, original, true, identity_family, number});
    known.push_back({original, mean_colour(original), false, blank_family, number});
  }
  return known;
}

PairCalibration calibration_of(const std::vector<KnownPair>& pairs, const std::vector<PairAnswer>& answers,
                               const std::vector<KnownPicture>& pictures,
                               const std::vector<AtomAnswer>& atoms) {
  if (pairs.size() != answers.size() || pictures.size() != atoms.size())
    throw ConfigError("as many answers as questions are needed");
  PairCalibration result;
  sum_up_pairs(result, pairs, answers);
  sum_up_families(result, pairs, answers, pictures, atoms);
  fit_atoms(result, pictures, atoms);
  return result;
}

PairCalibration calibrate_pairs(const VlmSettings& settings, const ProgressListener& listener) {
  const auto pairs = known_pairs();
  std::vector<PicturePair> shown;
  for (const KnownPair& known : pairs) shown.push_back(known.pair);
  const auto pictures = known_atom_pictures();
  std::vector<ChangedPair> changed;
  for (const KnownPicture& known : pictures) changed.push_back({known.original, known.changed});
  const auto answers = ask_pairs(settings, shown, listener);
  const auto atoms = ask_atoms(settings, changed, listener);
  const PairCalibration result = calibration_of(pairs, answers, pictures, atoms);
  keep_answer(calibration_file(settings), calibration_format, settings.chat.model, to_json(result));
  return result;
}

nlohmann::ordered_json to_json(const PairCalibration& c) {
  auto families = nlohmann::ordered_json::array();
  for (const FamilyCalibration& family : c.families)
    families.push_back({{"family", family.family},
                        {"pairs", family.pairs},
                        {"pair_area", family.pair_area},
                        {"atom_area", family.atom_area}});
  nlohmann::ordered_json fit;
  if (c.fit)
    fit = {
        {"intercept", c.fit->intercept}, {"slope", c.fit->slope}, {"low", c.fit->low}, {"high", c.fit->high}};
  return {{"pairs", c.pairs},
          {"kept", c.kept},
          {"discarded", c.discarded},
          {"unanswered", c.unanswered},
          {"accuracy", c.accuracy},
          {"kappa", c.kappa},
          {"order_bias", c.order_bias},
          {"identity", c.identity},
          {"identity_first", c.identity_first},
          {"log_probabilities", c.by_chances},
          {"families", std::move(families)},
          {"fit", std::move(fit)},
          {"tested", c.tested},
          {"test_area", c.test_area},
          {"test_accuracy", c.test_accuracy},
          {"test_brier", c.test_brier}};
}

LogisticFit kept_calibration(const VlmSettings& settings) {
  const auto json = kept_answer(calibration_file(settings), calibration_format);
  const auto fit = json ? json->value("fit", nlohmann::json()) : nlohmann::json();
  LogisticFit result;
  const auto numbers = [&](const char* member) {
    std::vector<double> values;
    if (fit.is_object() && fit.contains(member) && fit[member].is_array())
      for (const auto& value : fit[member])
        if (value.is_number()) values.push_back(value.get<double>());
    return values;
  };
  result.slope = numbers("slope");
  result.low = numbers("low");
  result.high = numbers("high");
  if (result.slope.size() != 1 || result.low.size() != 1 || result.high.size() != 1 ||
      !(result.low[0] <= result.high[0]) || !fit.contains("intercept") || !fit["intercept"].is_number())
    throw ConfigError("judge vlm-atoms: no calibration of " + settings.chat.model + " in " +
                      settings.cache.string() + "; skein judges --judge vlm makes one");
  result.intercept = fit["intercept"].get<double>();
  return result;
}

JudgedSteps judge_by_atoms(Evidence& evidence, const VlmSettings& settings, const LogisticFit& fit,
                           const ProgressListener& listener) {
  clear_opinions(evidence);
  StepsToAsk asked = steps_to_ask(evidence, steps_asked);
  std::vector<ChangedPair> pictures;
  for (Picture& changed : asked.changed) pictures.push_back({evidence.picture, std::move(changed)});
  const auto answers = ask_atoms(settings, pictures, listener);
  JudgedSteps judged{.asked = answers.size()};
  for (std::size_t k = 0; k < answers.size(); ++k) {
    judged.unclear += !answers[k].score;
    if (answers[k].score)
      evidence.weights.effects[asked.step[k]].whole = fit.chance(std::array{std::log(*answers[k].score)});
  }
  return judged;
}

NetworkPreference prefer(const Evidence& a, const Evidence& b, const VlmSettings& settings, std::size_t pairs,
                         const ProgressListener& listener) {
  const std::size_t most =
      std::min({pairs, reached_steps(a.weights).size(), reached_steps(b.weights).size()});
  StepsToAsk of_a = steps_to_ask(a, most), of_b = steps_to_ask(b, most);
  std::vector<PicturePair> shown;
  for (std::size_t k = 0; k < most; ++k)
    shown.push_back({a.picture, std::move(of_a.changed[k]), b.picture, std::move(of_b.changed[k])});
  NetworkPreference result{.pairs = most};
  using enum PairAnswer::Preference;
  for (const PairAnswer& answer : ask_pairs(settings, shown, listener)) {
    result.a += answer.preference == PairAnswer::Preference::a;
    result.b += answer.preference == PairAnswer::Preference::b;
    result.discarded += answer.preference == inconsistent;
    result.unanswered += answer.preference == unanswered;
  }
  return result;
}

}  // namespace skein::experiments
