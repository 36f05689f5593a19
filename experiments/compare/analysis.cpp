#include "experiments/compare/analysis.hpp"

#include <algorithm>
#include <cmath>

#include "experiments/compare/finding.hpp"
#include "lib/base/median.hpp"

namespace skein::experiments {
namespace {

constexpr const char* plain_columns[] = {"weights", "nonzero", "loss", "best_loss", "psnr", "steps"};

/// Of the rows with a network the one of median loss: that whose pictures and insides are shown.
std::size_t shown_row(const MethodNumbers& method) {
  std::vector<std::size_t> able;
  for (std::size_t i = 0; i < method.rows(); ++i)
    if (has_network(method.states[i])) able.push_back(i);
  if (able.empty()) return 0;
  const std::vector<double> losses = method.column("loss");
  std::ranges::stable_sort(able, {},
                           [&](std::size_t i) { return std::isfinite(losses[i]) ? losses[i] : HUGE_VAL; });
  return able[(able.size() - 1) / 2];
}

}  // namespace

Summary summarise(std::vector<double> values) {
  std::erase_if(values, [](double v) { return !std::isfinite(v); });
  if (values.empty()) return {};
  const auto [low, high] = std::ranges::minmax(values);
  const std::size_t count = values.size();
  return {count, median(std::move(values)), low, high};
}

std::size_t MethodNumbers::networks() const {
  return static_cast<std::size_t>(std::ranges::count_if(states, [](RowStatus s) { return has_network(s); }));
}

std::vector<double> MethodNumbers::column(const std::string& name) const {
  const auto found = values.find(name);
  return found == values.end() ? std::vector<double>(rows(), std::nan("")) : found->second;
}

std::map<std::uint64_t, double> MethodNumbers::by_seed(const std::string& name) const {
  const auto found = values.find(name);
  std::map<std::uint64_t, double> numbers;
  if (found == values.end()) return numbers;
  for (std::size_t i = 0; i < rows(); ++i)
    if (std::isfinite(found->second[i])) numbers[seeds[i].value_or(0)] = found->second[i];
  return numbers;
}

std::string Analysis::finding() const {
  if (findings.empty()) return {};
  if (findings.size() == 1) return findings.front().second;
  std::string text;
  for (const auto& [target, sentences] : findings)
    text += (text.empty() ? "" : " ") + target + ": " + sentences;
  return text;
}

const MethodNumbers* Analysis::find(const RowKey& key) const {
  const auto found = std::ranges::find(methods, key, &MethodNumbers::key);
  return found == methods.end() ? nullptr : &*found;
}

void Analyst::add(const CompareRow& row) {
  const RowKey key = without_seed(row.key);
  const auto [place, is_new] = places_.emplace(key, analysis_.methods.size());
  if (is_new) analysis_.methods.push_back({key, {}, {}, {}, 0});
  MethodNumbers& method = analysis_.methods[place->second];
  const std::size_t before = method.rows();
  method.seeds.push_back(row.key.seed);
  method.states.push_back(row.status);
  for (const char* column : plain_columns) method.values[column].resize(before, std::nan(""));
  for (const char* column : plain_columns) method.values[column].push_back(value_of(row, column));
  for (const RowMeasure& measure : row.measures) {
    if (std::ranges::find(analysis_.measures, measure.name) == analysis_.measures.end())
      analysis_.measures.push_back(measure.name);
    auto& values = method.values[measure.name];
    values.resize(before, std::nan(""));
    values.push_back(measure.value);
  }
  for (auto& [column, values] : method.values) values.resize(method.rows(), std::nan(""));
}

Analysis Analyst::finish() && {
  std::vector<std::string> targets;
  for (MethodNumbers& method : analysis_.methods) {
    method.shown = shown_row(method);
    if (std::ranges::find(targets, method.key.target) == targets.end()) targets.push_back(method.key.target);
  }
  analysis_.tests = paired_tests(analysis_);
  for (const std::string& target : targets)
    analysis_.findings.emplace_back(target, finding_of(analysis_, target));
  if (targets.empty()) analysis_.findings.emplace_back("", finding_of(analysis_, ""));
  return std::move(analysis_);
}

Analysis analyse(std::span<const CompareRow> rows) {
  Analyst analyst;
  for (const CompareRow& row : rows) analyst.add(row);
  return std::move(analyst).finish();
}

}  // namespace skein::experiments
