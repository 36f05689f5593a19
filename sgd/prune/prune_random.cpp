#include "sgd/prune/prune_random.hpp"

#include <algorithm>
#include <string>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"

namespace skein::sgd {

namespace {

/// `count` of `total` flags set, evenly.
KeepMask draw(std::int64_t total, std::int64_t count, RandomStream random) {
  KeepMask keep(static_cast<std::size_t>(total));
  std::fill_n(keep.begin(), count, std::uint8_t{1});
  random.shuffle(std::span(keep));
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

}  // namespace skein::sgd
