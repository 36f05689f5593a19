#include "lib/base/error.hpp"
#include "sgd/prune/methods.hpp"

namespace skein::sgd {
namespace {

/// Marks the weights that the wanted wiring has too. Throws ConfigError unless all of those are there.
KeepMask places_of(const Wiring& wiring, const Wiring& wanted) {
  if (wanted.masks.size() != wiring.masks.size())
    throw ConfigError("mask: the given wiring has " + std::to_string(wanted.masks.size()) +
                      " matrices, the network " + std::to_string(wiring.masks.size()));
  KeepMask keep;
  for (std::size_t l = 0; l < wiring.masks.size(); ++l) {
    if (wanted.masks[l].size() != wiring.masks[l].size())
      throw ConfigError("mask: matrix " + std::to_string(l) + " of the given wiring has another shape");
    for (std::size_t place = 0; place < wiring.masks[l].size(); ++place) {
      if (wiring.masks[l][place] != 0) keep.push_back(wanted.masks[l][place]);
      else if (wanted.masks[l][place] != 0)
        throw ConfigError("mask: matrix " + std::to_string(l) +
                          " of the given wiring keeps a weight that the network has not");
    }
  }
  return keep;
}

}  // namespace

PruneMethod given_method() {
  return {.name = "mask",
          .row_name = "",
          .label = "given mask",
          .note =
              "The weights that stand where another network's wiring has weights, chosen by whoever gives "
              "it; then "
              "retrained.",
          .options = {"like"},
          .prune = [](const PruneRequest& request, const Retrain& retrain, const OnRound& on_round) {
            return prune_by_mask(
                request, "mask",
                [](const PruneRequest& asked, const Mlp& mlp, std::int64_t, int) {
                  return places_of(mlp.wiring, asked.like);
                },
                retrain, on_round);
          }};
}

}  // namespace skein::sgd
