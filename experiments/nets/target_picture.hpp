#pragma once

#include <optional>
#include <string>

#include "experiments/nets/net.hpp"
#include "lib/picture/picture.hpp"

namespace skein::experiments {

/// A TARGET argument: a NET that draws, or any PNG or JPEG.
struct TargetPicture {
  std::string title;
  Picture picture;
  std::optional<Net> net;
};

inline constexpr int default_picture_size = 256;

/// Draws or reads a target. `size` is its longer side in pixels; 0: a network is drawn at 256 x 256, a
/// picture keeps its own size. A picture keeps its shape; it is resized by area. Throws as `load_net` and
/// `read_image` do, and ConfigError for a size outside 1 to 16384.
TargetPicture load_target(const std::string& argument, int size = 0);

/// A target out of a network or a picture that is there already, at the size that `load_target` would give it. Throw as it
/// does.
TargetPicture target_of(Net net, int size = 0);
TargetPicture target_of(Picture picture, std::string title, int size = 0);

}  // namespace skein::experiments
