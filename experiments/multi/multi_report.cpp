#include "experiments/multi/multi_report.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "experiments/figures/plots.hpp"
#include "experiments/multi/multi_rows.hpp"
#include "experiments/records/json_file.hpp"
#include "experiments/statistics/spread.hpp"
#include "experiments/statistics/statistics.hpp"
#include "experiments/statistics/table.hpp"

namespace skein::experiments {
namespace {

using Json = nlohmann::ordered_json;

/// The kinds and depths that there are, in the order of the rows.
std::vector<std::pair<MultiKind, int>> groups_of(const std::vector<MultiRow>& rows) {
  std::vector<std::pair<MultiKind, int>> groups;
  for (const MultiRow& row : rows)
    if (const std::pair group(row.key.kind, row.key.offset); std::ranges::find(groups, group) == groups.end())
      groups.push_back(group);
  return groups;
}

/// A number of every row of a group that has it.
template <class Number>
std::vector<double> numbers_of(const std::vector<MultiRow>& rows, const std::pair<MultiKind, int>& group,
                               const Number& number) {
  std::vector<double> found;
  for (const MultiRow& row : rows)
    if (row.key.kind == group.first && row.key.offset == group.second)
      if (const std::optional<double> value = number(row)) found.push_back(*value);
  return found;
}

std::optional<double> shared_of(const MultiRow& row) {
  return row.sharing ? std::optional(row.sharing->shared) : std::nullopt;
}
std::optional<double> chance_of(const MultiRow& row) {
  return row.sharing ? std::optional(row.sharing->by_chance) : std::nullopt;
}
std::optional<double> difference_of(const MultiRow& row) { return row.d_abl; }

std::string spread_text(const std::vector<double>& values) {
  if (values.empty()) return "-";
  const Spread of = spread(values);
  return number_text(of.mean, 3) + " (" + number_text(of.low, 3) + " to " + number_text(of.high, 3) + ")";
}

/// One number of a kind by depth, with its band.
template <class Number>
Series series_of(const std::vector<MultiRow>& rows, MultiKind kind, const std::string& named, int colour,
                 const Number& number) {
  Series series{.name = named, .colour = colour};
  for (const auto& group : groups_of(rows)) {
    if (group.first != kind) continue;
    const auto values = numbers_of(rows, group, number);
    if (values.empty()) continue;
    const auto depth = std::ranges::find_if(
        rows, [&](const MultiRow& row) { return row.key.kind == kind && row.key.offset == group.second; });
    const Spread of = spread(values);
    series.x.push_back(depth->depth);
    series.y.push_back(of.mean), series.low.push_back(of.low), series.high.push_back(of.high);
  }
  return series;
}

}  // namespace

std::optional<double> mean_loss(const MultiRow& row) {
  if (row.losses.empty()) return {};
  double sum = 0;
  for (const double loss : row.losses) sum += std::log(std::max(loss, 1e-12));
  return std::exp(sum / static_cast<double>(row.losses.size()));
}

std::vector<AgainstHeads> against_heads(const std::vector<MultiRow>& rows) {
  std::vector<AgainstHeads> all;
  for (std::size_t k = 0; k < multi_kinds; ++k) {
    const auto kind = static_cast<MultiKind>(k);
    if (kind == MultiKind::heads) continue;
    std::vector<double> logs;
    for (const MultiRow& row : rows) {
      const auto loss = mean_loss(row);
      if (row.key.kind != kind || !loss) continue;
      for (const MultiRow& other : rows)
        if (other.key.kind == MultiKind::heads && other.key.offset == row.key.offset &&
            other.key.seed == row.key.seed)
          if (const auto of_heads = mean_loss(other)) logs.push_back(std::log(*of_heads / *loss));
    }
    if (logs.empty()) continue;
    const Interval interval = student_interval(logs);
    all.push_back({kind, logs.size(), std::exp(spread(logs).mean), std::exp(interval.low),
                   std::exp(interval.high), sign_flip_p(logs)});
  }
  return all;
}

std::string multi_csv(const std::vector<MultiRow>& rows, const std::vector<MultiTarget>& targets) {
  Table table(
      {"kind", "offset", "depth", "width", "seed", "numbers", "weights_each", "picture", "loss", "failed"});
  for (const MultiRow& row : rows)
    for (std::size_t k = 0; k < targets.size(); ++k)
      table.add({std::string(name(row.key.kind)), std::to_string(row.key.offset), std::to_string(row.depth),
                 std::to_string(row.width), std::to_string(row.key.seed), std::to_string(row.numbers),
                 std::to_string(row.weights_each), targets[k].name,
                 row.losses.empty() ? "" : number_text(row.losses[k]), row.failed});
  return table.csv();
}

std::string sharing_csv(const std::vector<MultiRow>& rows) {
  Table table({"kind", "offset", "depth", "seed", "units", "needed", "shared", "by_chance", "pictures_a_unit",
               "d_abl"});
  for (const MultiRow& row : rows)
    if (row.sharing)
      table.add({std::string(name(row.key.kind)), std::to_string(row.key.offset), std::to_string(row.depth),
                 std::to_string(row.key.seed), std::to_string(row.sharing->units),
                 std::to_string(row.sharing->needed), number_text(row.sharing->shared),
                 number_text(row.sharing->by_chance), number_text(row.sharing->pictures_a_unit),
                 row.d_abl ? number_text(*row.d_abl) : ""});
  return table.csv();
}

std::string against_csv(const std::vector<MultiRow>& rows) {
  Table table({"against", "pairs", "loss_ratio", "low", "high", "p"});
  for (const AgainstHeads& one : against_heads(rows))
    table.add({std::string(name(one.kind)), std::to_string(one.pairs), number_text(one.ratio),
               number_text(one.low), number_text(one.high), number_text(one.p)});
  return table.csv();
}

Json multi_json(const std::vector<MultiRow>& rows, const std::vector<MultiTarget>& targets) {
  Json json{{"pictures", Json::array()}, {"rows", Json::array()}, {"against_heads", Json::array()}};
  for (const MultiTarget& target : targets) json["pictures"].push_back(target.name);
  for (const MultiRow& row : rows) json["rows"].push_back(to_json(row));
  for (const AgainstHeads& one : against_heads(rows))
    json["against_heads"].push_back({{"kind", name(one.kind)},
                                     {"pairs", one.pairs},
                                     {"loss_ratio", finite_or_null(one.ratio)},
                                     {"low", finite_or_null(one.low)},
                                     {"high", finite_or_null(one.high)},
                                     {"p", one.p}});
  return json;
}

std::string multi_text(const std::vector<MultiRow>& rows) {
  char line[256];
  std::snprintf(line, sizeof line, "%-34s %5s %5s %8s  %-26s %-22s %-8s %s\n", "", "depth", "width",
                "weights", "loss, of one colour's", "shared units", "chance", "dAbl");
  std::string text = line;
  for (const auto& group : groups_of(rows)) {
    const auto row = std::ranges::find_if(rows, [&](const MultiRow& one) {
      return one.key.kind == group.first && one.key.offset == group.second;
    });
    const auto chance = numbers_of(rows, group, chance_of);
    std::snprintf(line, sizeof line, "%-34s %5d %5d %8lld  %-26s %-22s %-8s %s\n",
                  std::string(words_for(group.first)).c_str(), row->depth, row->width,
                  static_cast<long long>(row->numbers),
                  spread_text(numbers_of(rows, group, mean_loss)).c_str(),
                  spread_text(numbers_of(rows, group, shared_of)).c_str(),
                  chance.empty() ? "-" : number_text(spread(chance).mean, 3).c_str(),
                  spread_text(numbers_of(rows, group, difference_of)).c_str());
    text += line;
  }
  for (const AgainstHeads& one : against_heads(rows)) {
    std::snprintf(line, sizeof line,
                  "loss with heads over that of %s: %.3g (%.3g to %.3g), %zu pairs, p %.4f\n",
                  std::string(words_for(one.kind)).c_str(), one.ratio, one.low, one.high, one.pairs, one.p);
    text += line;
  }
  for (const MultiRow& row : rows)
    if (!row.failed.empty()) text += row.key.id() + ": " + row.failed + "\n";
  return text;
}

Drawing multi_figure(const std::vector<MultiRow>& rows, const std::string& title) {
  std::vector<Series> losses, shares;
  for (std::size_t k = 0; k < multi_kinds; ++k) {
    const auto kind = static_cast<MultiKind>(k);
    Series loss = series_of(rows, kind, std::string(words_for(kind)), static_cast<int>(k), mean_loss);
    if (!loss.x.empty()) losses.push_back(std::move(loss));
    Series shared = series_of(rows, kind, std::string(words_for(kind)), static_cast<int>(k), shared_of);
    if (shared.x.empty()) continue;
    shares.push_back(std::move(shared));
    shares.push_back(
        series_of(rows, kind, "the same by chance", static_cast<int>(k + multi_kinds), chance_of));
  }
  std::vector<Drawing> panels{curve_plot(losses, {.title = title + ": loss",
                                                  .x_label = "hidden layers",
                                                  .y_label = "of one colour's loss, geometric mean",
                                                  .log_y = true})};
  if (!shares.empty())
    panels.push_back(curve_plot(shares, {.title = title + ": units that several pictures need",
                                         .x_label = "hidden layers",
                                         .y_label = "share of the needed units"}));
  return small_multiples(panels, 2);
}

}  // namespace skein::experiments
