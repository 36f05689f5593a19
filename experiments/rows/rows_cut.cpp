// The rows that are cut from the dense parent of their seed: one for each way of pruning.
#include <algorithm>
#include <cstdio>
#include <utility>

#include "experiments/drawing/figure_file.hpp"
#include "experiments/figures/feature_figure.hpp"
#include "experiments/jobs/training_job.hpp"
#include "experiments/rows/row_methods.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/picture/image.hpp"

namespace skein::experiments {
namespace {

namespace fs = std::filesystem;

constexpr int round_figure_side = 48;  // pixels of each unit's map

/// round_NN with an ending.
std::string round_file(int round, const char* ending) {
  char text[32];
  std::snprintf(text, sizeof text, "round_%02d%s", round, ending);
  return text;
}

Grid round_figure_grid(const Picture& target) {
  const double scale = static_cast<double>(round_figure_side) / std::max(target.width, target.height);
  const auto side = [&](int n) { return std::max(2, static_cast<int>(n * scale)); };
  return {side(target.width), side(target.height)};
}

/// One curve of all rounds, counted on from the parent's steps.
std::string curve_of_rounds(const fs::path& folder, std::size_t rounds, std::int64_t before) {
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

std::optional<MadeRow> cut(const RowWork& work, const sgd::PruneMethod& method) {
  Parent parent = work.parent();
  PruningJob job;
  job.method = method.name;
  job.request.mlp = std::move(parent.mlp);
  job.request.target = work.target.picture;
  job.request.count = work.key.count;
  job.request.seed = work.key.seed.value_or(0);
  job.request.lottery.rewind_step = work.settings.rewind_step;
  if (method.takes("rounds")) job.request.rounds = work.options.rounds;
  if (method.is_control()) {
    job.request.like = work.like().wiring;
    job.request.count = job.request.like.weight_count();
  }
  job.training = work.settings;
  job.training.steps = work.settings.steps - parent.steps;
  job.training.rewind_step = 0;
  job.training.penalty = {};  // it is the parent's
  job.bar = work.options.bar;
  RoundBook book = work.rounds;
  std::vector<RoundRecord> records = book.rounds;
  book.write = [&records, write = book.write](const std::vector<RoundRecord>& rounds) {
    records = rounds;
    if (write) write(rounds);
  };
  sgd::OnRound on_round;
  // What it does to the units is worth a look, but not ten thousand: where depth is an axis, at the target's own.
  if (method.chooses_count && work.key.depth == 0)
    on_round = [&](const sgd::PruneRound& round, const sgd::Mlp& mlp) {
      write_figure(work.folder / round_file(round.round, ".png"),
                   feature_figure(view_of(mlp), {.grid = round_figure_grid(work.target.picture)}));
    };
  const auto pruned = run_pruning(job, work.folder, std::move(book), work.listener, on_round,
                                  loss_window(work.settings.steps));
  if (!pruned) return std::nullopt;
  MadeRow made;
  made.network = net_of(pruned->mlp, work.key.method, NetSource::run);
  made.loss = pruned->rounds.back().loss;
  made.best_loss = pruned->rounds.back().best_loss;
  made.steps = parent.steps;
  for (const sgd::PruneRound& round : pruned->rounds) made.steps += round.steps;
  made.curve = curve_of_rounds(work.folder, pruned->rounds.size(), parent.steps);
  made.trouble = parent.trouble;
  made.rounds = std::move(records);
  return made;
}

}  // namespace

RowMethod cut_row(const sgd::PruneMethod& method) {
  const bool is_sp = method.name == "sp";
  RowMethod row{.name = std::string(method.row_name),
                .label = std::string(method.label),
                .note = std::string(method.note),
                .family = method.is_control() ? RowFamily::control : RowFamily::pruned,
                .in_quick = method.in_quick,
                .at_depths = is_sp,
                .only_named = method.only_named,
                .is_cut = true,
                .in_rounds = method.takes("rounds") || method.is_control(),  // of what it matches
                .like = method.is_control() ? "sp" : ""};
  if (!is_sp) row.against = {"sp"};
  row.make = [&method](const RowWork& work) { return cut(work, method); };
  return row;
}

}  // namespace skein::experiments
