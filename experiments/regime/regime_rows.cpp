#include "experiments/regime/regime_rows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "experiments/measures/measures.hpp"
#include "experiments/nets/target_picture.hpp"
#include "experiments/rows/depth_axis.hpp"
#include "lib/base/error.hpp"
#include "sgd/prune/pruning.hpp"

namespace skein::experiments {
namespace {

constexpr double absent = std::numeric_limits<double>::quiet_NaN();

/// Puts rows into the targets of a campaign.
class RegimeReader {
 public:
  explicit RegimeReader(const Campaign& campaign)
      : campaign_(campaign), settings_(campaign.request().settings) {
    for (std::size_t t = 0; t < campaign.targets().size(); ++t) {
      const RowTarget& target = campaign.targets().at(t);
      const std::string& own = settings_.options.architecture;
      architectures_.push_back(sgd::parse_architecture(own.empty() ? target.architecture : own));
      RegimeTarget made;
      made.name = target.name;
      made.base_depth = architectures_.back().depth;
      if (target.has_genome()) made.own_depth = made.base_depth;
      made.seeds = settings_.seeds;
      made.picture = measure_picture(load_target(campaign.targets().argument(t), measured_side).picture);
      targets_.push_back(std::move(made));
      places_.emplace(target.name, t);
    }
  }

  std::vector<RegimeTarget> read() {
    for (const PlannedRow& planned : campaign_.plan().rows) plan(planned);
    campaign_.rows()([&](const CompareRow& row) { add(row); });
    return std::move(targets_);
  }

 private:
  void plan(const PlannedRow& planned) {
    RegimeTarget& target = targets_[planned.target];
    ++target.planned;
    const int depth = target.base_depth + planned.key.depth;
    const auto at = std::ranges::lower_bound(target.depths, depth);
    if (at == target.depths.end() || *at != depth) target.depths.insert(at, depth);
    connection_of(planned.target, planned.key);
  }

  std::size_t connection_of(std::size_t t, const RowKey& key) {
    RegimeTarget& target = targets_[t];
    Connection connection{key.method, key.variant, keep_of(t, key), {}};
    const auto found = std::ranges::find(target.connections, connection);
    if (found != target.connections.end())
      return static_cast<std::size_t>(found - target.connections.begin());
    RowKey plain = key;
    plain.count = 0, plain.depth = 0;
    connection.label = label_of(plain) + (connection.keep.empty() ? "" : ", " + connection.keep);
    target.connections.push_back(std::move(connection));
    return target.connections.size() - 1;
  }

  /// The --keep that gave the row's count at its depth; the count itself where none did.
  std::string keep_of(std::size_t t, const RowKey& key) const {
    if (key.count == 0) return {};
    const std::int64_t dense =
        dense_weights(at_offset(architectures_[t], key.depth, width_rule(options_of(settings_, key).widths)));
    for (const std::string& keep : settings_.keep)
      if (sgd::keep_count(sgd::parse_keep(keep), dense) == key.count) return keep;
    return std::to_string(key.count);
  }

  void add(const CompareRow& row) {
    const std::size_t t = places_.at(row.key.target);
    RegimeRow made;
    made.connection = connection_of(t, row.key);
    made.depth = targets_[t].base_depth + row.key.depth;
    made.seed = row.key.seed.value_or(0);
    made.status = row.status;
    const double bar = settings_.options.bar;
    const RowMethod* method = find_method(row.key.method);
    made.never = bar > 0 && has_network(row.status) && method && method->trains && !(row.best_loss < bar);
    for (const RegimeColumn& column : regime_columns())
      made.values.push_back(made.never || !has_network(row.status) ? absent : value_of(row, column.name));
    targets_[t].rows.push_back(std::move(made));
  }

  const Campaign& campaign_;
  const CompareSettings& settings_;
  std::vector<sgd::Architecture> architectures_;
  std::vector<RegimeTarget> targets_;
  std::map<std::string, std::size_t> places_;
};

std::vector<RegimeColumn> make_columns() {
  std::vector<RegimeColumn> columns{{"loss", "mean squared error", -1, true}};
  for (const MeasureDefinition& measure : measure_table())
    columns.push_back({std::string(measure.name), std::string(measure.unit),
                       measure.factored == Side::lower ? -1.0 : 1.0,
                       measure.in_verdict && measure.factored != Side::neither});
  return columns;
}

}  // namespace

double RegimeColumn::judged_value(double value) const {
  return sign * (name == "loss" ? std::log10(value) : value);
}

std::string Connection::name() const {
  return variant.empty() ? method : method + ":" + variant_text(variant);
}

const std::vector<RegimeColumn>& regime_columns() {
  static const std::vector<RegimeColumn> columns = make_columns();
  return columns;
}

std::size_t regime_column(std::string_view name) {
  std::string judged;
  for (std::size_t c = 0; c < regime_columns().size(); ++c) {
    const RegimeColumn& column = regime_columns()[c];
    if (!column.judged) continue;
    if (column.name == name) return c;
    judged += (judged.empty() ? "" : ", ") + column.name;
  }
  throw ConfigError("measure '" + std::string(name) + "': targets are judged by one of " + judged);
}

std::vector<RegimeTarget> regime_targets(const Campaign& campaign) { return RegimeReader(campaign).read(); }

}  // namespace skein::experiments
