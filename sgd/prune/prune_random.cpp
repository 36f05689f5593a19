#include "sgd/prune/prune_random.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"
#include "sgd/prune/mask_null.hpp"
#include "sgd/prune/methods.hpp"

namespace skein::sgd {

namespace {

/// `count` of `total` flags set, evenly.
KeepMask draw(std::int64_t total, std::int64_t count, RandomStream random) {
  KeepMask keep(static_cast<std::size_t>(total));
  std::fill_n(keep.begin(), count, std::uint8_t{1});
  random.shuffle(std::span(keep));
  return keep;
}

/// The weights in the places of `wanted`, if `wiring` has as many columns and a weight in each of these places.
std::optional<KeepMask> in_places_of(const Wiring& wanted, const Wiring& wiring) {
  KeepMask keep;
  if (wanted.masks.size() != wiring.masks.size()) return std::nullopt;
  for (std::size_t l = 0; l < wiring.masks.size(); ++l) {
    if (wanted.masks[l].size() != wiring.masks[l].size()) return std::nullopt;
    for (std::size_t i = 0; i < wiring.masks[l].size(); ++i) {
      if (wiring.masks[l][i] != 0) keep.push_back(wanted.masks[l][i]);
      else if (wanted.masks[l][i] != 0) return std::nullopt;
    }
  }
  return keep;
}

}  // namespace

KeepMask keep_random(const Wiring& wiring, std::int64_t count, std::uint64_t seed) {
  return draw(wiring.weight_count(), keep_count(count, wiring.weight_count()),
              RandomStream(seed, "random mask"));
}

std::vector<std::int64_t> layer_counts(const Wiring& wiring) {
  std::vector<std::int64_t> counts;
  for (const auto& mask : wiring.masks) counts.push_back(std::ranges::count(mask, std::uint8_t{1}));
  return counts;
}

KeepMask keep_random_per_layer(const Wiring& wiring, std::span<const std::int64_t> counts,
                               std::uint64_t seed) {
  const auto there = layer_counts(wiring);
  if (counts.size() != there.size())
    throw ConfigError(std::to_string(counts.size()) + " counts for " + std::to_string(there.size()) +
                      " layers");
  KeepMask keep;
  for (std::size_t layer = 0; layer < there.size(); ++layer) {
    if (counts[layer] < 0 || counts[layer] > there[layer])
      throw ConfigError("layer " + std::to_string(layer + 1) + " is to keep " +
                        std::to_string(counts[layer]) + " of its " + std::to_string(there[layer]) +
                        " weights");
    const auto part = draw(there[layer], counts[layer], RandomStream(seed, "random mask per layer", layer));
    keep.insert(keep.end(), part.begin(), part.end());
  }
  return keep;
}

KeepMask connected_random_layers(const Wiring& like, const Mlp& mlp, std::uint64_t seed) {
  constexpr std::uint64_t draws = 1000, apart = std::uint64_t{1} << 32;  // seeds of draws do not meet
  const auto counts = layer_counts(like);
  const auto first = keep_random_per_layer(mlp.wiring, counts, seed);
  const auto wanted = liveness(like).outputs;
  const auto reaches = [&](const KeepMask& mask) {
    const auto outputs = liveness(restrict_to(mlp, mask).wiring).outputs;
    return std::ranges::equal(outputs, wanted, std::greater_equal<>{});
  };
  KeepMask mask = first;
  for (std::uint64_t number = 1; number < draws; ++number) {
    if (reaches(mask)) return mask;
    mask = keep_random_per_layer(mlp.wiring, counts, seed + number * apart);
  }
  return in_places_of(shuffle_places(like, seed), mlp.wiring).value_or(first);
}

PruneMethod random_method() {
  return {.name = "random",
          .row_name = "",
          .label = "random",
          .note = "Weights chosen evenly among all; then retrained.",
          .options = {"rounds", "seed"},
          .prune = [](const PruneRequest& request, const Retrain& retrain, const OnRound& on_round) {
            return prune_by_mask(
                request, "random",
                [](const PruneRequest& asked, const Mlp& mlp, std::int64_t count, int round) {
                  return keep_random(mlp.wiring, count, asked.seed + static_cast<std::uint64_t>(round));
                },
                retrain, on_round);
          }};
}

PruneMethod random_layers_method() {
  return {.name = "random-layers",
          .row_name = "random",
          .label = "random, SP's counts per layer",
          .note =
              "As many weights in every layer as SP left, in random places (between SP's units if no draw "
              "reaches "
              "the outputs). The dense parent's weights in these places are retrained.",
          .options = {"like", "seed"},
          .in_quick = true,
          .prune = [](const PruneRequest& request, const Retrain& retrain, const OnRound& on_round) {
            return prune_by_mask(
                request, "random-layers",
                [](const PruneRequest& asked, const Mlp& mlp, std::int64_t, int) {
                  return connected_random_layers(asked.like, mlp, asked.seed);
                },
                retrain, on_round);
          }};
}

}  // namespace skein::sgd
