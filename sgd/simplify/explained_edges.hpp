#pragma once

#include <Eigen/Core>
#include <cstdint>

#include "sgd/mlp/matrix_mlp.hpp"

namespace skein::sgd {

/// Drops weights whose contribution the other weights of the same unit explain, or that the picture does not
/// feel. The price of a weight is the mean squared change of RGB, to second order, when it is dropped and the
/// others of its unit are refitted by least squares over the pixels, each weighted with how much the picture
/// feels the unit's sum there: w^2 / [H^-1]_ww with H the weighted mean products of the maps that the unit
/// reads (Hassibi and Stork 1993, equation 5, with the Gauss–Newton matrix taken row by row). So of several
/// similar maps that a unit reads all but one become cheap.

struct EdgeSettings {
  double damping = 1e-4;           ///< added to H's diagonal, as a part of its mean
  double dearest = 1e300;          ///< weights with a price over this stay
  double most_change = 1e300;      ///< mean squared change of the raw outputs that a portion may cost
  std::int64_t least_weights = 0;  ///< stop at this many
  double portion = 0.2;            ///< part of what is still to drop between two recomputations of the maps
};

/// Drops the cheapest weights first until the settings say stop, and refits the others. Returns how many
/// went. With a weight go those that then serve nothing, unless no other way leads to `least_weights`. A unit
/// that is not zero on a sum of zero (gaussian, cos) keeps its last weight while it is read, and
/// the network keeps at least one path from an input to an output.
std::int64_t drop_explained_edges(MatrixMlp& mlp, const Eigen::MatrixXd& inputs,
                                  const EdgeSettings& settings);

/// Removes the weights whose contribution is below `tolerance` of the size of their unit's sum (root mean
/// squares over the pixels), then dead ones, as long as `least_weights` remain. Returns how many went.
std::int64_t drop_zero_edges(MatrixMlp& mlp, const Eigen::MatrixXd& inputs, double tolerance,
                             std::int64_t least_weights);

/// Whether a path of existing weights leads from some input to some output: what `liveness` of the wiring says, by a sweep
/// over the masks. It is asked after every single weight that is dropped, and making a graph of 45,436 weights for that
/// takes 1 ms of processor, the sweep 0.02 ms (g++ 12, -O2); a test holds the two against each other.
bool feeds_an_output(const MatrixMlp& mlp);

/// Removes the weights of units that no input reaches and that are then zero, and of units that reach no
/// output. Returns how many went.
std::int64_t drop_dead_edges(MatrixMlp& mlp);

}  // namespace skein::sgd
