#include "experiments/basin/gathered_runs.hpp"

#include <algorithm>
#include <cmath>

#include "experiments/figures/plots.hpp"
#include "experiments/records/json_file.hpp"
#include "experiments/runs/run_folder.hpp"
#include "experiments/statistics/table.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"

namespace skein::experiments {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_table = std::size_t{64} << 20;  // bytes

/// Adds a run's table below the others.
void add_table(std::string& all, const fs::path& file, const std::string& run) {
  if (!fs::exists(file)) return;
  const std::string table = read_file(file, longest_table);
  const std::size_t end = table.find('\n');
  if (end == std::string::npos || end + 1 == table.size()) return;  // no lines
  const std::string head = "run," + table.substr(0, end + 1);
  if (all.empty()) all = head;
  if (!all.starts_with(head)) throw FormatError(file.string() + ": its columns are those of another version");
  for (std::size_t at = end + 1; at < table.size();) {
    const std::size_t next = std::min(table.size(), table.find('\n', at) + 1);
    all += csv_field(run) + "," + table.substr(at, next - at);
    at = next;
  }
}

/// The folder's own name, also of "runs/skull/".
std::string name_of(const fs::path& folder) {
  const fs::path path = fs::weakly_canonical(folder);
  return path.filename().string();
}

DotRow row_of(const std::string& name, double value, double low, double high, int colour) {
  DotRow row{.name = name, .values = {value}, .colour = colour};
  row.low = {low};
  row.high = {high};
  return row;
}

}  // namespace

GatheredRuns gather_runs(const std::vector<fs::path>& folders) {
  GatheredRuns gathered;
  for (const fs::path& folder : folders) {
    if (!is_finished_run(folder) || command_of_run(folder) != "basin")
      throw ConfigError(folder.string() + ": no finished run of skein basin");
    const std::string name = name_of(folder);
    if (std::ranges::any_of(gathered.runs, [&](const auto& run) { return run.first == name; }))
      throw ConfigError("--gather: two runs are called " + name);
    add_table(gathered.census, folder / "census.csv", name);
    add_table(gathered.arrivals, folder / "arrivals.csv", name);
    add_table(gathered.half_way, folder / "half_way.csv", name);
    add_table(gathered.mechanisms, folder / "mechanisms.csv", name);
    add_table(gathered.minibatches, folder / "minibatches.csv", name);
    gathered.runs.emplace_back(name, read_json(folder / "basin.json"));
    gathered.core_hours += gathered.runs.back().second.value("core_hours", 0.0);
  }
  return gathered;
}

Drawing gathered_figure(const GatheredRuns& gathered) {
  std::vector<DotRow> shares, returns;
  for (const auto& [name, json] : gathered.runs) {
    int colour = 0;
    for (const auto& cell : json.at("wirings"))
      shares.push_back(row_of(name + ": " + cell.at("name").get<std::string>() + " (" +
                                  std::to_string(cell.at("starts").get<std::int64_t>()) + ")",
                              cell.at("share").get<double>(), cell.at("low").get<double>(),
                              cell.at("high").get<double>(), colour++));
    colour = 0;
    for (const auto& radius : json.at("radius"))
      if (radius.at("where") == "all")
        returns.push_back(row_of(name + ": " + radius.at("network").get<std::string>(),
                                 number_or_nan(radius.at("half_way")), number_or_nan(radius.at("low")),
                                 number_or_nan(radius.at("high")), colour++));
  }
  std::vector<Drawing> panels{
      dot_plot(shares, {.title = "random starts that arrive (of so many), 95 %", .x_label = "share"})};
  if (!returns.empty())
    panels.push_back(dot_plot(returns, {.title = "noise on all weights from which half return, 95 %",
                                        .x_label = "relative noise",
                                        .log_x = true}));
  return small_multiples(panels, 2);
}

}  // namespace skein::experiments
