#include "experiments/compare/finding.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <vector>

#include "experiments/compare/paired_tests.hpp"

namespace skein::experiments {
namespace {

constexpr std::array lead_table{
    Lead{"participation", "parts of the picture that a step of one weight touches", false},
    Lead{"cross_participation", "share of its rivals' parts that a step of one weight touches", false},
    Lead{"compositional_score", "compositional score", true},
};
constexpr std::size_t fewest_seeds = 3;

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

/// The rows of one target that have the target's depth and no options of their own; in a run in which every trained
/// row has some, those with the options of the first.
class PlainRows {
 public:
  PlainRows(const Analysis& analysis, const std::string& target) : analysis_(analysis), target_(target) {
    const MethodNumbers* first = nullptr;
    for (const MethodNumbers& rows : analysis.methods) {
      if (rows.key.target != target || rows.key.method == "evolved") continue;
      if (!first || rows.key.variant.empty()) first = &rows;
      if (rows.key.variant.empty()) break;
    }
    if (first) variant_ = first->key.variant;
    choose_lead();
  }

  const Lead& lead() const { return *lead_; }

  const MethodNumbers* find(const std::string& method, std::int64_t count = 0) const {
    const MethodNumbers* rows = analysis_.find({target_, method, count, 0, variant_, {}});
    return rows || variant_.empty() ? rows : analysis_.find({target_, method, count, 0, {}, {}});
  }
  /// The leading measure of a method's rows, by seed.
  std::vector<double> scores(const std::string& method, std::int64_t count = 0) const {
    std::vector<double> values;
    if (const MethodNumbers* rows = find(method, count))
      for (const auto& [seed, value] : rows->by_seed(lead_->measure)) values.push_back(value);
    return values;
  }
  /// The fewest weights that SP was asked for; 0: none.
  std::int64_t sparsest_sp() const {
    std::int64_t least = 0;
    for (const MethodNumbers& rows : analysis_.methods)
      if (rows.key == RowKey{target_, "sp", rows.key.count, 0, variant_, {}} &&
          (least == 0 || rows.key.count < least))
        least = rows.key.count;
    return least;
  }

 private:
  void choose_lead() {
    for (const Lead& lead : lead_table) {
      lead_ = &lead;
      const bool has_evolved = find("evolved") != nullptr, evolved = !scores("evolved").empty();
      const bool dense = !scores("dense-adam").empty();
      if (dense ? evolved || !has_evolved : evolved || !scores("sp", sparsest_sp()).empty()) return;
    }
  }

  const Analysis& analysis_;
  const std::string& target_;
  Variant variant_;
  const Lead* lead_ = &lead_table.back();
};

/// Whether a value lies beyond an interval on the factored side, 1, on the other, -1, or within it, 0.
int side_of(const Lead& lead, double value, const Interval& interval) {
  const int above = value > interval.high ? 1 : value < interval.low ? -1 : 0;
  return lead.higher ? above : -above;
}

std::string seeds_text(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " seed" : " seeds");
}

std::string first_sentence(const PlainRows& rows) {
  const std::vector<double> evolved = rows.scores("evolved"), dense = rows.scores("dense-adam");
  const std::string words = rows.lead().words;
  if (dense.empty()) return "No dense network was scored, so there is nothing to compare with.";
  if (dense.size() < fewest_seeds)
    return "With " + seeds_text(dense.size()) + " of dense networks nothing can be told yet (" + words +
           (evolved.empty() ? "" : ", evolved: " + number(evolved.front())) +
           "; dense: " + number(dense.front()) + ").";
  const Interval interval = student_interval(dense, true);
  const std::string theirs = number(interval.mean) + " (" + seeds_text(dense.size()) +
                             "; a further one is expected between " + number(interval.low) + " and " +
                             number(interval.high) + ").";
  if (evolved.empty())
    return "The target has no evolved network. Dense networks have " + words + ": " + theirs;
  const int side = side_of(rows.lead(), evolved.front(), interval);
  const std::string verdict = side > 0   ? "is more factored than"
                              : side < 0 ? "is less factored than"
                                         : "cannot be told from";
  return "The evolved network " + verdict +
         " dense ones that gradient descent trained in its architecture: " + words + ", " +
         number(evolved.front()) + " against " + theirs;
}

/// A method that another is held against.
struct Control {
  std::string method, what;
};

std::string verdict_on(const PairedTest& test, const Lead& lead) {
  constexpr double level = 0.05;
  const char* verdict = !(test.p_holm < level)                    ? " cannot be told from "
                        : (test.interval.mean > 0) == lead.higher ? " are more factored than "
                                                                  : " are less factored than ";
  return verdict;
}

/// One method against its controls of the same count, paired by seed, Holm's correction over the controls.
std::string paired_sentence(const PlainRows& rows, const std::string& method, std::int64_t count,
                            const std::string& what, const std::vector<Control>& controls) {
  std::vector<PairedTest> tests;
  std::vector<double> p_values;
  for (const Control& control : controls) {
    tests.push_back(
        paired_test(*rows.find(method, count), *rows.find(control.method, count), rows.lead().measure));
    p_values.push_back(tests.back().p);
  }
  const std::vector<double> corrected = holm(p_values);
  const std::string correction =
      tests.size() > 1 ? " after correction for " + std::to_string(tests.size()) + " tests" : "";
  std::string sentence = what;
  for (std::size_t i = 0; i < tests.size(); ++i) {
    tests[i].p_holm = corrected[i];
    const std::size_t pairs = tests[i].differences.size();
    if (i > 0) sentence += ", and";
    if (pairs < fewest_seeds)
      sentence += " share too few seeds (" + std::to_string(pairs) + ") with " + controls[i].what +
                  " to be told from them";
    else
      sentence += verdict_on(tests[i], rows.lead()) + controls[i].what + " (p " + number(tests[i].p_holm) +
                  correction + ", " + seeds_text(pairs) + ")";
  }
  return sentence + ".";
}

std::string second_sentence(const PlainRows& rows) {
  std::vector<Control> controls;
  const auto consider = [&](const std::string& method, std::int64_t count, const std::string& what) {
    if (!rows.scores(method, count).empty()) controls.push_back({method, what});
  };
  if (const std::int64_t count = rows.sparsest_sp(); count > 0) {
    consider("random", count, "random wirings with the same counts per layer");
    consider("shuffle", count, "degree-preserving shuffles of them");
    if (!controls.empty())
      return paired_sentence(
          rows, "sp", count,
          "Wirings of " + std::to_string(count) + " weights found by similarity-based pruning", controls);
  }
  if (rows.scores("retrained").empty()) return "No wiring was compared with a control of the same size.";
  consider("shuffle-evolved", 0, "those in its degree-preserving shuffles, with as many weights");
  if (controls.empty()) consider("dense-adam", 0, "dense ones");
  if (controls.empty()) return "No wiring was compared with a control of the same size.";
  return paired_sentence(rows, "retrained", 0, "Networks retrained in the evolved wiring", controls);
}

/// Whether rectified networks pass for the evolved one; empty where there is nothing to say it by.
std::string third_sentence(const PlainRows& rows) {
  const std::vector<double> evolved = rows.scores("evolved"), rectified = rows.scores("dense-relu");
  if (evolved.empty() || rectified.size() < fewest_seeds) return {};
  const Interval interval = student_interval(rectified, true);
  const int side = side_of(rows.lead(), evolved.front(), interval);
  return std::string(" Dense networks of rectified linear units ") +
         (side > 0   ? "do not pass for it"
          : side < 0 ? "lie beyond it on the factored side"
                     : "cannot be told from it by this measure") +
         ": " + number(interval.mean) + " (" + seeds_text(rectified.size()) + "; expected between " +
         number(interval.low) + " and " + number(interval.high) + ").";
}

}  // namespace

std::span<const Lead> leads() { return lead_table; }

std::string finding_of(const Analysis& analysis, const std::string& target) {
  const PlainRows rows(analysis, target);
  return first_sentence(rows) + " " + second_sentence(rows) + third_sentence(rows);
}

}  // namespace skein::experiments
