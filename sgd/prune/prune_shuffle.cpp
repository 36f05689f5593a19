#include "sgd/mlp/matrices.hpp"
#include "sgd/prune/mask_null.hpp"
#include "sgd/prune/methods.hpp"

namespace skein::sgd {
namespace {

/// The wanted wiring with the weights that the network has in its places.
Mlp with_wiring(const Mlp& mlp, const Wiring& wiring) {
  Mlp result;
  result.wiring = wiring;
  result.wiring.hidden = mlp.wiring.hidden;
  result.weights = weights_of(result.wiring, matrices_of(mlp.wiring, mlp.weights));
  return result;
}

}  // namespace

PruneMethod shuffle_method() {
  return {
      .name = "shuffle",
      .row_name = "shuffle",
      .label = "SP wiring shuffled",
      .note =
          "SP's own wiring of that count with its partners exchanged at random, layer by layer: every unit "
          "keeps how many links go in and out. The dense parent's weights in these places are retrained.",
      .options = {"like", "seed"},
      .prune = [](const PruneRequest& request, const Retrain& retrain, const OnRound& on_round) {
        return prune_once(with_wiring(request.mlp, shuffle_degrees(request.like, request.seed)),
                          *request.count, "shuffle", retrain, on_round);
      }};
}

}  // namespace skein::sgd
