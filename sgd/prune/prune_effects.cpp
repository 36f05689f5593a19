// Similarity-based pruning by what units do to the picture, instead of what they compute.
#include "sgd/prune/methods.hpp"

namespace skein::sgd {

PruneMethod effects_method() {
  return {
      .name = "sp-effects",
      .row_name = "sp-effects",
      .label = "SP by effects",
      .note =
          "As SP, but the units that are merged are those with like effects on the picture (to first order), "
          "whatever their own maps are: from a cosine of 0.9, up to a mean squared change of RGB of 0.01 for "
          "each merging.",
      .options = {"rounds"},
      .only_named = true,
      .prune = [](const PruneRequest& request, const Retrain& retrain, const OnRound& on_round) {
        SimilaritySettings settings = request.similarity;
        settings.similar = SimilarityOf::effects;
        settings.similarity = 0.9;
        settings.most_change = 1e-2;
        settings.rounds = request.rounds;
        return prune_similarity(request.mlp, request.target.samples, request.count, settings, retrain,
                                on_round);
      }};
}

}  // namespace skein::sgd
