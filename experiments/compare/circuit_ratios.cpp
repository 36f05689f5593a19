#include "experiments/compare/circuit_ratios.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "experiments/rows/row_circuits.hpp"
#include "experiments/statistics/table.hpp"
#include "lib/base/file.hpp"
#include "lib/base/median.hpp"
#include "lib/base/random.hpp"

namespace skein::experiments {
namespace {

constexpr double most_loss = 1.25;  // of the dense network's, for a pair to count
constexpr const char* dense_method = "dense-adam";

/// A row with circuits.
struct CircuitRow {
  RowKey key;
  std::int64_t weights = 0;
  double loss = 0;
  std::map<std::string, int> edges;  ///< by part
};

/// The dense rows of a run, in its order.
class DenseRows {
 public:
  explicit DenseRows(const std::vector<CircuitRow>& rows) {
    for (const CircuitRow& row : rows)
      if (row.key.method == dense_method) {
        by_key_.emplace(row.key, &row);
        by_target_[{row.key.target, row.key.depth}].push_back(&row);
      }
  }

  /// Those that a row is compared with: the one of its seed and options, or, without a seed, all of its target.
  std::vector<const CircuitRow*> partners_of(const CircuitRow& row) const {
    RowKey key = row.key;
    if (!key.seed) {
      const auto found = by_target_.find({key.target, key.depth});
      return found == by_target_.end() ? std::vector<const CircuitRow*>{} : found->second;
    }
    key.method = dense_method;
    key.count = 0;
    const auto found = by_key_.find(key);
    return found == by_key_.end() ? std::vector<const CircuitRow*>{} : std::vector{found->second};
  }

 private:
  std::map<RowKey, const CircuitRow*> by_key_;
  std::map<std::pair<std::string, int>, std::vector<const CircuitRow*>> by_target_;  ///< and depth
};

/// Rows of all targets and seeds that are summed up together.
struct GroupKey {
  RowKey key;
  int percent = 100;
  auto operator<=>(const GroupKey&) const = default;
};

GroupKey group_of(const CircuitRow& row, const CircuitRow& dense) {
  GroupKey group{row.key, 100};
  group.key.target.clear();
  group.key.count = 0;
  group.key.seed.reset();
  if (row.key.count > 0 && dense.weights > 0)
    group.percent = static_cast<int>(
        std::lround(100 * static_cast<double>(row.key.count) / static_cast<double>(dense.weights)));
  return group;
}

/// Mean logarithm of the ratio over the parts of both, and how many there are.
std::pair<double, std::size_t> log_ratio(const CircuitRow& row, const CircuitRow& dense) {
  double sum = 0;
  std::size_t parts = 0;
  for (const auto& [part, edges] : row.edges)
    if (const auto other = dense.edges.find(part); other != dense.edges.end()) {
      sum += std::log(std::max(1, edges)) - std::log(std::max(1, other->second));
      ++parts;
    }
  return {parts > 0 ? sum / static_cast<double>(parts) : 0.0, parts};
}

/// The pairs of one method.
struct Pairs {
  std::map<std::string, std::vector<double>> logs;  ///< by target
  std::vector<double> losses, parts;
  std::size_t unmatched = 0;

  void add(const CircuitRow& row, const CircuitRow& dense) {
    const auto [log, common] = log_ratio(row, dense);
    if (common == 0) return;
    if (!(row.loss <= most_loss * dense.loss)) {
      ++unmatched;
      return;
    }
    logs[row.key.target].push_back(log);
    losses.push_back(row.loss / dense.loss);
    parts.push_back(static_cast<double>(common));
  }
};

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return values.empty() ? std::nan("") : sum / static_cast<double>(values.size());
}

CircuitRatio summed_up(const GroupKey& group, const Pairs& pairs) {
  CircuitRatio result{.key = group.key, .keep = group.percent / 100.0, .unmatched = pairs.unmatched};
  std::vector<double> ratios;
  for (const auto& [target, logs] : pairs.logs) {
    ratios.push_back(std::exp(mean(logs)));
    result.pairs += logs.size();
  }
  result.targets = ratios.size();
  result.parts = mean(pairs.parts);
  result.loss_ratio = median(pairs.losses);
  result.ratio = result.low = result.high = result.least = result.greatest = median(ratios);
  if (ratios.empty()) return result;
  result.least = std::ranges::min(ratios);
  result.greatest = std::ranges::max(ratios);
  constexpr std::uint64_t resamples = 2000;
  std::vector<double> medians;
  for (std::uint64_t i = 0; i < resamples; ++i) {
    RandomStream random(0, "targets drawn again", i);
    std::vector<double> drawn(ratios.size());
    for (double& one : drawn) one = ratios[random.below(static_cast<std::uint32_t>(ratios.size()))];
    medians.push_back(median(std::move(drawn)));
  }
  std::ranges::sort(medians);
  result.low = medians[static_cast<std::size_t>(0.025 * resamples)];
  result.high = medians[static_cast<std::size_t>(0.975 * resamples) - 1];
  return result;
}

}  // namespace

std::vector<CircuitRatio> circuit_ratios(const std::filesystem::path& run, const RowSource& rows) {
  std::vector<CircuitRow> found;
  rows([&](const CompareRow& row) {
    if (row.network.empty()) return;
    CircuitRow one{row.key, row.weights, row.loss,
                   read_circuit_edges((run / row.network).parent_path() / circuits_file)};
    if (!one.edges.empty()) found.push_back(std::move(one));
  });
  std::vector<GroupKey> order;
  std::map<GroupKey, Pairs> groups;
  const DenseRows dense_rows(found);
  for (const CircuitRow& row : found) {
    if (row.key.method == dense_method) continue;
    for (const CircuitRow* dense : dense_rows.partners_of(row)) {
      const GroupKey group = group_of(row, *dense);
      if (!groups.contains(group)) order.push_back(group);
      groups[group].add(row, *dense);
    }
  }
  std::vector<CircuitRatio> result;
  for (const GroupKey& group : order) result.push_back(summed_up(group, groups[group]));
  return result;
}

void write_circuit_ratios(const std::filesystem::path& run, const RowSource& rows) {
  const std::vector<CircuitRatio> ratios = circuit_ratios(run, rows);
  if (ratios.empty()) return;
  Table table({"method", "keep", "targets", "pairs", "unmatched", "parts", "ratio", "low", "high", "least",
               "greatest", "loss_ratio"});
  for (const CircuitRatio& one : ratios)
    table.add({id_of(one.key), number_text(one.keep), std::to_string(one.targets), std::to_string(one.pairs),
               std::to_string(one.unmatched), number_text(one.parts), number_text(one.ratio),
               number_text(one.low), number_text(one.high), number_text(one.least), number_text(one.greatest),
               number_text(one.loss_ratio)});
  write_file(run / "circuit_ratios.csv", table.csv());
}

}  // namespace skein::experiments
