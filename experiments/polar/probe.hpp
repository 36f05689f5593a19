#pragma once

#include <Eigen/Core>
#include <array>
#include <optional>
#include <span>

#include "experiments/polar/part_tree.hpp"
#include "lib/base/progress.hpp"

namespace skein::experiments {

/// The polar probe (Diego-Simon, D'Ascoli, Chemla, Lakretz, King 2024): one linear map in which the distance between two nodes is
/// their distance in a tree, and the direction of an edge its type.
///
///   loss = mean over pairs of |  |B (h_i - h_j)|^2 - tree distance  |
///          + lambda x mean over pairs of edges of (1 - cos(B e, B e') - [types differ])^2,   e = h_head - h_dependent
struct ProbeSettings {
  int rank = 16;          ///< rows of B
  double lambda = 10;     ///< theirs
  int steps = 400;        ///< of Adam over all cases at once; this and the rate are ours
  double rate = 0.02;     ///< falling to 0 by a cosine
  void validate() const;  ///< throws ConfigError
};

/// The nodes of one picture: rows first_row, first_row + 1, ... of a table of vectors, shape (nodes, units).
struct ProbeCase {
  PartTree tree;
  std::vector<int> distances;  ///< of `tree`
  std::size_t first_row = 0;
};

/// Which cases a probe is fitted to or judged on; positions in a list of cases.
using CaseList = std::vector<std::size_t>;

/// The loss of a map of shape (rank, units) and, where wanted, its gradient.
double probe_loss(const Eigen::MatrixXd& map, const Eigen::MatrixXd& vectors,
                  std::span<const ProbeCase> cases, const CaseList& on, double lambda,
                  Eigen::MatrixXd* gradient = nullptr);

/// A fitted map with the mean direction of each relation's edges.
struct Probe {
  Eigen::MatrixXd map;  ///< (rank, units)
  std::array<Eigen::VectorXd, relation_count> directions;
  std::array<bool, relation_count> known{};  ///< relations that it was shown
};

/// Fits a probe; the same for the same seed. Each unit is divided by its standard deviation over the nodes of these cases
/// first (one that hardly varies, by less than a thousandth of the layer's, is passed over): the same maps, sooner found.
/// A rank above the number of units is that number. Nothing when the listener, asked once a step, says stop.
std::optional<Probe> fit_probe(const Eigen::MatrixXd& vectors, std::span<const ProbeCase> cases,
                               const CaseList& on, const ProbeSettings& settings, std::uint64_t seed,
                               const ProgressListener& listener);

/// What is said of one case.
struct CasePrediction {
  std::vector<double> distances;    ///< (nodes, nodes)
  std::vector<Relation> relations;  ///< of the tree's own edges
};

/// Squared distances under the map; of each edge the relation whose direction is nearest by cosine.
CasePrediction predict(const Probe& probe, const Eigen::MatrixXd& vectors, const ProbeCase& one);

/// Without any network: what is known of two nodes by their names alone. Distances are the mean over `known`, relations the
/// most frequent; of two that were not seen together, those of all.
std::vector<CasePrediction> table_predictions(std::span<const ProbeCase> cases, const CaseList& known,
                                              const CaseList& on);

/// How right predictions are, over cases of which none was fitted to. NaN where there is nothing to judge.
struct ProbeScore {
  std::size_t cases = 0, edges = 0;  ///< of three nodes or more; and their edges
  double tree = 0;         ///< share of the tree's edges that the minimum spanning tree of the distances has
  double tree_chance = 0;  ///< of a random tree: 2 / nodes
  double distance = 0;     ///< rank correlation with the tree distances, mean over cases
  double type = 0;         ///< share of the edges (of all cases) with the right relation
  double type_majority = 0;  ///< if all were said to be of the most frequent one
  double type_balanced = 0;  ///< mean over relations of the share of theirs that is right
  double type_chance = 0;    ///< 1 / number of relations there are
  /// Edges whose two names, as head and dependent, were tied in no fitted case: of these memory says nothing, or no.
  std::size_t new_edges = 0;
  double tree_new = 0, tree_new_chance = 0;    ///< as `tree`, of these
  double type_new = 0, type_new_majority = 0;  ///< as `type`, of these
};

/// `predictions` are those of the cases `on`, in order, after fitting to `fitted`. Equal distances are broken at random, by
/// the seed.
ProbeScore score_of(std::span<const ProbeCase> cases, const CaseList& fitted, const CaseList& on,
                    const std::vector<CasePrediction>& predictions, std::uint64_t seed);

}  // namespace skein::experiments
