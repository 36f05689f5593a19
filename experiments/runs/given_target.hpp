#pragma once

#include <string>

#include "experiments/runs/net.hpp"

namespace skein::experiments {

/// A target out of a network or a picture that is there already, at the size that `load_target` would give it. Throw as it
/// does.
TargetPicture target_of(Net net, int size = 0);
TargetPicture target_of(Picture picture, std::string title, int size = 0);

}  // namespace skein::experiments
