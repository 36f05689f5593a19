#pragma once

#include <string>

#include "experiments/drawing/drawing.hpp"
#include "experiments/figures/network_view.hpp"
#include "lib/network/grid.hpp"

namespace skein::experiments {

struct FeatureFigureOptions {
  std::string title = {};
  Grid grid = {};  ///< shape and extent of the maps; its size is that of the picture beside them
  int cell = 56;   ///< pixels of a map's longer side; made smaller where the figure would not fit in 16384
  void validate() const;  ///< throws ConfigError
};

/// The feature-map figure: one row per layer (inputs first, outputs last), one column per unit,
/// red-white-blue from -1 to 1; units computed at that layer framed, copies unframed, absent ones blank,
/// those no output reads faded; beside it the picture, when the network draws one. Throws ConfigError for
/// networks too large to show.
Drawing feature_figure(const NetworkView& view, const FeatureFigureOptions& options = {});

}  // namespace skein::experiments
