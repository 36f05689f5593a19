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
    Lead{"participation", "participation, the parts that a step touches,", false},
    Lead{"cross_participation",
         "cross-judged participation, the share of its rivals' parts that a step touches,", false},
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
  /// The leading measure, or another, of a method's rows by seed.
  std::vector<double> scores(const std::string& method, std::int64_t count = 0,
                             const Lead* other = nullptr) const {
    std::vector<double> values;
    if (const MethodNumbers* rows = find(method, count))
      for (const auto& [seed, value] : rows->by_seed((other ? other : lead_)->measure))
        values.push_back(value);
    return values;
  }
  std::string median_loss(const std::string& method, std::int64_t count = 0) const {
    const MethodNumbers* rows = find(method, count);
    const Summary losses = rows ? rows->summary("loss") : Summary{};
    return losses.count == 0 ? "none" : number(losses.median);
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

/// The compositional score of both, where another measure leads.
std::string score_behind(const PlainRows& rows) {
  const Lead& score = lead_table.back();
  const std::vector<double> evolved = rows.scores("evolved", 0, &score),
                            dense = rows.scores("dense-adam", 0, &score);
  if (rows.lead().measure == score.measure || evolved.empty() || dense.empty()) return {};
  return "; compositional score " + number(evolved.front()) + " against " + number(summarise(dense).median);
}

std::string first_sentence(const PlainRows& rows) {
  const std::vector<double> evolved = rows.scores("evolved"), dense = rows.scores("dense-adam");
  const std::string loss = rows.median_loss("dense-adam");
  if (dense.empty()) return "No dense network was scored, so there is nothing to compare with.";
  if (dense.size() < fewest_seeds)
    return "With " + std::to_string(dense.size()) + " dense seed" + (dense.size() > 1 ? "s" : "") +
           " nothing can be told yet: " + rows.lead().words + " " +
           (evolved.empty() ? "" : number(evolved.front()) + " evolved, ") + number(dense.front()) +
           " dense (median loss " + loss + ").";
  const Interval interval = student_interval(dense, true);
  const std::string against = number(interval.mean) + " for dense networks (95 % prediction interval " +
                              number(interval.low) + " to " + number(interval.high) + ", " +
                              std::to_string(dense.size()) + " seeds, median loss " + loss + ")";
  if (evolved.empty())
    return std::string("The target has no evolved network; ") + rows.lead().words + " is " + against + ".";
  const double value = evolved.front();
  const int side = side_of(rows.lead(), value, interval);
  const std::string verdict = side > 0   ? "is more factored than gradient descent's in the same architecture"
                              : side < 0 ? "is less factored than gradient descent's in the same architecture"
                                         : "cannot be told from gradient descent's in the same architecture";
  return "The evolved network " + verdict + ": " + rows.lead().words + " " + number(value) + " against " +
         against + score_behind(rows) + ".";
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

std::string numbers_of(const PairedTest& test, const Lead& lead) {
  std::string measure = &lead == &lead_table.back() ? "score" : lead.measure;
  std::ranges::replace(measure, '_', ' ');
  return " (" + measure + " " + std::string(test.interval.mean < 0 ? "" : "+") + number(test.interval.mean) +
         ", 95 % interval " + number(test.interval.low) + " to " + number(test.interval.high) + ", p " +
         number(test.p_holm) + ", ";
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
  std::string sentence = what;
  for (std::size_t i = 0; i < tests.size(); ++i) {
    tests[i].p_holm = corrected[i];
    const std::size_t pairs = tests[i].differences.size();
    if (i > 0) sentence += ", and";
    if (pairs < fewest_seeds)
      sentence += " and " + controls[i].what + " share " + std::to_string(pairs) +
                  " scored seeds, too few to tell them apart (";
    else
      sentence += verdict_on(tests[i], rows.lead()) + controls[i].what + numbers_of(tests[i], rows.lead()) +
                  std::to_string(pairs) + " seeds, ";
    sentence += "loss " + rows.median_loss(controls[i].method, count) + ")";
  }
  return sentence + "; their own median loss " + rows.median_loss(method, count) + ", p by paired t" +
         (tests.size() > 1 ? ", corrected for " + std::to_string(tests.size()) + " tests." : ".");
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
         (side > 0 ? "do not pass for it" : "pass for it by this measure") + ": " + number(interval.mean) +
         " (95 % prediction interval " + number(interval.low) + " to " + number(interval.high) + ", " +
         std::to_string(rectified.size()) + " seeds, median loss " + rows.median_loss("dense-relu") + ").";
}

}  // namespace

std::span<const Lead> leads() { return lead_table; }

std::string finding_of(const Analysis& analysis, const std::string& target) {
  const PlainRows rows(analysis, target);
  return first_sentence(rows) + " " + second_sentence(rows) + third_sentence(rows);
}

}  // namespace skein::experiments
