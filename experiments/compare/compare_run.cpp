#include "experiments/compare/compare_run.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <iterator>
#include <map>
#include <mutex>

#include "experiments/compare/compare_measure.hpp"
#include "experiments/compare/compare_parent.hpp"
#include "experiments/compare/finding.hpp"
#include "experiments/measures/wiring_measures.hpp"
#include "experiments/runs/json_file.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/base/parallel.hpp"
#include "sgd/mlp/mlp_file.hpp"

namespace skein::experiments {
namespace {

namespace fs = std::filesystem;

/// The work of all rows, and of the parents of some, as one progress told by many threads.
class SharedProgress {
 public:
  SharedProgress(std::vector<std::int64_t> steps, std::size_t rows, const ProgressListener& listener)
      : steps_(std::move(steps)), done_(steps_.size()), rows_(rows), listener_(listener) {
    for (const std::int64_t some : steps_) total_ += some;
  }
  /// The listener of one work. It may come in several parts, each counted from 0.
  ProgressListener of(std::size_t work) {
    return [this, work, before = std::int64_t{0}, last = std::int64_t{0}](const Progress& progress) mutable {
      if (progress.done < last) before += last;
      last = progress.done;
      done_[work] = std::min(before + last, steps_[work]);
      return tell();
    };
  }
  void finish(std::size_t work) {
    done_[work] = steps_[work];
    if (work < rows_) ++finished_;
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
  std::vector<std::int64_t> steps_;
  std::vector<std::atomic<std::int64_t>> done_;
  std::atomic<std::int64_t> finished_ = 0;
  std::atomic<bool> stopped_ = false;
  std::int64_t total_ = 0;
  std::size_t rows_;
  const ProgressListener& listener_;
};

/// The dense rows whose networks rows of the plan are cut from, each once.
std::vector<PlannedRow> bases_of(const std::vector<PlannedRow>& plan) {
  std::vector<PlannedRow> bases;
  for (const PlannedRow& row : plan)
    if (!row.base.empty() && std::ranges::find(bases, row.base, &PlannedRow::id) == bases.end())
      bases.push_back(base_of(row));
  return bases;
}

/// Steps of the plan's rows, then of the parents.
std::vector<std::int64_t> steps_of_all(const CompareTask& task, const std::vector<PlannedRow>& plan,
                                       const std::vector<PlannedRow>& bases) {
  std::vector<std::int64_t> steps;
  for (const PlannedRow& row : plan) steps.push_back(steps_of(task, row));
  for (const PlannedRow& base : bases) steps.push_back(parent_steps(steps_of(task, base)));
  return steps;
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
      : task_(task),
        plan_(plan),
        bases_(bases_of(plan)),
        results_(std::move(results)),
        run_(run),
        progress_(steps_of_all(task, plan, bases_), plan.size(), listener) {}

  CompareResults run() {
    rows_ = finished_rows(task_.run);
    for (std::size_t i = 0; i < plan_.size(); ++i)
      if (rows_.contains(plan_[i].id)) progress_.finish(i);
    make_parents();
    // What is like another row comes after it; SP comes first of all because others wait for it.
    make_all([](const PlannedRow& row) { return row.like.empty(); });
    make_all([](const PlannedRow& row) { return !row.like.empty(); });
    if (progress_.stopped()) throw Interrupted("stopped; the same command resumes " + task_.run.string());
    write();
    return results_;
  }

 private:
  void make_parents() {
    std::vector<std::size_t> left;
    for (std::size_t b = 0; b < bases_.size(); ++b)
      if (std::ranges::any_of(plan_, [&](const PlannedRow& row) {
            return row.base == bases_[b].id && !rows_.contains(row.id);
          }))
        left.push_back(b);
      else progress_.finish(plan_.size() + b);
    parallel_for(left.size(), [&](std::size_t i) {
      const std::size_t work = plan_.size() + left[i];
      try {
        if (progress_.stopped() || !make_parent(task_, bases_[left[i]], progress_.of(work))) return;
      } catch (const NumericError& e) {
        const std::scoped_lock lock(mutex_);
        lost_parents_.emplace(bases_[left[i]].id, e.what());
      }
      progress_.finish(work);
    });
  }

  template <class Which>
  void make_all(Which which) {
    std::vector<std::size_t> left;
    for (std::size_t i = 0; i < plan_.size(); ++i)
      if (which(plan_[i]) && !rows_.contains(plan_[i].id)) left.push_back(i);
    std::ranges::stable_partition(left, [&](std::size_t i) { return plan_[i].method.name == "sp"; });
    parallel_for(left.size(), [&](std::size_t i) { make(left[i]); });
  }

  CompareRow failed_row(const PlannedRow& planned, const std::string& cause) const {
    CompareRow row = blank_row(task_, planned);
    row.status = RowStatus::failed;
    row.note = cause;
    return row;
  }

  void make(std::size_t index) {
    if (progress_.stopped()) return;
    const PlannedRow& planned = plan_[index];
    const auto start = std::chrono::steady_clock::now();
    CompareRow row;
    try {
      if (const auto lost = lost_parents_.find(planned.base); lost != lost_parents_.end())
        throw NumericError("its dense parent failed twice: " + lost->second);
      const auto made = make_row(task_, planned, progress_.of(index));
      if (!made) return;
      row = *made;
      if (!row.network.empty() && row.status != RowStatus::blank) measure(row);
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
    progress_.finish(index);
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
  const std::vector<PlannedRow> bases_;
  CompareResults results_;
  const RunFolder& run_;
  SharedProgress progress_;
  std::mutex mutex_;
  std::map<std::string, CompareRow> rows_;
  std::map<std::string, std::string> lost_parents_;  ///< id of the dense row, cause
};

}  // namespace

CompareResults run_comparison(const CompareTask& task, const std::vector<PlannedRow>& plan,
                              CompareResults results, const RunFolder& run,
                              const ProgressListener& listener) {
  return Comparison(task, plan, std::move(results), run, listener).run();
}

}  // namespace skein::experiments
