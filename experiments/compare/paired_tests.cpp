#include "experiments/compare/paired_tests.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace skein::experiments {
namespace {

constexpr std::size_t fewest_pairs = 2;

/// A method's numbers by seed; what is not finite is left out.
std::map<std::uint64_t, double> values_of(std::span<const CompareRow> rows, const std::string& measure,
                                          const std::string& name) {
  std::map<std::uint64_t, double> values;
  for (const CompareRow& row : rows) {
    if (row.name != name || !row.seed) continue;
    const RowMeasure* taken = row.measure(measure);
    const double value = measure == "loss" ? std::log10(row.loss) : taken ? taken->value : std::nan("");
    if (std::isfinite(value)) values[*row.seed] = value;
  }
  return values;
}

/// Rows of each name once, in their order.
std::vector<const CompareRow*> one_of_each(std::span<const CompareRow> rows) {
  std::vector<const CompareRow*> each;
  for (const CompareRow& row : rows)
    if (std::ranges::none_of(each, [&](const CompareRow* other) { return other->name == row.name; }))
      each.push_back(&row);
  return each;
}

/// What a row's method is held against.
std::vector<std::string> partners_of(const CompareRow& row) {
  const std::size_t colon = row.name.find(':');
  if (colon != std::string::npos) return {row.name.substr(0, colon)};
  if (row.family == RowFamily::evolved || row.name == "dense-adam") return {};
  if (row.asked == 0) {
    if (row.method == "retrained") return {"dense-adam", "shuffle-evolved"};
    if (row.method == "dense-adam") return {"dense-adam"};  // at another depth
    return {"dense-adam" + (row.method.empty() ? "" : row.name.substr(row.method.size()))};
  }
  // "wanda-1404-depth+1" is held against "sp-1404-depth+1".
  if (row.method == "sp" || row.method.empty()) return {};
  return {"sp" + row.name.substr(row.method.size())};
}

}  // namespace

PairedTest paired_test(std::span<const CompareRow> rows, const std::string& measure, const std::string& a,
                       const std::string& b) {
  PairedTest test{measure, a, b, {}, {}, 1, 1, 1};
  const auto left = values_of(rows, measure, a), right = values_of(rows, measure, b);
  for (const auto& [seed, value] : left)
    if (const auto other = right.find(seed); other != right.end())
      test.differences.push_back(value - other->second);
  if (test.differences.empty()) return test;
  test.interval = student_interval(test.differences);
  test.p = test.p_holm = paired_t_p(test.differences);
  test.p_flip = sign_flip_p(test.differences);
  return test;
}

std::vector<PairedTest> paired_tests(std::span<const CompareRow> rows) {
  std::vector<PairedTest> all;
  for (const char* measure : {"compositional_score", "loss"}) {
    std::vector<PairedTest> family;
    for (const CompareRow* row : one_of_each(rows))
      for (const std::string& partner : partners_of(*row)) {
        // SP stands first, so that a positive difference is SP's.
        const bool cut = row->asked > 0 && row->name.find(':') == std::string::npos;
        PairedTest test = cut ? paired_test(rows, measure, partner, row->name)
                              : paired_test(rows, measure, row->name, partner);
        if (test.differences.size() >= fewest_pairs) family.push_back(std::move(test));
      }
    std::vector<double> p_values;
    for (const PairedTest& test : family) p_values.push_back(test.p);
    const std::vector<double> corrected = holm(p_values);
    for (std::size_t i = 0; i < family.size(); ++i) {
      family[i].p_holm = corrected[i];
      all.push_back(std::move(family[i]));
    }
  }
  return all;
}

nlohmann::ordered_json to_json(const PairedTest& test) {
  return {{"measure", test.measure},
          {"scale", test.measure == "loss" ? "log10" : "linear"},
          {"a", test.a},
          {"b", test.b},
          {"pairs", test.differences.size()},
          {"mean_difference", test.interval.mean},
          {"low", test.interval.low},
          {"high", test.interval.high},
          {"p", test.p},
          {"p_holm", test.p_holm},
          {"p_sign_flip", test.p_flip},
          {"least_p_sign_flip", least_sign_flip_p(test.differences.size())}};
}

}  // namespace skein::experiments
