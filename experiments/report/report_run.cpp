#include "experiments/report/report_run.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "experiments/compare/cross_rows.hpp"
#include "experiments/jobs/training_job.hpp"
#include "experiments/records/digest.hpp"
#include "experiments/records/json_file.hpp"
#include "experiments/rows/row_methods.hpp"
#include "experiments/rows/row_network.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/picture/image.hpp"

namespace skein::experiments {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t largest_configuration = 1 << 20;

/// Takes the rows that are finished on disk but not yet in results.json.
void add_rows_of_folders(ReportRun& run) {
  std::error_code ignored;
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(run.folder / "rows", ignored))
    if (entry.path().filename() == "row.json" && entry.is_regular_file(ignored))
      files.push_back(entry.path());
  std::ranges::sort(files);
  std::set<RowKey> known;
  for (const CompareRow& row : run.results.rows) known.insert(row.key);
  for (const fs::path& file : files) try {
      const auto json = read_json(file);
      if (!json.is_object() || !json.contains("status") || json.value("made", false)) continue;  // unfinished
      CompareRow row = row_from_json(json, file.string());
      if (is_finished(row.status) && known.insert(row.key).second) run.results.rows.push_back(std::move(row));
    } catch (const Error& error) {
      run.troubles.emplace_back(error.what());
    }
}

/// Methods in the order of their table, then as in a plan.
void sort_as_in_tables(std::vector<CompareRow>& rows) {
  const auto place = [](const CompareRow& row) {
    const RowMethod* method = find_method(row.key.method);
    const std::ptrdiff_t index = method ? method - row_methods().data() : std::ssize(row_methods());
    const bool is_cut = row.key.count > 0;
    return std::tuple(row.key.target, is_cut, is_cut ? std::abs(row.key.depth) : 0, -row.key.count, index,
                      row.key);
  };
  std::ranges::sort(rows, {}, place);
}

/// What networks said of each other, which no row's own record holds.
void add_cross_values(ReportRun& run) {
  try {
    const CrossValues values = read_cross_book(run.folder).values;
    for (CompareRow& row : run.results.rows) add_cross_value(row, values);
  } catch (const Error& error) {
    run.troubles.emplace_back(error.what());
  }
}

/// The file of the network that a run of `train` left in its folder; empty: none.
std::string trained_network_in(const fs::path& folder) {
  std::error_code ignored;
  for (const char* file : {"network.mlp", "network.recursion"})
    if (fs::exists(folder / file, ignored)) return file;
  return {};
}

/// A run of `train`: its network is the only row.
void add_trained_network(ReportRun& run) {
  CompareRow row;
  row.key.method = "trained network";
  row.network = trained_network_in(run.folder);
  if (fs::exists(run.folder / "picture.png")) row.picture = "picture.png";
  if (fs::exists(run.folder / "loss.csv")) row.loss_curve = "loss.csv";
  try {
    const NetworkCounts counts = counts_of(network_of_row(run.folder, row));
    row.arch = counts.arch, row.weights = counts.weights, row.nonzero = counts.nonzero;
    if (!row.loss_curve.empty()) {
      const auto curve = read_loss_curve(run.folder / row.loss_curve);
      if (!curve.empty()) row.steps = curve.back().first, row.loss = curve.back().second;
      for (const auto& [step, loss] : curve) row.best_loss = std::fmin(row.best_loss, loss);
    }
  } catch (const Error& error) {
    run.troubles.emplace_back(error.what());
  }
  run.results.rows.push_back(std::move(row));
}

}  // namespace

ReportRun read_report_run(const fs::path& folder) {
  ReportRun run;
  run.folder = folder;
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) throw FormatError(folder.string() + ": there is no such folder");
  const bool is_campaign = fs::exists(folder / "campaign.json", ignored);
  // A campaign's rows may be too many for one document: they are read from their folders, one by one.
  if (is_campaign) run.results.about.by_target = true;
  if (!is_campaign && fs::exists(folder / "results.json", ignored)) try {
      run.results = read_results(folder);
    } catch (const Error& error) {
      run.troubles.emplace_back(error.what());
    }
  add_rows_of_folders(run);
  if (is_campaign) sort_as_in_tables(run.results.rows);
  add_cross_values(run);
  if (run.results.rows.empty() && !trained_network_in(folder).empty()) add_trained_network(run);
  const bool compared = fs::exists(folder / "results.json", ignored) || fs::exists(folder / "rows", ignored);
  if (run.results.rows.empty() && !compared)
    throw FormatError(folder.string() +
                      ": no results.json, rows, network.mlp or network.recursion: not a run to report");
  if (fs::is_regular_file(folder / "config.toml", ignored)) try {
      run.configuration = read_file(folder / "config.toml", largest_configuration);
    } catch (const Error& error) {
      run.troubles.emplace_back(error.what());
    }
  run.finished = fs::exists(folder / "result.json", ignored);
  std::string& title = run.results.about.title;
  if (title.empty()) title = fs::absolute(folder).lexically_normal().filename().string();
  if (title.empty()) title = "run";
  run.analysis = analyse(run.results.rows);
  return run;
}

std::vector<ReportRun> read_report_runs(const fs::path& folder) {
  ReportRun all = read_report_run(folder);
  if (!all.results.about.by_target) {
    std::vector<ReportRun> one;
    one.push_back(std::move(all));
    return one;
  }
  std::map<std::string, std::vector<CompareRow>> rows;
  std::vector<std::string> targets;
  for (CompareRow& row : all.results.rows) {
    if (!rows.contains(row.key.target)) targets.push_back(row.key.target);
    rows[row.key.target].push_back(std::move(row));
  }
  all.results.rows.clear();
  std::vector<ReportRun> runs;
  for (const std::string& target : targets) {
    ReportRun& run = runs.emplace_back(all);
    run.results.about.title = target;
    run.results.rows = std::move(rows[target]);
    run.analysis = analyse(run.results.rows);
    run.target_picture = "targets/" + file_name(target) + ".png";
    if (&run != &runs.front()) run.troubles.clear();
    try {
      const Image picture = read_image(folder / run.target_picture);
      run.results.about.width = picture.width, run.results.about.height = picture.height;
    } catch (const Error& error) {
      run.troubles.emplace_back(error.what());
    }
  }
  if (runs.empty()) runs.push_back(std::move(all));
  return runs;
}

std::optional<fs::path> file_of(const ReportRun& run, const std::string& relative) {
  const fs::path path(relative);
  if (relative.empty() || path.is_absolute() || std::ranges::find(path, fs::path("..")) != path.end())
    return {};
  return run.folder / path;
}

std::optional<Net> network_of(ReportRun& run, const CompareRow& row) {
  if (!file_of(run, row.network)) return {};
  try {
    return network_of_row(run.folder, row);
  } catch (const Error& error) {
    run.troubles.emplace_back(error.what());
    return {};
  }
}

}  // namespace skein::experiments
