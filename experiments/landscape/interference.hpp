#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

#include "experiments/changes/part_regions.hpp"
#include "sgd/mlp/mlp.hpp"

namespace skein::experiments {

/// How much maps (columns, one row a sample) overlap: |cosine| of every pair after taking each map's mean from it. Constant
/// maps are left out.
struct MapOverlap {
  int maps = 0;         ///< that vary
  double mean = 0;      ///< over pairs; 0 for fewer than two maps
  double greatest = 0;  ///< likewise
};
MapOverlap overlap_of(const Eigen::MatrixXd& maps);
/// Of `count` maps chosen at random among those that vary: mean and greatest are means over `draws` choices. Of all of them
/// where there are no more.
MapOverlap overlap_among(const Eigen::MatrixXd& maps, int count, int draws, std::uint64_t seed);

/// The mean |cosine| of independent directions in so many dimensions: sqrt(2 / (pi d)).
double overlap_null(double dimensions);

/// The effective dimension from which independent maps are drawn: 1 / (mean squared cosine of maps of different draws), which is
/// (trace C)^2 / trace C^2 for the covariance C of centred maps of length 1. At least 1; infinite when none overlap.
double effective_dimension(const std::vector<Eigen::MatrixXd>& draws);

/// The least that the greatest |cosine| of `directions` can be in so many dimensions (Welch 1974):
/// sqrt((n - d) / (d (n - 1))); 0 where there are no more directions than dimensions.
double welch_bound(int directions, int dimensions);

/// Interference in one layer of a network.
struct LayerInterference {
  int layer = 0;  ///< counted from 1
  MapOverlap units;
  double dimension = 0;  ///< effective, of the same layer with random weights
  double null = 0;       ///< `overlap_null` of it
  double random = 0;     ///< mean overlap of the same layer's units with random weights, counted
  int draws = 0;         ///< of random weights in which two of its maps or more vary
};

struct InterferenceSettings {
  int size = 24;   ///< maps over a grid of size x size
  int draws = 10;  ///< networks of the same wiring with random weights
  std::uint64_t seed = 0;
};

/// Every hidden layer's units, against what units of the same wiring with random weights overlap by chance: by the formula
/// for independent directions, and counted. The formula takes the dimension from maps of different draws, where a unit is
/// also held against itself: on thin wirings it says up to twice what is counted. Same seed, same numbers.
std::vector<LayerInterference> layer_interference(const sgd::Mlp& mlp, const InterferenceSettings& settings);

/// Each hidden layer's overlap among as many of its units as `counts` has for it, one number a layer: how a network is
/// compared with a narrower one. Throws ConfigError for another number of layers.
std::vector<MapOverlap> overlaps_among(const sgd::Mlp& mlp, const std::vector<int>& counts,
                                       const InterferenceSettings& settings);

/// The directions of a picture's parts in the space of a layer's units: for each part the mean over its pixels of the units'
/// values, each unit standardised over the picture. The greatest |cosine| of two parts against the Welch bound in as many
/// dimensions as the units' maps have.
struct PartDirections {
  int layer = 0;
  int parts = 0, rank = 0;
  double greatest = 0, bound = 0;
};
std::vector<PartDirections> part_directions(const sgd::Mlp& mlp, const PartRegions& regions);

}  // namespace skein::experiments
