#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <utility>
#include <vector>

#include "sgd/mlp/matrix_mlp.hpp"

namespace skein::sgd {

/// A layered MLP with its carriers taken out: every unit reads the inputs and the units of any layer below
/// directly. A cache computes nothing, so what passes through caches, however they mix it, is a product of
/// matrices; here the product stands instead. Whether copies or rotated mixtures carried the values cannot be
/// seen any more.
struct DirectWiring {
  /// A hidden unit that is not a carrier. Inputs have level 0, hidden layer l has level l + 1, outputs come
  /// last.
  struct Unit {
    std::size_t level = 0;
    Eigen::Index column = 0;
  };

  Signature signature;
  std::vector<std::vector<MlpUnit>> hidden;  ///< the columns that there are, carriers included
  std::vector<Unit> units;                   ///< level by level
  Eigen::MatrixXd weights;                   ///< (units, then outputs) x (inputs, then units)

  std::size_t depth() const { return hidden.size(); }
  Eigen::Index inputs() const { return std::ssize(signature.inputs); }
  Eigen::Index values() const { return inputs() + std::ssize(units); }
  Eigen::Index outputs() const { return std::ssize(signature.outputs); }
  std::size_t level_of_value(Eigen::Index value) const;
  std::size_t level_of_reader(Eigen::Index reader) const;
  Activation activation(Eigen::Index reader) const;  ///< identity for outputs
  /// The readers of a level, which stand together: [first, last).
  std::pair<Eigen::Index, Eigen::Index> readers_at(std::size_t level) const;
};

/// Root mean square of each map, one per column.
Eigen::VectorXd root_mean_squares(const Eigen::MatrixXd& maps);

/// Takes the cache units out. Weights that the rounding of what they are products of explains are zero.
DirectWiring direct_wiring(const MatrixMlp& mlp);

/// Sums at every pixel, shape (pixels, units and outputs), and values, shape (pixels, inputs and units).
struct DirectMaps {
  Eigen::MatrixXd sums, values;
};
DirectMaps maps_of(const DirectWiring& wiring, const Eigen::MatrixXd& inputs);

/// Sets to zero the weights that contribute less than `tolerance` of their reader's sum (root mean squares),
/// and refits the others of each reader to the sums that it had, from below.
void drop_zero_weights(DirectWiring& wiring, const Eigen::MatrixXd& inputs, double tolerance);

/// Puts the readers of an identity unit in its place when that makes fewer new weights than the unit reads:
/// when its readers read most of its sources anyway. Sums that stand alone stay units.
void fuse_sums(DirectWiring& wiring);

/// Back into layers. What is needed further up is carried by plain copies where the layer has columns enough
/// (caches, then identity units that compute nothing); where not, by as many sums as the readers above tell
/// apart (sgd/simplify/interpolative.hpp, with the sizes that `maps` have). Exact unless even those are more than the
/// columns, where the least of them are left out.
MatrixMlp lay_out(const DirectWiring& wiring, const DirectMaps& maps);

struct DirectSettings {
  double most_change = 1e-10;      ///< mean squared change of RGB that the rewriting may cost
  std::int64_t least_weights = 0;  ///< no rewriting that leaves fewer weights than this
};

/// All of this: the layered network with its carriers replaced by copies, with the widest tolerance for zero
/// that leaves the picture unchanged. Returns whether it did: only if fewer weights remain.
bool straighten_carriers(MatrixMlp& mlp, const Eigen::MatrixXd& inputs, const DirectSettings& settings);

}  // namespace skein::sgd
