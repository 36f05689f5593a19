#include "sgd/prune/prune_magnitude.hpp"
#include "sgd/prune/methods.hpp"

#include <cmath>

namespace skein::sgd {

KeepMask keep_largest(std::span<const float> weights, std::int64_t count) {
  std::vector<double> sizes;
  sizes.reserve(weights.size());
  for (const float w : weights) sizes.push_back(std::abs(w));
  return keep_highest(sizes, count);
}

PruneMethod magnitude_method() {
  return {.name = "magnitude",
          .row_name = "magnitude",
          .label = "magnitude",
          .note = "The weights smallest in size go, over the whole network at once; then retrained.",
          .options = {"rounds"},
          .in_quick = true,
          .prune = [](const PruneRequest& request, const Retrain& retrain, const OnRound& on_round) {
            return prune_by_mask(
                request, "magnitude",
                [](const PruneRequest&, const Mlp& mlp, std::int64_t count, int) {
                  return keep_largest(mlp.weights, count);
                },
                retrain, on_round);
          }};
}

}  // namespace skein::sgd
