#include "experiments/compare/paired_tests.hpp"

#include <algorithm>
#include <cmath>

#include "experiments/compare/analysis.hpp"
#include "experiments/compare/finding.hpp"
#include "experiments/rows/row_methods.hpp"

namespace skein::experiments {
namespace {

constexpr std::size_t fewest_pairs = 2;

/// What a method's rows are held against. Rows with options of their own are held against those without, or, where
/// every row has some, against others with the same.
std::vector<RowKey> partners_of(const Analysis& analysis, const RowKey& key) {
  RowKey partner = key;
  if (!key.variant.empty()) {
    partner.variant.clear();
    if (analysis.find(partner)) return {partner};
    partner = key;
  }
  const RowMethod* method = find_method(key.method);
  if (!method) return {};
  std::vector<RowKey> partners;
  for (const std::string& other : method->against) {
    partner.method = other;
    if (const RowMethod* its = find_method(other)) partner.variant = used_options(*its, key.variant);
    partners.push_back(partner);
  }
  if (method->against.empty() && key.depth != 0 && !method->is_cut) {
    partner.depth = 0;
    partners.push_back(partner);
  }
  return partners;
}

/// The tests of one measure and target, corrected together.
std::vector<PairedTest> family_of(const Analysis& analysis, const std::string& measure,
                                  const std::string& target) {
  std::vector<PairedTest> family;
  for (const MethodNumbers& method : analysis.methods) {
    if (method.key.target != target) continue;
    for (const RowKey& key : partners_of(analysis, method.key)) {
      const MethodNumbers* partner = analysis.find(key);
      if (!partner) continue;
      // SP stands first, so that a positive difference is SP's.
      const bool sp_first = method.key.count > 0 && method.key.variant == key.variant;
      PairedTest test =
          sp_first ? paired_test(*partner, method, measure) : paired_test(method, *partner, measure);
      if (test.differences.size() >= fewest_pairs) family.push_back(std::move(test));
    }
  }
  std::vector<double> p_values;
  for (const PairedTest& test : family) p_values.push_back(test.p);
  const std::vector<double> corrected = holm(p_values);
  for (std::size_t i = 0; i < family.size(); ++i) family[i].p_holm = corrected[i];
  return family;
}

}  // namespace

PairedTest paired_test(const MethodNumbers& a, const MethodNumbers& b, const std::string& measure) {
  PairedTest test{measure, a.key, b.key, {}, {}, 1, 1, 1};
  const bool logarithmic = measure == "loss";
  const auto left = a.by_seed(measure), right = b.by_seed(measure);
  for (const auto& [seed, value] : left)
    if (const auto other = right.find(seed); other != right.end()) {
      const double difference =
          logarithmic ? std::log10(value) - std::log10(other->second) : value - other->second;
      if (std::isfinite(difference)) test.differences.push_back(difference);
    }
  if (test.differences.empty()) return test;
  test.interval = student_interval(test.differences);
  test.p = test.p_holm = paired_t_p(test.differences);
  test.p_flip = sign_flip_p(test.differences);
  return test;
}

std::vector<PairedTest> paired_tests(const Analysis& analysis) {
  std::vector<std::string> targets;
  for (const MethodNumbers& method : analysis.methods)
    if (std::ranges::find(targets, method.key.target) == targets.end()) targets.push_back(method.key.target);
  std::vector<PairedTest> all;
  std::vector<std::string> measures;
  for (const Lead& lead : leads()) measures.push_back(lead.measure);
  measures.push_back("loss");
  for (const std::string& target : targets)
    for (const std::string& measure : measures)
      for (PairedTest& test : family_of(analysis, measure, target)) all.push_back(std::move(test));
  return all;
}

nlohmann::ordered_json to_json(const PairedTest& test) {
  return {{"measure", test.measure},
          {"scale", test.measure == "loss" ? "log10" : "linear"},
          {"target", test.a.target},
          {"a", name_of(test.a)},
          {"b", name_of(test.b)},
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
