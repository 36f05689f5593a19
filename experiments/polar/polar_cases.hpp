#pragma once

#include <string>
#include <vector>

#include "experiments/families/coverage.hpp"
#include "experiments/polar/probe.hpp"

namespace skein::experiments {

/// A family's pictures as cases for a probe.
struct PolarCases {
  std::vector<Combination> combinations;  ///< one a case: those in whose picture there are two nodes or more
  std::vector<ProbeCase> cases;           ///< first rows count through
  std::size_t rows = 0;                   ///< nodes of all cases
  std::vector<std::string> parts;
  std::vector<std::uint32_t> names;  ///< of nodes, ascending: those there are anywhere
};

/// Masks on a grid of `parts_size` squared: where a picture of the family changes visibly (by more than 0.02 in a channel)
/// when the part is switched off in it. Throws ConfigError when there are fewer than three cases.
PolarCases polar_cases(const PictureFamily& family);

/// Which cases a probe is fitted to, and which it is judged on.
struct PolarSplit {
  CaseList fitted, held_out;
};

/// Holds out that share of the sets of parts that are on; all levels of a set are on one side. Every node and relation of
/// those held out is in those fitted, and one held out has three nodes. Throws ConfigError for a share outside (0, 1) and
/// where no such split is found.
PolarSplit polar_split(const PolarCases& cases, double share, std::uint64_t seed);

/// One layer's vectors: shape (rows of the cases, units).
struct PolarLayer {
  std::string name;
  Eigen::MatrixXd vectors;
};

/// Means of units over each node's own pixels: of a student's inputs ("inputs"), of each hidden layer ("1", "2", ...), and of
/// all hidden layers together ("all"). A mean that is not finite counts as 0.
std::vector<PolarLayer> student_layers(const PictureFamily& family, const PolarCases& cases,
                                       const sgd::Mlp& student);
/// The same of the genome itself, its links scaled as each picture wants: all units but the outputs ("all").
PolarLayer genome_layer(const PictureFamily& family, const PolarCases& cases);

/// Control: nothing but which part it is, one unit a name.
PolarLayer names_layer(const PolarCases& cases);

/// Known answers. Planted: a node is its head plus a direction of its own name and one of the relation (of squared lengths 0.7
/// and 0.3), turned by a random rotation; noise: standard normal.
PolarLayer planted_layer(const PolarCases& cases, std::uint64_t seed);
PolarLayer noise_layer(const PolarCases& cases, int units, std::uint64_t seed);

/// Control: the cases with their relations exchanged at random, over all edges of `on`.
std::vector<ProbeCase> shuffled_relations(std::vector<ProbeCase> cases, const CaseList& on,
                                          std::uint64_t seed);
/// Control (after the control tasks of Hewitt and Liang 2019): relations exchanged between pairs of names instead, the same
/// in every case, so that a pair's is known to whoever remembers it. A pair with several has its most frequent one.
std::vector<ProbeCase> relations_by_pair(std::vector<ProbeCase> cases, std::uint64_t seed);

}  // namespace skein::experiments
