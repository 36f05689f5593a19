#pragma once

#include <string>

#include "lib/picture/image.hpp"

namespace skein::test {

/// A baseline JPEG of the picture: three components without subsampling, one quantiser step for all
/// frequencies, codes of fixed length.
std::string encode_jpeg(const Image& image, int quantiser = 16);

/// What a camera would give: soft light, round things with shaded edges, texture at every scale, sensor
/// noise.
Image photograph_like(int width, int height);

}  // namespace skein::test
