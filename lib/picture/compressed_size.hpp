#pragma once

#include <cstddef>

#include "lib/picture/image.hpp"

namespace skein {

/// The bytes that a picture takes when compressed, a measure of how much there is to tell about it: every row
/// of interleaved RGB bytes is replaced by its differences along the row (each channel minus the pixel to its
/// left, modulo 256; the first pixel as it is), and the whole is deflated by zlib at level 6. Depends on the
/// size in pixels, so only pictures of one size compare. Throws ConfigError for an empty picture.
std::size_t compressed_size(const Image& image);

}  // namespace skein
