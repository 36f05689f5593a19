#pragma once

#include <optional>
#include <string>

#include "experiments/nets/net.hpp"
#include "experiments/parts/picture_parts.hpp"

namespace skein::experiments {

/// What a user says the parts are: a genome with labels (its own, or those of a file), or any picture with a
/// picture of regions.
struct PartsArguments {
  std::string target;   ///< a NET or a picture
  std::string labels;   ///< labels.csv; empty: the genome's own labels
  std::string regions;  ///< PNG of flat colours; empty: labels are used
};

struct PartsTarget {
  std::string title;
  PictureParts parts;
  PartPictures pictures;               ///< `size` squared
  std::optional<neat::Genome> genome;  ///< where the parts come from labels
};

/// Throws ConfigError where neither labels nor regions are to be had, or both are given, and as parts_of does.
PartsTarget load_parts(const PartsArguments& arguments, int size = parts_size);

}  // namespace skein::experiments
