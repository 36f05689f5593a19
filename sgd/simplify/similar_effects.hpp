#pragma once

#include <Eigen/Core>

#include "sgd/mlp/matrix_mlp.hpp"
#include "sgd/simplify/similar_units.hpp"

namespace skein::sgd {

/// Absolute cosines between the effects of a layer's units (`unit_effects`: one column a unit), shape (units, units); 0 with
/// a unit of no effect.
Eigen::MatrixXd effect_similarity(const Eigen::MatrixXd& effects);

/// Merges the units of one hidden layer whose effects on the picture are alike, whatever their own maps are, and returns
/// how many went: the medoid's outgoing weights grow by as much as its effect must to stand for the others', the others
/// cease to exist, and what was constant in them goes to a constant unit where the layer has one. To first order the
/// picture stays what it was. A cluster whose merging changes the picture by more than allowed, or leaves too few weights, is
/// left alone. `values`: the layer's maps.
int merge_alike_effects(MatrixMlp& mlp, std::size_t layer, const Eigen::MatrixXd& effects,
                        const Eigen::MatrixXd& values, const Eigen::MatrixXd& reference_outputs,
                        const MergeSettings& settings);

}  // namespace skein::sgd
