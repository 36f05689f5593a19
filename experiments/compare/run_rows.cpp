#include "experiments/compare/run_rows.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <iterator>
#include <map>
#include <mutex>
#include <set>

#include "experiments/records/json_file.hpp"
#include "experiments/records/task_graph.hpp"
#include "experiments/rows/row_measures.hpp"
#include "experiments/rows/shared_progress.hpp"
#include "experiments/runs/session.hpp"
#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"
#include "lib/base/seconds_since.hpp"

namespace skein::experiments {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

/// Rows are tasks 0 to n - 1, parents those after them.
class RowRun {
 public:
  RowRun(const RowContext& context, const RowPlan& plan, const RunRowsOptions& options,
         const ProgressListener& listener)
      : context_(context),
        plan_(plan),
        options_(options),
        wanted_(plan.rows.size() + plan.parents.size()),
        finished_(wanted_.size()),
        progress_(work_of_all(), plan.rows.size(), listener) {}

  RunRowsOutcome run() {
    look();
    choose();
    const TaskGraph graph = graph_of();
    run_tasks(
        graph, wanted_, order(), [this](std::size_t task) { return do_task(task); },
        [this] { return !is_over() && options_.wait && options_.wait() && progress_.tell(); });
    if (progress_.stopped()) throw Interrupted("stopped; the same command resumes " + context_.run.string());
    outcome_.finished =
        static_cast<std::size_t>(std::count(finished_.begin(), finished_.begin() + rows(), 1));
    return std::move(outcome_);
  }

 private:
  std::ptrdiff_t rows() const { return static_cast<std::ptrdiff_t>(plan_.rows.size()); }

  std::vector<std::int64_t> work_of_all() const {
    std::vector<std::int64_t> steps;
    std::map<std::pair<std::string, Variant>, std::int64_t> known;
    const auto steps_like = [&](const RowKey& key) {
      const auto [found, is_new] = known.try_emplace({key.method, key.variant}, 0);
      if (is_new) found->second = steps_of(context_.settings, key);
      return found->second;
    };
    for (const PlannedRow& row : plan_.rows) steps.push_back(steps_like(row.key));
    for (const PlannedRow& parent : plan_.parents)
      steps.push_back(parent_steps(options_of(context_.settings, parent.key)));
    return steps;
  }

  /// Which of the rows that are ours, or that ours need, lie finished in the folder.
  void look() {
    std::vector<std::uint8_t> matters = options_.mine;
    if (matters.empty()) matters.assign(plan_.rows.size(), 1);
    for (std::size_t i = plan_.rows.size(); i-- > 0;)
      if (matters[i] && plan_.rows[i].like != no_row) matters[at(plan_.rows[i].like)] = 1;
    parallel_for(plan_.rows.size(), [&](std::size_t i) {
      if (!matters[i]) return;
      const auto row = finished_row(context_, plan_.rows[i].key);
      finished_[i] = row && !lacks_measures(*row);
    });
    for (std::size_t i = 0; i < plan_.rows.size(); ++i)
      if (finished_[i]) progress_.finish(i);
  }

  /// The rows that are to be made here, and what they need.
  void choose() {
    for (std::size_t i = plan_.rows.size(); i-- > 0;)
      wanted_[i] = !finished_[i] && (options_.mine.empty() || options_.mine[i]);
    for (std::size_t i = 0; i < plan_.rows.size(); ++i) {
      const std::int32_t like = plan_.rows[i].like;
      if (wanted_[i] && like != no_row && !finished_[at(like)]) wanted_[at(like)] = 1;
    }
    for (std::size_t i = 0; i < plan_.rows.size(); ++i)
      if (wanted_[i] && plan_.rows[i].parent != no_row)
        wanted_[plan_.rows.size() + at(plan_.rows[i].parent)] = 1;
    for (std::size_t p = 0; p < options_.parents.size(); ++p)
      if (options_.parents[p]) wanted_[plan_.rows.size() + p] = 1;
    for (std::size_t p = 0; p < plan_.parents.size(); ++p)
      if (!wanted_[plan_.rows.size() + p]) progress_.finish(plan_.rows.size() + p);
  }

  static std::size_t at(std::int32_t index) { return static_cast<std::size_t>(index); }

  TaskGraph graph_of() const {
    TaskGraph graph(wanted_.size());
    std::map<RowKey, std::size_t> parents;
    for (std::size_t p = 0; p < plan_.parents.size(); ++p)
      if (wanted_[plan_.rows.size() + p]) parents.emplace(plan_.parents[p].key, plan_.rows.size() + p);
    for (std::size_t i = 0; i < plan_.rows.size(); ++i) {
      const PlannedRow& row = plan_.rows[i];
      if (row.parent != no_row) graph.need(i, plan_.rows.size() + at(row.parent));
      else if (const auto own = parents.find(row.key); own != parents.end()) graph.need(i, own->second);
      if (row.like != no_row) graph.need(i, at(row.like));
    }
    return graph;
  }

  /// Parents first, then the rows that others wait for, then the others.
  std::vector<std::uint32_t> order() const {
    std::vector<std::uint8_t> awaited(plan_.rows.size());
    for (const PlannedRow& row : plan_.rows)
      if (row.like != no_row) awaited[at(row.like)] = 1;
    std::vector<std::uint32_t> tasks;
    for (std::size_t p = plan_.rows.size(); p < wanted_.size(); ++p)
      tasks.push_back(static_cast<std::uint32_t>(p));
    for (const int first : {1, 0})
      for (std::size_t i = 0; i < plan_.rows.size(); ++i)
        if (awaited[i] == first) tasks.push_back(static_cast<std::uint32_t>(i));
    return tasks;
  }

  bool is_over() const { return progress_.stopped() || hopeless_; }

  TaskResult do_task(std::size_t task) {
    if (is_over()) return TaskResult::left;
    const bool is_row = task < plan_.rows.size();
    const PlannedRow& planned = is_row ? plan_.rows[task] : plan_.parents[task - plan_.rows.size()];
    try {
      return is_row ? do_row(task, planned) : do_parent(task, planned);
    } catch (const Overtaken&) {
      return TaskResult::elsewhere;
    } catch (const std::exception& e) {
      const std::scoped_lock lock(mutex_);
      if (!progress_.stopped()) note_trouble({planned.key, context_.hash_of_row(planned.key), e.what()});
      return TaskResult::left;
    }
  }

  /// The right to make something; nothing when another process has it.
  std::unique_ptr<Claim> claim(const std::string& what) const {
    return options_.claim ? options_.claim(what) : std::make_unique<OwnClaim>();
  }

  /// Makes one thing whose right is held: `make` says whether it has, `fail` records that it is given up for a cause,
  /// which may be known already or come of this try. Nothing when it is settled either way. Work that ends with an error
  /// because its right was lost has not failed: Overtaken.
  template <class Make, class Fail>
  std::optional<TaskResult> attempt(const PlannedRow& planned, const std::string& hash, Claim& right,
                                    const Make& make, const Fail& fail) {
    try {
      if (const auto cause = given_up(hash)) fail(*cause);
      else if (!make()) return progress_.stopped() ? TaskResult::left : TaskResult::elsewhere;
      if (!right.held()) return TaskResult::elsewhere;
    } catch (const std::exception& e) {
      if (!right.held()) throw Overtaken("another process has taken this over");
      if (progress_.stopped()) return TaskResult::left;
      const std::scoped_lock lock(mutex_);
      note_trouble({planned.key, hash, e.what()});
      if (options_.troubled) options_.troubled(outcome_.troubles.back());
      const auto cause = given_up(hash);
      if (!cause) return TaskResult::left;
      fail(*cause);
    }
    return {};
  }

  TaskResult do_row(std::size_t task, const PlannedRow& planned) {
    // Another process may have finished it since we looked, and again between this look and our claim.
    if (options_.claim && done_elsewhere(task, planned) == TaskResult::finished) return TaskResult::finished;
    const std::unique_ptr<Claim> right = claim(context_.hash_of_row(planned.key));
    if (!right) return TaskResult::elsewhere;
    if (options_.claim && done_elsewhere(task, planned) == TaskResult::finished) return TaskResult::finished;
    const std::string hash = context_.hash_of_row(planned.key);
    const auto start = Clock::now();
    const auto listener = progress_.of(task);
    std::optional<CompareRow> row;
    const auto unsettled = attempt(
        planned, hash, *right,
        [&] {
          row = make_row(
              context_, plan_, planned, [&] { return right->held(); },
              [&](const Progress& progress) { return right->held() && listener(progress); });
          return row.has_value();
        },
        [&](const std::string& cause) { row = record_failed(context_, plan_, planned, cause); });
    if (unsettled) return *unsettled;
    const double seconds = seconds_since(start);
    {
      const std::scoped_lock lock(mutex_);
      finish(task);
      ++outcome_.made;
      troubles_in_a_row_ = 0;
      if (options_.made) options_.made(*row, seconds);
    }
    refresh();
    return TaskResult::finished;
  }

  TaskResult done_elsewhere(std::size_t task, const PlannedRow& planned) {
    const auto row = finished_row(context_, planned.key);
    if (!row || lacks_measures(*row)) return TaskResult::elsewhere;
    const std::scoped_lock lock(mutex_);
    finish(task);
    return TaskResult::finished;
  }

  TaskResult do_parent(std::size_t task, const PlannedRow& planned) {
    if (has_parent(context_, planned.key)) {
      finish(task);
      return TaskResult::finished;
    }
    const std::string hash = "parent-" + context_.hash_of_row(planned.key);
    const std::unique_ptr<Claim> right = claim(hash);
    if (!right) return TaskResult::elsewhere;
    const auto start = Clock::now();
    const auto listener = progress_.of(task);
    bool made = false;
    const auto unsettled = attempt(
        planned, hash, *right,
        [&] {
          return made = make_parent(
                     context_, planned, [&] { return right->held(); },
                     [&](const Progress& progress) { return right->held() && listener(progress); });
        },
        [&](const std::string& cause) { record_failed_parent(context_, planned, cause); });
    if (unsettled) return *unsettled;
    const std::scoped_lock lock(mutex_);
    finish(task);
    if (made) troubles_in_a_row_ = 0;
    if (made && options_.parent_made) options_.parent_made(planned.key, seconds_since(start));
    return TaskResult::finished;
  }

  void finish(std::size_t task) {
    finished_[task] = 1;
    progress_.finish(task);
  }

  std::optional<std::string> given_up(const std::string& hash) const {
    return options_.given_up ? options_.given_up(hash) : std::nullopt;
  }

  void note_trouble(RowTrouble trouble) {
    outcome_.troubles.push_back(std::move(trouble));
    if (++troubles_in_a_row_ >= options_.most_troubles) hopeless_ = true;
  }

  /// Brings results up to date, so seldom that it takes a small part of the time; others go on meanwhile.
  void refresh() {
    constexpr double least = 2, share = 50;  // seconds; times as long as it took
    const std::unique_lock alone(refresh_, std::try_to_lock);
    if (!alone || !options_.refresh || seconds_since(refreshed_) < std::max(least, share * refreshing_))
      return;
    const auto start = Clock::now();
    options_.refresh();
    refreshed_ = Clock::now();
    refreshing_ = seconds_since(start);
  }

  /// For a process that has the run to itself.
  struct OwnClaim : Claim {
    bool held() override { return true; }
  };

  const RowContext& context_;
  const RowPlan& plan_;
  const RunRowsOptions& options_;
  std::vector<std::uint8_t> wanted_, finished_;
  SharedProgress progress_;
  std::mutex mutex_, refresh_;
  RunRowsOutcome outcome_;
  std::atomic<bool> hopeless_ = false;
  int troubles_in_a_row_ = 0;
  Clock::time_point refreshed_ = Clock::now();
  double refreshing_ = 0;
};

/// The records below rows/ that no row of the plan has, in the order of their paths.
std::vector<fs::path> records_beside(const RowContext& context, const RowPlan& plan) {
  std::set<fs::path> known, beside;
  for (const PlannedRow& row : plan.rows) known.insert(context.record_of_row(row.key));
  std::error_code ignored;
  const fs::path rows = context.run / "rows";
  for (const auto& entry : fs::directory_iterator(rows, ignored)) {
    if (!context.by_target) {
      if (const fs::path record = entry.path() / "row.json"; fs::exists(record, ignored))
        beside.insert(record);
      continue;
    }
    for (const auto& row : fs::directory_iterator(entry.path(), ignored))
      if (const fs::path record = row.path() / "row.json"; fs::exists(record, ignored)) beside.insert(record);
  }
  std::vector<fs::path> left;
  std::ranges::set_difference(beside, known, std::back_inserter(left));
  return left;
}

}  // namespace

RunRowsOutcome run_rows(const RowContext& context, const RowPlan& plan, const RunRowsOptions& options,
                        const ProgressListener& listener) {
  return RowRun(context, plan, options, listener).run();
}

RowSource finished_rows(const RowContext& context, const RowPlan& plan) {
  return [&context, &plan](const std::function<void(const CompareRow&)>& each) {
    for (const PlannedRow& planned : plan.rows)
      if (const auto row = finished_row(context, planned.key)) each(*row);
  };
}

RowSource all_rows(const RowContext& context, const RowPlan& plan) {
  return [&context, &plan](const std::function<void(const CompareRow&)>& each) {
    finished_rows(context, plan)(each);
    for (const fs::path& record : records_beside(context, plan)) try {
        const auto json = read_json(record);
        if (!json.is_object() || !json.contains("key")) continue;
        const RowKey key = row_key_from_json(json["key"], record.string());
        if (context.record_of_row(key) != record) continue;
        if (const auto row = finished_row(context, key)) each(*row);
      } catch (const FormatError&) {
      }
  };
}

}  // namespace skein::experiments
