#pragma once

#include <Eigen/Core>
#include <vector>

#include "sgd/mlp/matrix_mlp.hpp"

namespace skein::sgd {

/// Absolute cosines between the centred maps of a layer's units, shape (units, units). `values` has shape
/// (pixels, units). Units that are constant over the picture have cosine 1 with each other and 0 with the
/// rest; units that are zero everywhere have 0 with all. Where the layer has no constant unit to take up a
/// difference of means (`has_constant` false), the cosine is the lesser of the centred and the uncentred one.
Eigen::MatrixXd map_similarity(const Eigen::MatrixXd& values, bool has_constant);

/// A unit that stands for others of its layer.
struct UnitCluster {
  Eigen::Index medoid = 0;
  std::vector<Eigen::Index> others;
};

/// Clusters of the units whose similarity to their medoid is at least `threshold`: the unit with the most (by
/// summed similarity) such neighbours becomes a medoid and takes them, and so on. Ties go to the unit with
/// fewer incoming weights (`fan_in`), then to the first. Units without neighbours form no cluster.
std::vector<UnitCluster> cluster_units(const Eigen::MatrixXd& similarity,
                                       const std::vector<std::int64_t>& fan_in, double threshold);

/// Folds unit `other` of hidden layer `layer` into `medoid`: other's map is fitted by least squares as a
/// signed multiple of the medoid's (plus one of the constant unit `constant`, if not negative), its outgoing
/// weights are added to theirs accordingly, and all its weights cease to exist. `values`: the layer's maps.
void fold_unit(MatrixMlp& mlp, std::size_t layer, Eigen::Index medoid, Eigen::Index other,
               Eigen::Index constant, const Eigen::MatrixXd& values);

/// The unit of a hidden layer that is constant over the picture, not zero, and has the fewest incoming weights; -1 where
/// there is none. `values`: the layer's maps.
Eigen::Index constant_unit(const MatrixMlp& mlp, std::size_t layer, const Eigen::MatrixXd& values);

/// Takes all weights of a hidden layer's unit, in and out.
void remove_unit(MatrixMlp& mlp, std::size_t layer, Eigen::Index unit);

struct MergeSettings {
  double threshold = 0.98;         ///< absolute cosine from which units count as the same
  double most_change = 1e-4;       ///< mean squared change of RGB that a layer's merging may cost
  std::int64_t least_weights = 0;  ///< no merge that leaves fewer weights than this
};

/// Merges the similar units of one hidden layer, whose maps are `values`, and returns how many went. A
/// cluster whose folding changes the picture by more than allowed, or leaves too few weights, is left alone.
/// The maps of the others stay as they are.
int merge_similar_units(MatrixMlp& mlp, std::size_t layer, const Eigen::MatrixXd& values,
                        const Eigen::MatrixXd& reference_outputs, const MergeSettings& settings);

}  // namespace skein::sgd
