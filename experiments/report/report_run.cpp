#include "experiments/report/report_run.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "experiments/runs/digest.hpp"
#include "experiments/runs/json_file.hpp"
#include "experiments/runs/training_job.hpp"
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

/// A run of `train`: its network is the only row.
void add_trained_network(ReportRun& run) {
  CompareRow row;
  row.key.method = "trained network";
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
  std::string& title = run.results.about.title;
  if (title.empty()) title = fs::absolute(folder).lexically_normal().filename().string();
  if (title.empty()) title = "run";
  run.analysis = analyse(run.results.rows);
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
    const std::string bytes = read_file(*file);
    if (!row.network_digest.empty() && digest_of(bytes) != row.network_digest)
      throw FormatError(file->string() + ": is not the network that its row recorded");
    return sgd::decode_mlp(bytes, file->string());
  } catch (const Error& error) {
    run.troubles.emplace_back(error.what());
    return {};
  }
}

}  // namespace skein::experiments
