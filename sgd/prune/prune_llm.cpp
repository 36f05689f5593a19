#include "sgd/prune/prune_llm.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "lib/base/error.hpp"
#include "sgd/prune/methods.hpp"
#include "sgd/train/train.hpp"

namespace skein::sgd {

namespace {

constexpr int patch = 16;

/// The samples of each patch, by their numbers in the whole grid or table.
std::vector<std::vector<std::uint32_t>> patches_of(const SampleSource& samples) {
  std::vector<std::vector<std::uint32_t>> patches;
  if (const auto* grid = std::get_if<Grid>(&samples)) {
    for (int top = 0; top < grid->height; top += patch)
      for (int left = 0; left < grid->width; left += patch) {
        auto& pixels = patches.emplace_back();
        for (int row = top; row < std::min(top + patch, grid->height); ++row)
          for (int column = left; column < std::min(left + patch, grid->width); ++column)
            pixels.push_back(static_cast<std::uint32_t>(row * grid->width + column));
      }
    return patches;
  }
  const std::size_t count = sample_count(samples);
  const auto* pixels = std::get_if<PixelSubset>(&samples);
  const auto* rows = std::get_if<TableSubset>(&samples);
  for (std::size_t i = 0; i < count; ++i) {
    if (i % patch == 0) patches.emplace_back();
    patches.back().push_back(pixels ? pixels->pixels[i]
                             : rows ? rows->samples[i]
                                    : static_cast<std::uint32_t>(i));
  }
  return patches;
}

struct Group {
  std::vector<std::size_t> slots;
  std::vector<std::pair<std::size_t, std::size_t>> units;  ///< (layer, column)
  double saliency = 0;
};

/// Slots that enter and leave each hidden unit.
struct UnitSlots {
  std::vector<std::size_t> in, out;
};

/// The groups of a wiring: every unit with the copies above it that read nothing else.
std::vector<Group> groups_of(const Mlp& mlp) {
  const auto& wiring = mlp.wiring;
  const auto depth = static_cast<std::size_t>(wiring.depth());
  std::vector<std::vector<UnitSlots>> units(depth);
  std::vector<std::vector<std::size_t>> root(depth);
  for (std::size_t l = 0; l < depth; ++l) {
    units[l].resize(wiring.hidden[l].size());
    root[l].assign(wiring.hidden[l].size(), SIZE_MAX);
  }
  std::size_t slot = 0;
  for (std::size_t l = 0; l <= depth; ++l) {
    const auto columns = static_cast<std::size_t>(wiring.shape(static_cast<int>(l)).columns);
    for (std::size_t i = 0; i < wiring.masks[l].size(); ++i) {
      if (!wiring.masks[l][i]) continue;
      if (l < depth) units[l][i / columns].in.push_back(slot);
      if (l > 0) units[l - 1][i % columns].out.push_back(slot);
      ++slot;
    }
  }
  std::vector<Group> groups;
  for (std::size_t l = 0; l < depth; ++l) {
    const auto columns = static_cast<std::size_t>(wiring.shape(static_cast<int>(l)).columns);
    for (std::size_t u = 0; u < units[l].size(); ++u) {
      if (units[l][u].in.empty() && units[l][u].out.empty()) continue;
      for (std::size_t c = 0; l > 0 && units[l][u].in.size() == 1 && c < columns; ++c)
        if (wiring.copies[l][u * columns + c]) root[l][u] = root[l - 1][c];
      if (root[l][u] == SIZE_MAX) {
        root[l][u] = groups.size();
        groups.emplace_back();
      }
      Group& group = groups[root[l][u]];
      group.units.emplace_back(l, u);
      group.slots.insert(group.slots.end(), units[l][u].in.begin(), units[l][u].in.end());
      group.slots.insert(group.slots.end(), units[l][u].out.begin(), units[l][u].out.end());
    }
  }
  for (Group& group : groups) {
    std::ranges::sort(group.slots);
    group.slots.erase(std::unique(group.slots.begin(), group.slots.end()), group.slots.end());
  }
  return groups;
}

}  // namespace

std::string_view name(TaylorOrder order) {
  constexpr std::string_view names[] = {"first", "second", "mixed"};
  return names[static_cast<std::size_t>(order)];
}

TaylorOrder parse_taylor(std::string_view text) {
  for (const auto order : {TaylorOrder::first, TaylorOrder::second, TaylorOrder::mixed})
    if (name(order) == text) return order;
  throw ConfigError("Taylor order \"" + std::string(text) + "\" is unknown; there are first, second, mixed");
}

GradientMoments gradient_moments(const Mlp& mlp, const Examples& examples) {
  const Plan plan(lower(mlp.wiring).network);
  const auto slots = mlp.weights.size();
  std::vector<float> gradient(slots);
  GradientMoments moments;
  Loss(plan, examples.samples, examples.target).value_and_gradient(mlp.weights, gradient);
  moments.gradient.assign(gradient.begin(), gradient.end());
  moments.square.assign(slots, 0);
  const auto patches = patches_of(examples.samples);
  if (patches.empty()) throw ConfigError("there are no samples to take gradients over");
  Loss loss(plan, subset_of(examples.samples, patches.front()), examples.target);
  for (const auto& samples : patches) {
    loss.set_subset(samples);
    loss.value_and_gradient(mlp.weights, gradient);
    for (std::size_t i = 0; i < slots; ++i)
      moments.square[i] +=
          static_cast<double>(gradient[i]) * gradient[i] / static_cast<double>(patches.size());
  }
  return moments;
}

std::vector<double> taylor_saliency(std::span<const float> weights, const GradientMoments& moments,
                                    TaylorOrder order) {
  if (moments.gradient.size() != weights.size() || moments.square.size() != weights.size())
    throw ConfigError(std::to_string(moments.gradient.size()) + " gradients for " +
                      std::to_string(weights.size()) + " weights");
  std::vector<double> saliency;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double w = weights[i], first = moments.gradient[i] * w, second = w * w * moments.square[i];
    saliency.push_back(std::abs(order == TaylorOrder::first    ? first
                                : order == TaylorOrder::second ? second
                                                               : first - second / 2));
  }
  return saliency;
}

KeepMask keep_groups(const Mlp& mlp, std::span<const double> saliency, std::int64_t count) {
  if (saliency.size() != mlp.weights.size())
    throw ConfigError(std::to_string(saliency.size()) + " saliencies for " +
                      std::to_string(mlp.weights.size()) + " weights");
  const std::int64_t asked = keep_count(count, mlp.wiring.weight_count());
  auto groups = groups_of(mlp);
  for (Group& group : groups)
    for (const std::size_t slot : group.slots) group.saliency += saliency[slot];
  std::ranges::stable_sort(groups, {}, &Group::saliency);
  std::vector<int> left;
  for (const auto& layer : mlp.wiring.hidden) left.push_back(static_cast<int>(layer.size()));
  const Liveness live = liveness(mlp.wiring);
  for (std::size_t l = 0; l < left.size(); ++l)
    left[l] = std::accumulate(live.hidden[l].begin(), live.hidden[l].end(), 0);

  std::vector<int> claims(mlp.weights.size());  // removed groups that a slot belongs to
  std::int64_t kept = std::ssize(claims);
  std::vector<const Group*> gone;
  const auto is_live = [&](const std::pair<std::size_t, std::size_t>& unit) {
    return live.hidden[unit.first][unit.second] != 0;
  };
  for (const Group& group : groups) {
    if (kept <= asked) break;
    const bool last = std::ranges::any_of(
        group.units, [&](const auto& unit) { return is_live(unit) && left[unit.first] <= 1; });
    if (last) continue;
    for (const auto& unit : group.units) left[unit.first] -= is_live(unit);
    for (const std::size_t slot : group.slots) kept -= claims[slot]++ == 0;
    gone.push_back(&group);
  }
  for (auto group = gone.rbegin(); group != gone.rend(); ++group) {
    const auto back =
        std::ranges::count_if((*group)->slots, [&](std::size_t slot) { return claims[slot] == 1; });
    if (kept + back > asked) continue;
    for (const std::size_t slot : (*group)->slots) --claims[slot];
    kept += back;
  }
  if (kept > asked)
    throw ConfigError("llm-pruner removes whole units and cannot come down to " + std::to_string(asked) +
                      " weights; the least it reaches is " + std::to_string(kept));
  KeepMask keep;
  for (const int claim : claims) keep.push_back(claim == 0);
  return keep;
}

PruneMethod llm_method() {
  return {
      .name = "llm-pruner",
      .row_name = "llm-pruner",
      .label = "LLM-Pruner",
      .note =
          "LLM-Pruner: whole units with the copies that carry them go, by first-order Taylor importance (Ma, "
          "Fang and Wang 2023); it ends at the largest network that it can reach at or below the count. Then "
          "retrained.",
      .options = {"rounds", "taylor"},
      .prune = [](const PruneRequest& request, const Retrain& retrain, const OnRound& on_round) {
        return prune_by_mask(
            request, "llm-pruner",
            [](const PruneRequest& asked, const Mlp& mlp, std::int64_t count, int) {
              return keep_groups(
                  mlp, taylor_saliency(mlp.weights, gradient_moments(mlp, asked.target), asked.taylor),
                  count);
            },
            retrain, on_round);
      }};
}

}  // namespace skein::sgd
