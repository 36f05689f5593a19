#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "experiments/changes/change_traits.hpp"
#include "experiments/changes/part_changes.hpp"
#include "experiments/changes/picture_traits.hpp"
#include "experiments/changes/visible_change.hpp"
#include "experiments/measures/subject.hpp"
#include "lib/base/progress.hpp"

namespace skein::experiments {

/// How a network is looked at. The defaults are those of every number in MEASURES.md.
struct ScoreSettings {
  std::uint64_t seed = 0;
  int size = 128;        ///< side of the pictures that are judged, pixels
  int weights = 192;     ///< weights sampled, spread over the layers; a network with fewer is looked at whole
  int directions = 128;  ///< random directions of units' inputs, the control that knows no basis
  int units = 256;       ///< units whose maps are taken, spread over the layers
  int map_size = 32;     ///< side of change maps and unit maps, pixels
  double noise = 0.05;   ///< standard deviation of weight noise, relative to each weight
  int noise_draws = 24;  ///< networks with noise that are drawn
  int resamples = 200;   ///< for the bootstrap intervals
  MatchSettings match = {};
  std::optional<PartRegions> parts = {};  ///< the picture's, where they are known
  void validate() const;                  ///< throws ConfigError
};

/// What one step in weight space did to the picture, at matched visible change.
struct Effect {
  Match match;
  Traits traits;
  /// How the change sits in the picture, for the judge; nothing where brightness hardly changed.
  std::optional<ChangeTraits> change;
  double colour_compressed_growth = 0;  ///< log of the ratio of compressed sizes in RGB; weights only
  /// The judge's chance that it is still a whole picture of the same kind; nothing where it would not say.
  std::optional<double> whole;
};

using MapRows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// A group of steps: `effects` has two per item, upward and downward; `maps` their change maps, |change of
/// brightness| averaged down to map_size squared cells, rows as in `effects`, zeros where not reached.
struct Steps {
  std::vector<Direction> items;
  std::vector<std::int32_t> layer;  ///< per item: the layer of the unit whose input moves
  std::vector<ValueIndex> target;   ///< per item: that unit
  std::vector<ValueIndex> source;   ///< single weights: what is read, copies seen through; else empty
  std::vector<Effect> effects;
  MapRows maps;
  std::vector<double> cells;  ///< per row of `maps`: the effective number of cells that the change covers
  Eigen::MatrixXf overlap;    ///< cosine between the rows of `maps`; 0 with a map of zeros
  /// Squared cosine between the signed changes of RGB, averaged down likewise: 1 when two steps do the same
  /// or the opposite, 0 when they have nothing in common or one was not reached.
  Eigen::MatrixXf likeness;

  std::size_t count() const { return items.size(); }
};

/// Everything the measures look at, computed once. Nothing in it depends on the order of units within a
/// layer nor on signs that cancel, except in the last bits.
struct Evidence {
  ScoreSettings settings;
  Subject subject;
  Picture picture;                   ///< size squared
  bool finite = true;                ///< whether the picture is made of numbers
  std::size_t movable = 0;           ///< weights there are to sample from
  Steps weights;                     ///< single weights
  Steps directions;                  ///< random directions of a unit's inputs, unit length
  std::optional<PartChanges> parts;  ///< the steps of `weights` by parts, where these are known
  std::vector<ValueIndex> units;
  std::vector<std::int32_t> unit_layer;
  std::vector<std::uint8_t> regions;  ///< of the picture, per cell of a map; see `picture_regions`
  MapRows unit_maps;            ///< one row per unit, map_size squared, centred; not finite values are 0
  Eigen::MatrixXf correlation;  ///< between the rows of `unit_maps`; 0 with a constant one
  std::vector<double> noise_changes;  ///< visible change under relative weight noise, one per draw
  double zoom_growth =
      0;  ///< log of the ratio of compressed grey sizes: drawn on [-2, 2] to drawn on [-1, 1]
  double resolution_change =
      0;  ///< visible change between the picture and one drawn twice as fine, averaged down
};

/// Samples and looks. Throws ConfigError; a stop asked for by the listener throws Error.
Evidence gather(const Subject& subject, const ScoreSettings& settings, const ProgressListener& listener = {});

}  // namespace skein::experiments
