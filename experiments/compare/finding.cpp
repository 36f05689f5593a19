#include "experiments/compare/finding.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include "experiments/compare/paired_tests.hpp"

namespace skein::experiments {
namespace {

constexpr const char* score_name = "compositional_score";
constexpr std::size_t fewest_seeds = 3;

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

/// Scores of a method's rows by seed; not finite ones are left out.
std::map<std::uint64_t, double> scores_of(std::span<const CompareRow> rows, const std::string& name) {
  std::map<std::uint64_t, double> scores;
  for (const CompareRow& row : rows)
    if (const RowMeasure* measure = row.measure(score_name);
        row.name == name && measure && std::isfinite(measure->value))
      scores[row.seed.value_or(0)] = measure->value;
  return scores;
}

std::vector<double> values_of(const std::map<std::uint64_t, double>& by_seed) {
  std::vector<double> values;
  for (const auto& [seed, value] : by_seed) values.push_back(value);
  return values;
}

std::string median_loss(std::span<const CompareRow> rows, const std::string& name) {
  std::vector<double> losses;
  for (const CompareRow& row : rows)
    if (row.name == name && std::isfinite(row.loss)) losses.push_back(row.loss);
  if (losses.empty()) return "none";
  std::ranges::sort(losses);
  const std::size_t n = losses.size();
  return number(n % 2 ? losses[n / 2] : (losses[n / 2 - 1] + losses[n / 2]) / 2);
}

/// The fewest weights that SP was asked for in a scored row without variants and other depths; 0: none.
std::int64_t sparsest_sp(std::span<const CompareRow> rows) {
  std::int64_t least = 0;
  for (const CompareRow& row : rows)
    if (row.name == "sp-" + std::to_string(row.asked) && (least == 0 || row.asked < least)) least = row.asked;
  return least;
}

std::string first_sentence(std::span<const CompareRow> rows) {
  const std::vector<double> evolved = values_of(scores_of(rows, "evolved")),
                            dense = values_of(scores_of(rows, "dense-adam"));
  const std::string loss = median_loss(rows, "dense-adam");
  if (dense.empty()) return "No dense network was scored, so there is nothing to compare with.";
  if (dense.size() < fewest_seeds)
    return "With " + std::to_string(dense.size()) + " dense seed" + (dense.size() > 1 ? "s" : "") +
           " nothing can be told yet: compositional score " +
           (evolved.empty() ? "" : number(evolved.front()) + " evolved, ") + number(dense.front()) +
           " dense (median loss " + loss + ").";
  const Interval interval = student_interval(dense, true);
  const std::string against = number(interval.mean) + " for dense networks (95 % prediction interval " +
                              number(interval.low) + " to " + number(interval.high) + ", " +
                              std::to_string(dense.size()) + " seeds, median loss " + loss + ")";
  if (evolved.empty())
    return "The target has no evolved network; the compositional score is " + against + ".";
  const double value = evolved.front();
  const std::string verdict =
      value > interval.high  ? "is more factored than gradient descent's in the same architecture"
      : value < interval.low ? "is less factored than gradient descent's in the same architecture"
                             : "cannot be told from gradient descent's in the same architecture";
  return "The evolved network " + verdict + ": compositional score " + number(value) + " against " + against +
         ".";
}

/// A method that another is held against.
struct Control {
  std::string name, what;
};

std::string verdict_on(const PairedTest& test) {
  constexpr double level = 0.05;
  const char* verdict = !(test.p_holm < level)   ? " cannot be told from "
                        : test.interval.mean > 0 ? " are more factored than "
                                                 : " are less factored than ";
  return verdict;
}

std::string numbers_of(const PairedTest& test) {
  return " (score " + std::string(test.interval.mean < 0 ? "" : "+") + number(test.interval.mean) +
         ", 95 % interval " + number(test.interval.low) + " to " + number(test.interval.high) + ", p " +
         number(test.p_holm) + ", ";
}

/// One method against its controls, paired by seed, Holm's correction over the controls.
std::string paired_sentence(std::span<const CompareRow> rows, const std::string& a, const std::string& what,
                            const std::vector<Control>& controls) {
  std::vector<PairedTest> tests;
  std::vector<double> p_values;
  for (const Control& control : controls) {
    tests.push_back(paired_test(rows, score_name, a, control.name));
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
      sentence +=
          verdict_on(tests[i]) + controls[i].what + numbers_of(tests[i]) + std::to_string(pairs) + " seeds, ";
    sentence += "loss " + median_loss(rows, controls[i].name) + ")";
  }
  return sentence + "; their own median loss " + median_loss(rows, a) + ", p by paired t" +
         (tests.size() > 1 ? ", corrected for " + std::to_string(tests.size()) + " tests." : ".");
}

std::string second_sentence(std::span<const CompareRow> rows) {
  std::vector<Control> controls;
  const auto consider = [&](const std::string& name, const std::string& what) {
    if (!scores_of(rows, name).empty()) controls.push_back({name, what});
  };
  if (const std::int64_t count = sparsest_sp(rows); count > 0) {
    const std::string weights = std::to_string(count);
    consider("random-" + weights, "random wirings with the same counts per layer");
    consider("shuffle-" + weights, "degree-preserving shuffles of them");
    if (!controls.empty())
      return paired_sentence(rows, "sp-" + weights,
                             "Wirings of " + weights + " weights found by similarity-based pruning",
                             controls);
  }
  const std::string what = "Networks retrained in the evolved wiring";
  if (scores_of(rows, "retrained").empty()) return "No wiring was compared with a control of the same size.";
  consider("shuffle-evolved", "those in its degree-preserving shuffles, with as many weights");
  if (controls.empty()) consider("dense-adam", "dense ones");
  if (controls.empty()) return "No wiring was compared with a control of the same size.";
  return paired_sentence(rows, "retrained", what, controls);
}

}  // namespace

std::string finding(std::span<const CompareRow> rows) {
  return first_sentence(rows) + " " + second_sentence(rows);
}

}  // namespace skein::experiments
