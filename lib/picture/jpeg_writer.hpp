#pragma once

#include <string>

#include "lib/picture/image.hpp"

namespace skein {

/// The bytes of a JPEG file by libjpeg: baseline, its standard tables scaled to `quality` (1 to 100), colour at half
/// resolution. Throws ConfigError for another quality and for an empty or oversized picture.
std::string encode_jpeg(const Image& image, int quality);

}  // namespace skein
