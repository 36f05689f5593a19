#pragma once

#include <string>
#include <string_view>

#include "lib/picture/image.hpp"

namespace skein {

/// The orientation (1 to 8; EXIF 2.3, tag 0x0112) that a block of EXIF data, which is a TIFF file, gives its
/// picture; 1, upright, where it gives none or is damaged.
int exif_orientation(std::string_view tiff);

/// The picture as it is to be seen: mirrored and turned as `orientation` (1 to 8) says.
Image upright(Image stored, int orientation);

/// Throws FormatError naming the size and the limits when a picture of that size is not read.
void check_image_size(std::size_t width, std::size_t height, const std::string& name);

}  // namespace skein
