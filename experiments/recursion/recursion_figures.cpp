#include "experiments/recursion/recursion_figures.hpp"

#include "experiments/figures/contact_sheet.hpp"
#include "experiments/figures/plots.hpp"
#include "sgd/recursion/recursion_file.hpp"

namespace skein::experiments {
namespace {

Series curve_of(const std::vector<RecursionRow>& rows, const std::string& target, RecursionArm arm) {
  std::vector<Series> seeds;
  for (const RecursionRow& row : rows) {
    if (row.target != target || row.arm != arm || !row.failed.empty()) continue;
    if (seeds.empty() || seeds.back().name != std::to_string(row.seed))
      seeds.push_back({std::to_string(row.seed)});
    seeds.back().x.push_back(row.rounds);
    seeds.back().y.push_back(std::max(row.r2, -1.0));
  }
  return spread_of(std::string(name(arm)), seeds, static_cast<int>(arm));
}

}  // namespace

Drawing recursion_plots(const RecursionStudy& study, const std::vector<RecursionRow>& rows) {
  std::vector<Drawing> plots;
  for (const std::string& target : study.targets) {
    std::vector<Series> curves;
    for (const RecursionArm arm : all_recursion_arms)
      if (Series curve = curve_of(rows, target, arm); !curve.x.empty()) curves.push_back(std::move(curve));
    const int trained = folds_of(target) > 0 ? folds_of(target) : study.base.rounds;
    plots.push_back(
        curve_plot(curves, {.title = target + ", trained at " + std::to_string(trained) + " rounds",
                            .x_label = "rounds drawn",
                            .y_label = "R2 (from -1)",
                            .width = 480,
                            .height = 300}));
  }
  return small_multiples(plots, 2);
}

Drawing recursion_sheet(const RecursionStudy& study, const RunFolder& run) {
  std::vector<SheetEntry> entries;
  int columns = 1;
  for (const std::string& target : study.targets) columns = std::max(columns, study_rounds(study, target));
  const auto fill_line = [&] {
    while (entries.size() % static_cast<std::size_t>(columns) != 0) entries.push_back({Image(1, 1, 255), ""});
  };
  for (const std::string& target : study.targets) {
    const int last = study_rounds(study, target);
    for (int rounds = 1; rounds <= last; ++rounds)
      if (const auto wanted = study_picture(study, target, rounds))
        entries.push_back({to_image(*wanted), target + " at " + std::to_string(rounds)});
    fill_line();
    for (const RecursionArm arm : all_recursion_arms) {
      const auto file = network_file(run, target, arm, study.training.seed);
      if (!std::filesystem::exists(file)) continue;
      const auto net = sgd::read_recursion(file);
      for (int rounds = 1; rounds <= last; ++rounds) {
        const Plan plan(sgd::lower(net.recursion, net.signature, rounds).network);
        entries.push_back({to_image(draw(plan, net.weights, {study.size, study.size})),
                           std::string(name(arm)) + " at " + std::to_string(rounds)});
      }
      fill_line();
    }
  }
  return contact_sheet(entries, {.columns = columns, .cell = 96});
}

}  // namespace skein::experiments
