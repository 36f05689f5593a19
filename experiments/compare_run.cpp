#include "experiments/compare_run.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <iterator>
#include <map>
#include <mutex>

#include "experiments/compare_measure.hpp"
#include "experiments/finding.hpp"
#include "experiments/json_file.hpp"
#include "experiments/wiring_measures.hpp"
#include "lib/error.hpp"
#include "lib/file.hpp"
#include "lib/parallel.hpp"
#include "sgd/mlp_file.hpp"

namespace skein::experiments {
namespace {

namespace fs = std::filesystem;

/// The work of all rows as one progress, told by many threads.
class SharedProgress {
 public:
  SharedProgress(const CompareTask& task, const std::vector<PlannedRow>& plan,
                 const ProgressListener& listener)
      : done_(plan.size()), rows_(plan.size()), listener_(listener) {
    for (const PlannedRow& row : plan) total_ += steps_of(task, row);
  }
  /// The listener of row `index`.
  ProgressListener of(std::size_t index) {
    return [this, index](const Progress& progress) {
      done_[index] = progress.done;
      return tell();
    };
  }
  void finish(std::size_t index, std::int64_t steps) {
    done_[index] = steps;
    ++finished_;
    tell();
  }
  bool stopped() const { return stopped_; }
  /// Shows where things stand; false when the user asked to stop.
  bool tell() {
    std::int64_t sum = 0;
    for (const auto& steps : done_) sum += steps;
    const bool go_on =
        listener_({"training steps of all rows",
                   sum,
                   total_,
                   {{"rows", static_cast<double>(finished_)}, {"of", static_cast<double>(rows_)}}});
    if (!go_on) stopped_ = true;
    return go_on;
  }

 private:
  std::vector<std::atomic<std::int64_t>> done_;
  std::atomic<std::int64_t> finished_ = 0;
  std::atomic<bool> stopped_ = false;
  std::int64_t total_ = 0;
  std::size_t rows_;
  const ProgressListener& listener_;
};

CompareRow failed_row(const PlannedRow& planned, const std::string& cause) {
  CompareRow row;
  row.id = planned.id;
  row.name = planned.name;
  row.label = planned.label;
  row.family = planned.method.family;
  row.seed = planned.seed;
  row.status = RowStatus::failed;
  row.note = cause;
  return row;
}

/// Rows that lie finished in the folder, by id.
std::map<std::string, CompareRow> finished_rows(const fs::path& run) {
  std::map<std::string, CompareRow> rows;
  if (!fs::exists(run / "rows")) return rows;
  for (const auto& entry : fs::directory_iterator(run / "rows"))
    if (const fs::path file = entry.path() / "row.json"; fs::exists(file)) {
      CompareRow row = row_from_json(read_json(file), file.string());
      rows.emplace(row.id, std::move(row));
    }
  return rows;
}

class Comparison {
 public:
  Comparison(const CompareTask& task, const std::vector<PlannedRow>& plan, CompareResults results,
             const RunFolder& run, const ProgressListener& listener)
      : task_(task), plan_(plan), results_(std::move(results)), run_(run), progress_(task, plan, listener) {}

  CompareResults run() {
    rows_ = finished_rows(task_.run);
    for (std::size_t i = 0; i < plan_.size(); ++i)
      if (rows_.contains(plan_[i].id)) progress_.finish(i, steps_of(task_, plan_[i]));
    const std::vector<std::size_t> left = unfinished();
    parallel_for(left.size(), [&](std::size_t i) { make(left[i]); });
    if (progress_.stopped()) throw Interrupted("stopped; the same command resumes " + task_.run.string());
    write();
    return results_;
  }

 private:
  std::vector<std::size_t> unfinished() const {
    std::vector<std::size_t> left;
    for (std::size_t i = 0; i < plan_.size(); ++i)
      if (!rows_.contains(plan_[i].id)) left.push_back(i);
    return left;
  }

  void make(std::size_t index) {
    if (progress_.stopped()) return;
    const PlannedRow& planned = plan_[index];
    const auto start = std::chrono::steady_clock::now();
    CompareRow row;
    try {
      const auto made = make_row(task_, planned, progress_.of(index));
      if (!made) return;
      row = *made;
      if (!row.network.empty()) measure(row);
    } catch (const ConfigError& e) {
      row = failed_row(planned, e.what());
    } catch (const NumericError& e) {
      row = failed_row(planned, e.what());
    } catch (const Error&) {
      if (progress_.stopped()) return;
      throw;
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const fs::path folder = task_.run / "rows" / row.id;
    make_folder(folder);
    write_file(folder / "row.json", to_json(row).dump(1) + "\n");
    const std::scoped_lock lock(mutex_);
    run_.record({{"row", row.id}, {"status", name(row.status)}, {"seconds", seconds}});
    rows_.emplace(row.id, std::move(row));
    progress_.finish(index, steps_of(task_, planned));
    write();
  }

  /// What `skein score` says of the row's network, then what its wiring says.
  void measure(CompareRow& row) {
    const sgd::Mlp mlp = sgd::read_mlp(task_.run / row.network);
    row.measures =
        measures_of(mlp, task_.settings.budget, [this](const Progress&) { return progress_.tell(); });
    std::ranges::move(wiring_measures(mlp, task_.evolved ? &*task_.evolved : nullptr, row.seed.value_or(0)),
                      std::back_inserter(row.measures));
  }

  /// results.json and results.csv: the plan's rows in their order, then what earlier starts made beside them.
  void write() {
    results_.rows.clear();
    for (const PlannedRow& planned : plan_)
      if (const auto row = rows_.find(planned.id); row != rows_.end()) results_.rows.push_back(row->second);
    for (const auto& [id, row] : rows_)
      if (std::ranges::find(plan_, id, &PlannedRow::id) == plan_.end()) results_.rows.push_back(row);
    results_.finding = finding(results_.rows);
    write_results(task_.run, results_);
  }

  const CompareTask& task_;
  const std::vector<PlannedRow>& plan_;
  CompareResults results_;
  const RunFolder& run_;
  SharedProgress progress_;
  std::mutex mutex_;
  std::map<std::string, CompareRow> rows_;
};

}  // namespace

CompareResults run_comparison(const CompareTask& task, const std::vector<PlannedRow>& plan,
                              CompareResults results, const RunFolder& run,
                              const ProgressListener& listener) {
  return Comparison(task, plan, std::move(results), run, listener).run();
}

}  // namespace skein::experiments
