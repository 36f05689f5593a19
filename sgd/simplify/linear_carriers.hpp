#pragma once

#include <Eigen/Core>

#include "sgd/mlp/matrix_mlp.hpp"

namespace skein::sgd {

/// The linear units of a layer (identities and caches) can be mixed by any invertible matrix, without any
/// change to what the network computes, as long as their readers undo it: what such a layer carries is a
/// space of maps. Where few weights are to be left, a basis is wanted that needs few.

struct CarrierSettings {
  double tolerance = 1e-5;         ///< weights whose share of their unit's sum is below this are zero
  std::int64_t least_weights = 0;  ///< no rewriting that leaves fewer weights than this
  double most_change = 1e-8;       ///< no rewriting that changes the raw outputs by more, in mean square
};

/// Rewrites the linear units of hidden layer `layer` as a basis of what is read from them: when their readers
/// need only a few combinations, the combinations are formed here and the rest is not carried (interpolative
/// decomposition, then elementary steps that add a multiple of one unit to another while weights vanish).
/// Returns whether it did: only if fewer weights remain. It makes new sums early, so it is for reaching a
/// count, not for recovering a wiring.
bool combine_carriers(MatrixMlp& mlp, std::size_t layer, const Eigen::MatrixXd& inputs,
                      const CarrierSettings& settings);

/// Scales every linear unit that reads a single weight so that this weight is 1 and its readers make up for
/// it, and marks it as a copy.
void normalize_copies(MatrixMlp& mlp);

}  // namespace skein::sgd
