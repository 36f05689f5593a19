#pragma once

#include <optional>
#include <string>
#include <vector>

#include "experiments/changes/part_regions.hpp"
#include "lib/picture/picture.hpp"
#include "sgd/mlp/mlp.hpp"

namespace skein::experiments {

/// What starts are to draw, with all that is known of it.
struct BasinTarget {
  std::string title;
  Picture picture;
  double plain_loss = 0;             ///< mean squared error of the picture's own mean colour
  std::optional<sgd::Mlp> evolved;   ///< the network that the target is the picture of, layerised
  std::string architecture;          ///< of dense networks for it
  std::optional<PartRegions> parts;  ///< of the picture, where links are labelled and make at least two
  std::vector<int>
      part_of_slot;  ///< of the evolved network's weights: the part of its link's label; -1: none
};

/// Loads a TARGET argument with the longer side at `size` pixels; `labels`: a file of labels for the genome's links
/// (empty: its own). Throws as `load_target` and `load_parts` do, and ConfigError for a picture of one colour.
BasinTarget load_basin_target(const std::string& argument, int size, const std::string& labels = {});

/// Mean squared error of the picture's own mean colour.
double plain_loss_of(const Picture& picture);

}  // namespace skein::experiments
