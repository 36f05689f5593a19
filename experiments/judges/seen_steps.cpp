#include "experiments/judges/seen_steps.hpp"

#include <algorithm>
#include <cmath>

#include "experiments/changes/picture_traits.hpp"
#include "experiments/changes/structure_judge.hpp"
#include "experiments/changes/visible_change.hpp"

namespace skein::experiments {

std::string_view name(OfflineJudge judge) {
  return judge == OfflineJudge::structure ? "structure" : "detector";
}

std::vector<SeenStep> see_steps(const Network& network, const Weights& weights,
                                std::span<const Direction> items, const ScoreSettings& settings) {
  settings.validate();
  const Plan plan(network);
  const Grid grid{settings.size, settings.size};
  const Picture original = draw(plan, weights, grid);
  std::vector<SeenStep> seen;
  if (!std::ranges::all_of(original.rgb, [](float value) { return std::isfinite(value); })) return seen;
  const auto matches = match_visible_change(plan, weights, items, settings.match);
  std::vector<Perturbation> moves;
  for (std::size_t i = 0; i < matches.size(); ++i) {
    if (!matches[i].reached) continue;
    moves.push_back(moved(weights, items[i / 2], matches[i].step));
    seen.push_back({.item = i / 2, .change = {}, .parts = {}, .whole = {}});
  }
  const ChangedPicture structure(shades_of(original).level, settings.size, settings.size);
  const PartDetector detector(original);
  draw_perturbed(plan, weights, grid, moves, [&](std::size_t k, Picture&& picture) {
    SeenStep& step = seen[k];
    step.change = structure.traits_of(shades_of(picture).level);
    if (step.change) step.whole[0] = structure_judge(*step.change);
    const PartDetector::Look look = detector.look_at(picture);
    step.parts = look.traits;
    step.whole[1] = look.whole;
  });
  return seen;
}

}  // namespace skein::experiments
