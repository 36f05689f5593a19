#include "experiments/report/report_run.hpp"

#include <algorithm>
#include <cmath>

#include "experiments/runs/json_file.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "sgd/mlp/mlp_file.hpp"

namespace skein::experiments {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t largest_configuration = 1 << 20;

/// Takes the rows that are finished on disk but not yet in results.json.
void add_rows_of_folders(ReportRun& run) {
  std::error_code ignored;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(run.folder / "rows", ignored))
    if (fs::is_regular_file(entry.path() / "row.json", ignored)) files.push_back(entry.path() / "row.json");
  std::ranges::sort(files);
  for (const fs::path& file : files) try {
      CompareRow row = row_from_json(read_json(file), file.string());
      if (std::ranges::find(run.results.rows, row.id, &CompareRow::id) == run.results.rows.end())
        run.results.rows.push_back(std::move(row));
    } catch (const Error& error) {
      run.troubles.emplace_back(error.what());
    }
}

/// A run of `train`: its network is the only row.
void add_trained_network(ReportRun& run) {
  CompareRow row;
  row.id = row.name = "trained";
  row.label = "trained network";
  row.family = RowFamily::dense;
  row.network = "network.mlp";
  if (fs::exists(run.folder / "picture.png")) row.picture = "picture.png";
  if (fs::exists(run.folder / "loss.csv")) row.loss_curve = "loss.csv";
  try {
    const sgd::Mlp mlp = sgd::read_mlp(run.folder / row.network);
    row.arch = sgd::architecture_of(mlp.wiring).text();
    row.weights = mlp.wiring.weight_count();
    row.nonzero = std::ranges::count_if(mlp.weights, [](float w) { return w != 0; });
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
  if (fs::exists(folder / "results.json", ignored)) try {
      run.results = read_results(folder);
    } catch (const Error& error) {
      run.troubles.emplace_back(error.what());
    }
  add_rows_of_folders(run);
  if (run.results.rows.empty() && fs::exists(folder / "network.mlp", ignored)) add_trained_network(run);
  const bool compared = fs::exists(folder / "results.json", ignored) || fs::exists(folder / "rows", ignored);
  if (run.results.rows.empty() && !compared)
    throw FormatError(folder.string() + ": no results.json, rows or network.mlp: not a run to report");
  if (fs::is_regular_file(folder / "config.toml", ignored)) try {
      run.configuration = read_file(folder / "config.toml", largest_configuration);
    } catch (const Error& error) {
      run.troubles.emplace_back(error.what());
    }
  run.finished = fs::exists(folder / "result.json", ignored);
  if (run.results.title.empty())
    run.results.title = fs::absolute(folder).lexically_normal().filename().string();
  if (run.results.title.empty()) run.results.title = "run";
  return run;
}

std::optional<fs::path> file_of(const ReportRun& run, const std::string& relative) {
  const fs::path path(relative);
  if (relative.empty() || path.is_absolute() || std::ranges::find(path, fs::path("..")) != path.end())
    return {};
  return run.folder / path;
}

std::optional<sgd::Mlp> network_of(ReportRun& run, const CompareRow& row) {
  const auto file = file_of(run, row.network);
  if (!file) return {};
  try {
    return sgd::read_mlp(*file);
  } catch (const Error& error) {
    run.troubles.emplace_back(error.what());
    return {};
  }
}

}  // namespace skein::experiments
