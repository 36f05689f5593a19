#pragma once

#include <optional>

#include "lib/network/samples.hpp"
#include "sgd/prune/pruning.hpp"

namespace skein::sgd {

/// What similarity-based pruning (sgd/PRUNING.md) may remove.
enum class SimilarityScope : std::uint8_t { units, edges, both };
SimilarityScope parse_scope(std::string_view text);
std::string_view name(SimilarityScope scope);

/// What must be alike in units for them to be merged.
enum class SimilarityOf : std::uint8_t {
  maps,     ///< what they compute
  effects,  ///< what they do to the picture (sgd/simplify/similar_effects.hpp)
};

struct SimilaritySettings {
  SimilarityScope scope = SimilarityScope::both;
  SimilarityOf similar = SimilarityOf::maps;
  double similarity = 0.98;   ///< absolute cosine, of centred maps or of effects, from which units are merged
  double most_change = 1e-4;  ///< mean squared change of RGB that merging may cost per layer
  double negligible = 1e-10;  ///< price (mean squared change of RGB) below which a weight goes at any count
  /// The maps are compared on a grid of this many pixels along the longer side, or of the picture's own where it has fewer; of a table or a subset on at
  /// most so many samples squared, evenly spaced.
  int grid = 48;
  int rounds = 0;            ///< when a count is asked for; 0: the fewest that keep `round_keeps` each
  double round_keeps = 0.7;  ///< part of the weights that a round keeps
  double most_loss =
      1.25;              ///< without a count: rounds end when the loss stays above this many times the first
  int most_rounds = 30;  ///< without a count
  void validate() const;
};

/// What can go without any change to the picture beyond `negligible`: similar units are merged, linear
/// carriers straightened, explained and unfelt weights dropped. `samples`: where the network is used (of a
/// grid only the sides' ratio counts); `least_weights` stops it early. Nothing is trained. Changes are measured
/// as `visible_difference` says (sgd/mlp/matrix_mlp.hpp): on RGB for networks that draw, else on the outputs.
Mlp simplify(const Mlp& mlp, const SampleSource& samples, const SimilaritySettings& settings = {},
             std::int64_t least_weights = 0);

/// Similarity-based pruning in rounds of simplifying, cutting the cheapest weights, and retraining. With a
/// count the last round leaves exactly so many (with scope `units`, where single weights are not cut, the
/// fewest that merging reaches at or above it); without one, rounds go on while the loss is recovered, and
/// the last recovered wiring is the result.
Pruned prune_similarity(const Mlp& mlp, const SampleSource& samples, std::optional<std::int64_t> count,
                        const SimilaritySettings& settings, const Retrain& retrain,
                        const OnRound& on_round = {});

}  // namespace skein::sgd
