#include "experiments/finding.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>

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

/// The name of SP's sparsest round among the rows; empty when there is none.
std::string last_sp(std::span<const CompareRow> rows) {
  std::string last;
  for (const CompareRow& row : rows)
    if (row.name == "sp" || (row.name.starts_with("sp-") && row.name.find("depth") == std::string::npos))
      last = std::max(last, row.name);
  return last;
}

std::string first_sentence(std::span<const CompareRow> rows) {
  const std::vector<double> evolved = values_of(scores_of(rows, "evolved")),
                            dense = values_of(scores_of(rows, "dense-adam"));
  const std::string losses = " (median loss of the dense ones " + median_loss(rows, "dense-adam") + ")";
  if (dense.empty()) return "No dense network was scored, so there is nothing to compare with.";
  if (dense.size() < fewest_seeds)
    return "With " + std::to_string(dense.size()) + " dense seed" + (dense.size() > 1 ? "s" : "") +
           " nothing can be told yet: compositional score " +
           (evolved.empty() ? "" : number(evolved.front()) + " evolved, ") + number(dense.front()) +
           " dense" + losses + ".";
  const Interval interval = student_interval(dense, true);
  const std::string against = number(interval.mean) +
                              " for dense networks trained by gradient (95 % prediction interval of " +
                              std::to_string(dense.size()) + " seeds " + number(interval.low) + " to " +
                              number(interval.high) + ")" + losses;
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

/// `a` against `b`, paired by seed.
std::string paired_sentence(std::span<const CompareRow> rows, const std::string& a, const std::string& what_a,
                            const std::string& b, const std::string& what_b) {
  const auto left = scores_of(rows, a), right = scores_of(rows, b);
  std::vector<double> differences;
  for (const auto& [seed, value] : left)
    if (const auto other = right.find(seed); other != right.end())
      differences.push_back(value - other->second);
  const std::string losses = " (median losses " + median_loss(rows, a) + " and " + median_loss(rows, b) + ")";
  if (differences.size() < fewest_seeds)
    return what_a + " and " + what_b + " share " + std::to_string(differences.size()) +
           " scored seeds, too few to tell them apart" + losses + ".";
  const Interval interval = student_interval(differences);
  const std::string verdict = interval.low > 0    ? " are more factored than "
                              : interval.high < 0 ? " are less factored than "
                                                  : " cannot be told from ";
  return what_a + verdict + what_b + ": mean difference of the score " + number(interval.mean) +
         ", 95 % interval " + number(interval.low) + " to " + number(interval.high) + " over " +
         std::to_string(differences.size()) + " seeds" + losses + ".";
}

std::string second_sentence(std::span<const CompareRow> rows) {
  const std::string sp = last_sp(rows), random = sp.empty() ? "" : "random-counts" + sp.substr(2);
  if (!sp.empty() && !scores_of(rows, random).empty())
    return paired_sentence(rows, sp, "Wirings found by similarity-based pruning", random,
                           "random wirings with the same counts per layer");
  if (!scores_of(rows, "retrained").empty() && !scores_of(rows, "shuffle-evolved").empty())
    return paired_sentence(rows, "retrained", "Networks retrained in the evolved wiring", "shuffle-evolved",
                           "those in its degree-preserving shuffles, with as many weights");
  if (!scores_of(rows, "retrained").empty() && !scores_of(rows, "shuffle-evolved").empty())
    return paired_sentence(rows, "retrained", "Networks retrained in the evolved wiring", "shuffle-evolved",
                           "those in its degree-preserving shuffles, with as many weights");
  if (!scores_of(rows, "retrained").empty())
    return paired_sentence(rows, "retrained", "Networks retrained in the evolved wiring", "dense-adam",
                           "dense ones");
  return "No wiring was compared with a control of the same size.";
}

}  // namespace

double student_t975(std::size_t degrees) {
  constexpr std::array table{12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
                             2.201,  2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
                             2.080,  2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042};
  constexpr double normal = 1.960;
  if (degrees == 0) return table[0];
  if (degrees <= table.size()) return table[degrees - 1];
  // Cornish-Fisher's first term beyond the table: within 0.001.
  return normal + (normal * normal * normal + normal) / (4.0 * static_cast<double>(degrees));
}

Interval student_interval(std::span<const double> values, bool prediction) {
  const auto n = static_cast<double>(values.size());
  Interval interval{0, 0, 0, values.size()};
  for (const double value : values) interval.mean += value / n;
  double squares = 0;
  for (const double value : values) squares += (value - interval.mean) * (value - interval.mean);
  const double deviation = values.size() > 1 ? std::sqrt(squares / (n - 1)) : 0.0;
  const double half =
      student_t975(values.size() - 1) * deviation * std::sqrt((prediction ? 1.0 : 0.0) + 1.0 / n);
  interval.low = interval.mean - half;
  interval.high = interval.mean + half;
  return interval;
}

std::string finding(std::span<const CompareRow> rows) {
  return first_sentence(rows) + " " + second_sentence(rows);
}

}  // namespace skein::experiments
