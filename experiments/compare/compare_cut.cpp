#include "experiments/compare/compare_cut.hpp"

#include <algorithm>
#include <cstdio>

#include "experiments/compare/compare_parent.hpp"
#include "experiments/figures/feature_figure.hpp"
#include "experiments/runs/pruning_job.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/picture/image.hpp"
#include "sgd/mlp/mlp_file.hpp"

namespace skein::experiments {
namespace {

namespace fs = std::filesystem;

constexpr int figure_side = 48;  // pixels of each unit's map

/// round_NN with an ending.
std::string round_file(int round, const char* ending) {
  char text[32];
  std::snprintf(text, sizeof text, "round_%02d%s", round, ending);
  return text;
}

Grid figure_grid(const Picture& target) {
  const double scale = static_cast<double>(figure_side) / std::max(target.width, target.height);
  const auto side = [&](int n) { return std::max(2, static_cast<int>(n * scale)); };
  return {side(target.width), side(target.height)};
}

PruningJob job_of(const CompareTask& task, const PlannedRow& planned, Parent parent,
                  const sgd::TrainSettings& settings) {
  PruningJob job;
  job.method = planned.method.pruning;
  job.request.mlp = std::move(parent.mlp);
  job.request.target = task.target;
  job.request.count = planned.count;
  if (!planned.like.empty()) {
    const fs::path like = row_folder(task, planned.like) / "network.mlp";
    if (!fs::exists(like)) throw ConfigError("there is no network of " + planned.like + " to match");
    job.request.like = sgd::read_mlp(like).wiring;
    job.request.count = job.request.like.weight_count();
  }
  job.training = settings;
  job.training.steps = settings.steps - parent.steps;
  job.training.rewind_step = 0;
  job.request.lottery.rewind_step = settings.rewind_step;
  job.request.seed = planned.seed.value_or(0);
  return job;
}

/// One curve of all rounds.
std::string curve_of(const fs::path& folder, std::size_t rounds, std::int64_t before) {
  std::string csv = "step,loss\n";
  for (std::size_t round = 1; round <= rounds; ++round) {
    const fs::path file = folder / round_file(static_cast<int>(round), ".csv");
    if (!fs::exists(file)) continue;  // a round without steps
    std::int64_t last = 0;
    for (const auto& [step, loss] : read_loss_curve(file)) {
      char line[64];
      std::snprintf(line, sizeof line, "%lld,%.9g\n", static_cast<long long>(before + step), loss);
      csv += line;
      last = step;
    }
    before += last;
  }
  return csv;
}

}  // namespace

std::optional<CutNetwork> cut_network(const CompareTask& task, const PlannedRow& planned,
                                      const sgd::TrainSettings& settings, const fs::path& folder,
                                      const ProgressListener& listener) {
  make_folder(folder);
  const Parent parent = read_parent(task, planned.base);
  sgd::OnRound on_round;
  if (planned.method.pruning == "sp")
    on_round = [&](const sgd::PruneRound& round, const sgd::Mlp& mlp) {
      write_png(folder / round_file(round.round, ".png"),
                rasterise(feature_figure(view_of(mlp), {.grid = figure_grid(task.target)})));
    };
  const auto pruned = run_pruning(job_of(task, planned, parent, settings), folder, book_in(folder), listener,
                                  on_round, loss_window(settings.steps));
  if (!pruned) return std::nullopt;
  CutNetwork made;
  made.mlp = pruned->mlp;
  made.loss = pruned->rounds.back().loss;
  made.best_loss = pruned->rounds.back().best_loss;
  made.steps = parent.steps;
  for (const sgd::PruneRound& round : pruned->rounds) made.steps += round.steps;
  made.curve = curve_of(folder, pruned->rounds.size(), parent.steps);
  made.trouble = parent.trouble;
  return made;
}

}  // namespace skein::experiments
