#include "experiments/campaign/cost_probe.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "experiments/rows/rows_recursive.hpp"
#include "experiments/runs/session.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/base/seconds_since.hpp"
#include "sgd/mlp/initial_weights.hpp"
#include "sgd/prune/prune_random.hpp"
#include "sgd/train/train.hpp"

namespace skein::experiments {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::int64_t few_steps = 8;

/// Of some tries' seconds of a step the lower third; 0 where there is none.
double typical_seconds(std::vector<double> times) {
  if (times.empty()) return 0;
  std::ranges::sort(times);
  return times[times.size() / 3];
}

/// Seconds of one step of a recursion, from short trainings of it.
double recursion_step_seconds(const RecursionJob& job) {
  constexpr int most = 32;
  constexpr double long_enough = 0.1;  // seconds
  std::vector<double> times;
  const auto start = Clock::now();
  for (int i = 0; i < most && (times.empty() || seconds_since(start) < long_enough); ++i) try {
      const auto trained = run_recursion_training(job, {}, {});
      times.push_back(trained->seconds / static_cast<double>(trained->steps_now));
    } catch (const NumericError&) {
      break;
    }
  return typical_seconds(std::move(times));
}

/// A network like the row's, with as many weights as it has on average while it is trained.
sgd::Mlp network_like(const RowTarget& target, const RowOptions& options, const RowKey& key, double edges) {
  const RowMethod& method = *find_method(key.method);
  if (method.needs_genome || method.transferred) {
    sgd::Mlp mlp;
    mlp.wiring = method.transferred ? transferred_wiring(options) : target.evolved->wiring;
    mlp.weights = sgd::initial_weights(mlp.wiring, {.seed = 1});
    return mlp;
  }
  sgd::Mlp dense = dense_start(target, options, key.depth, 1, method.rectified);
  const auto count = static_cast<std::int64_t>(std::llround(edges));
  if (count < 1 || count >= dense.wiring.weight_count()) return dense;
  return sgd::restrict_to(dense, sgd::keep_random(dense.wiring, count, 1));
}

double bytes_in(const fs::path& folder) {
  double bytes = 0;
  std::error_code ignored;
  for (const auto& entry : fs::recursive_directory_iterator(folder, ignored))
    if (entry.is_regular_file(ignored)) bytes += static_cast<double>(entry.file_size(ignored));
  return bytes;
}

}  // namespace

CostProbe::CostProbe(const RowContext& context, const RowPlan& plan, double budget,
                     const ProgressListener& listener)
    : context_(context), plan_(plan), small_(context), budget_(budget), listener_(listener) {
  std::string name = (fs::temp_directory_path() / "skein-estimate-").string() + std::string(6, 'X');
  if (!::mkdtemp(name.data())) throw FormatError(name + ": no temporary folder can be made");
  small_.run = name;
  TrainingOptions& training = small_.settings.options.training;
  training.steps = few_steps;
  training.rewind_step = 0;
  training.warmup = std::min(training.warmup, few_steps);
  small_plan_.by_target = plan.by_target;
}

CostProbe::~CostProbe() {
  std::error_code ignored;
  fs::remove_all(small_.run, ignored);
}

double CostProbe::left() const { return start_ ? budget_ - seconds_since(*start_) : budget_; }

RowTimer CostProbe::timer() {
  return {[this](const PlannedRow& planned, bool is_parent) { return time(planned, is_parent); },
          [this] { return left(); }};
}

/// Seconds of one step: the lower third of some tries.
double CostProbe::step_seconds(const PlannedRow& planned, const TrainingWork& work) {
  const RowTarget& target = context_.target_of(planned);
  const RowOptions options = options_of(context_.settings, planned.key);
  sgd::TrainSettings settings = options.training.settings(0);
  if (const auto arm = find_method(planned.key.method)->arm) {
    settings.steps = few_steps;
    settings.warmup = std::min(settings.warmup, few_steps);
    RecursionJob job = recursion_job(*arm, options, settings, target.picture);
    job.bar = 0;
    return recursion_step_seconds(job);
  }
  const sgd::Mlp mlp = network_like(target, options, planned.key, work.edges);
  settings.steps = std::max<std::int64_t>(settings.steps, 1'000'000);
  settings.rewind_step = 0;
  sgd::Trainer trainer(sgd::picture_problem(mlp.wiring, target.picture), settings, mlp.weights);
  constexpr int fewest = 4, most = 256;
  constexpr double long_enough = 0.1;  // seconds
  std::vector<double> times;
  const auto start = Clock::now();
  for (int step = 0; step < most && (step < fewest || seconds_since(start) < long_enough); ++step) {
    const auto before = Clock::now();
    try {
      trainer.step();
    } catch (const NumericError&) {
      break;
    }
    times.push_back(seconds_since(before));
  }
  return typical_seconds(std::move(times));
}

/// The row's key as a row of few steps has it.
RowKey CostProbe::small_key(RowKey key) const {
  std::erase_if(key.variant, [](const auto& part) {
    return part.first == "steps" || part.first == "rewind-step" || part.first == "warmup";
  });
  return key;
}

PlannedRow CostProbe::small_parent(const PlannedRow& parent) {
  return {small_key(parent.key), parent.target, no_row, no_row};
}

/// The row in the small plan, with what it needs of others there and made.
PlannedRow CostProbe::small_row(const PlannedRow& planned) {
  PlannedRow small{small_key(planned.key), planned.target, no_row, no_row};
  if (planned.parent != no_row) {
    const PlannedRow parent = small_parent(plan_.parents[static_cast<std::size_t>(planned.parent)]);
    make(parent, true);
    small.parent = static_cast<std::int32_t>(small_plan_.parents.size());
    small_plan_.parents.push_back(parent);
  }
  if (planned.like != no_row) {
    const PlannedRow like = small_row(plan_.rows[static_cast<std::size_t>(planned.like)]);
    make(like, false);
    small.like = static_cast<std::int32_t>(small_plan_.rows.size());
    small_plan_.rows.push_back(like);
  }
  return small;
}

/// Makes a row or parent of few steps, once.
CostProbe::Made CostProbe::make(const PlannedRow& small, bool is_parent) {
  const fs::path record = is_parent ? small_.record_of_parent(small.key) : small_.record_of_row(small.key);
  const auto [found, is_new] = made_.try_emplace(record.string());
  if (!is_new) return found->second;
  const auto may_write = [] { return true; };
  const auto start = Clock::now();
  bool is_whole = true;
  if (is_parent) {
    if (!make_parent(small_, small, may_write, listener_)) throw Interrupted("stopped; nothing was written");
  } else {
    const auto row = make_row(small_, small_plan_, small, may_write, listener_);
    if (!row) throw Interrupted("stopped; nothing was written");
    is_whole = row->status == RowStatus::done || row->status == RowStatus::retried;
  }
  found->second = {seconds_since(start), bytes_in(record.parent_path()), is_whole};
  return found->second;
}

TimedRow CostProbe::time(const PlannedRow& planned, bool is_parent) {
  if (!listener_({"estimating the cost", 0, 0, {}})) throw Interrupted("stopped; nothing was written");
  if (!start_) start_ = Clock::now();
  TimedRow timed;
  try {
    const PlannedRow small = is_parent ? small_parent(planned) : small_row(planned);
    const bool has_own_parent = std::ranges::any_of(
        small_plan_.parents, [&](const PlannedRow& parent) { return parent.key == small.key; });
    const TrainingWork work =
        is_parent ? parent_work(context_, planned) : training_work(context_, planned, false);
    const TrainingWork done =
        is_parent ? parent_work(small_, small) : training_work(small_, small, has_own_parent);
    if (work.steps > 0) timed.step = step_seconds(planned, work);
    const Made made = make(small, is_parent);
    if (!made.is_whole) return {};  // cut short by what few steps do: its time says nothing
    constexpr double least = 0.1;   // of what it took, when its few steps seem to have taken more
    timed.rest = std::max(made.seconds - static_cast<double>(done.steps) * timed.step, least * made.seconds);
    constexpr double line_of_curve = 20, most_lines = 2000;  // loss.csv, bytes and lines
    timed.bytes = made.bytes + line_of_curve * std::min(most_lines, static_cast<double>(work.steps));
  } catch (const Interrupted&) {
    throw;
  } catch (const Error&) {  // rows that cannot be made are estimated by the others
    if (!listener_({"estimating the cost", 0, 0, {}})) throw Interrupted("stopped; nothing was written");
    return {};
  }
  return timed;
}

}  // namespace skein::experiments
