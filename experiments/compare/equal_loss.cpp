#include "experiments/compare/equal_loss.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "experiments/measures/measures.hpp"
#include "experiments/rows/row_methods.hpp"
#include "experiments/statistics/statistics.hpp"
#include "experiments/statistics/table.hpp"
#include "lib/base/file.hpp"
#include "lib/base/median.hpp"

namespace skein::experiments {
namespace {

constexpr const char* reference_method = "dense-adam";
const double most_beyond = std::log10(1.25);  // of the losses of dense networks

/// A network with a loss: its numbers, larger the more factored.
struct Looked {
  RowKey key;
  double log_loss = 0;
  std::vector<double> values;  ///< by measure; NaN: absent
};

struct SidedMeasure {
  std::string name;
  bool less_is_factored = false;
};

/// Those of the table that have a side, and what networks say of each other.
std::vector<SidedMeasure> sided_measures() {
  std::vector<SidedMeasure> measures;
  for (const MeasureDefinition& measure : measure_table())
    if (measure.factored != Side::neither)
      measures.push_back({std::string(measure.name), measure.factored == Side::lower});
  measures.push_back({"cross_participation", true});
  return measures;
}

/// A least-squares line, and what a further point may differ from it.
class DenseLine {
 public:
  /// Nothing for too few points, or for losses that are all the same.
  static std::optional<DenseLine> through(const std::vector<std::pair<double, double>>& points) {
    if (points.size() < fewest_dense) return std::nullopt;
    DenseLine line;
    line.count_ = static_cast<double>(points.size());
    for (const auto& [x, y] : points) line.x_ += x / line.count_, line.y_ += y / line.count_;
    double across = 0;
    for (const auto& [x, y] : points) {
      line.spread_ += (x - line.x_) * (x - line.x_);
      across += (x - line.x_) * (y - line.y_);
    }
    if (!(line.spread_ > 1e-12)) return std::nullopt;
    line.slope_ = across / line.spread_;
    double left = 0;
    for (const auto& [x, y] : points) left += std::pow(y - line.at(x), 2);
    line.deviation_ = std::sqrt(left / (line.count_ - 2));
    line.least_ = std::ranges::min(points, {}, [](const auto& p) { return p.first; }).first;
    line.most_ = std::ranges::max(points, {}, [](const auto& p) { return p.first; }).first;
    if (!(line.deviation_ > 0)) return std::nullopt;
    return line;
  }

  bool covers(double x) const { return x >= least_ - most_beyond && x <= most_ + most_beyond; }
  /// Distance to the line in standard errors of a prediction there.
  double excess(double x, double y) const {
    return (y - at(x)) / (deviation_ * std::sqrt(1 + 1 / count_ + (x - x_) * (x - x_) / spread_));
  }
  /// The excess beyond which one dense network in forty lies.
  double limit() const { return student_t975(static_cast<std::size_t>(count_) - 2); }
  std::size_t count() const { return static_cast<std::size_t>(count_); }

 private:
  double at(double x) const { return y_ + slope_ * (x - x_); }
  double count_ = 0, x_ = 0, y_ = 0, spread_ = 0, slope_ = 0, deviation_ = 0, least_ = 0, most_ = 0;
};

bool is_reference(const RowKey& key) {
  return key.method == reference_method && std::ranges::all_of(key.variant, [](const auto& option) {
           return option.first == "bar" || option.first == "steps";
         });
}

using Group = std::pair<std::string, int>;  // target and depth

class Looker {
 public:
  explicit Looker(const RowSource& rows) : measures_(sided_measures()) {
    rows([&](const CompareRow& row) { add(row); });
    std::map<Group, std::vector<const Looked*>> dense;
    for (const Looked& one : networks_)
      if (is_reference(one.key)) dense[{one.key.target, one.key.depth}].push_back(&one);
    for (const auto& [group, members] : dense)
      for (std::size_t m = 0; m < measures_.size(); ++m) {
        std::vector<std::pair<double, double>> points;
        for (const Looked* one : members)
          if (std::isfinite(one->values[m])) points.emplace_back(one->log_loss, one->values[m]);
        if (const auto line = DenseLine::through(points)) lines_.emplace(std::pair{group, m}, *line);
      }
  }

  EqualLossTable table() const {
    EqualLossTable table;
    for (const RowKey& way : ways_)
      for (std::size_t m = 0; m < measures_.size(); ++m) {
        const auto line = lines_.find({{way.target, way.depth}, m});
        if (line == lines_.end()) continue;
        table.ways.push_back(look_at(way, m, line->second));
        for (const char* control : {"shuffle", "random", "shuffle-transferred"})
          if (auto beside = against(way, m, line->second, control)) table.controls.push_back(*beside);
      }
    return table;
  }

 private:
  void add(const CompareRow& row) {
    if (!has_network(row.status) || row.measures.empty() || !(row.best_loss > 0)) return;
    Looked one{row.key, std::log10(row.best_loss), {}};
    for (const SidedMeasure& measure : measures_)
      one.values.push_back((measure.less_is_factored ? -1 : 1) * value_of(row, measure.name));
    const RowKey way = without_seed(row.key);
    if (std::ranges::find(ways_, way) == ways_.end()) ways_.push_back(way);
    places_.emplace(row.key, networks_.size());
    by_way_[way].push_back(networks_.size());
    networks_.push_back(std::move(one));
  }

  EqualLoss look_at(const RowKey& way, std::size_t m, const DenseLine& line) const {
    EqualLoss result{.key = way, .measure = measures_[m].name, .dense = line.count()};
    std::vector<double> losses;
    for (const std::size_t place : by_way_.at(way)) {
      const Looked& one = networks_[place];
      if (!std::isfinite(one.values[m])) continue;
      if (!line.covers(one.log_loss)) {
        ++result.outside;
        continue;
      }
      const double excess = line.excess(one.log_loss, one.values[m]);
      ++result.networks;
      result.excess += excess;
      result.beyond += excess > line.limit() ? 1 : 0;
      losses.push_back(std::pow(10, one.log_loss));
    }
    result.excess = result.networks > 0 ? result.excess / static_cast<double>(result.networks) : std::nan("");
    result.loss = losses.empty() ? std::nan("") : median(losses);
    return result;
  }

  /// The networks that a control is made of, or that have its place in the run: of its seed, count and options.
  std::optional<EqualLossControl> against(const RowKey& way, std::size_t m, const DenseLine& line,
                                          const char* control) const {
    const RowMethod* method = find_method(way.method);
    if (way.method == control || !method || method->family == RowFamily::control) return std::nullopt;
    std::vector<double> differences;
    for (const std::size_t place : by_way_.at(way)) {
      const Looked& one = networks_[place];
      RowKey key = one.key;
      key.method = control;
      auto other = places_.find(key);
      if (other == places_.end() && way.count > 0) {  // a way of its own is beside the controls of plain SP
        key.variant.clear();
        other = places_.find(key);
      }
      if (other == places_.end()) continue;
      const Looked& its = networks_[other->second];
      if (!line.covers(one.log_loss) || !line.covers(its.log_loss)) continue;
      const double difference =
          line.excess(one.log_loss, one.values[m]) - line.excess(its.log_loss, its.values[m]);
      if (std::isfinite(difference)) differences.push_back(difference);
    }
    if (differences.size() < 2) return std::nullopt;
    return EqualLossControl{way,
                            measures_[m].name,
                            control,
                            differences.size(),
                            student_interval(differences).mean,
                            sign_flip_p(differences)};
  }

  const std::vector<SidedMeasure> measures_;
  std::vector<Looked> networks_;
  std::vector<RowKey> ways_;
  std::map<RowKey, std::vector<std::size_t>> by_way_;
  std::map<RowKey, std::size_t> places_;
  std::map<std::pair<Group, std::size_t>, DenseLine> lines_;
};

}  // namespace

EqualLossTable equal_loss(const RowSource& rows) { return Looker(rows).table(); }

void write_equal_loss(const std::filesystem::path& run, const RowSource& rows) {
  const EqualLossTable found = equal_loss(rows);
  if (found.ways.empty()) return;
  Table ways({"target", "method", "measure", "dense", "networks", "outside", "beyond", "excess", "loss"});
  for (const EqualLoss& one : found.ways)
    ways.add({one.key.target, id_of(one.key), one.measure, std::to_string(one.dense),
              std::to_string(one.networks), std::to_string(one.outside), std::to_string(one.beyond),
              number_text(one.excess), number_text(one.loss)});
  write_file(run / "equal_loss.csv", ways.csv());
  Table controls({"target", "method", "measure", "control", "pairs", "difference", "p"});
  for (const EqualLossControl& one : found.controls)
    controls.add({one.key.target, id_of(one.key), one.measure, one.control, std::to_string(one.pairs),
                  number_text(one.difference), number_text(one.p)});
  write_file(run / "equal_loss_controls.csv", controls.csv());
}

}  // namespace skein::experiments
