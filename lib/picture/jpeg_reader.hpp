#pragma once

#include <string>
#include <string_view>

#include "lib/picture/image.hpp"

namespace skein {

/// Decodes a JPEG of 8 bits, grey or colour, sequential or progressive, by libjpeg; the orientation of its EXIF data is
/// honoured, colour profiles are passed over. `name` is the file's name for messages. Throws FormatError: damaged
/// in any way that the decoder notices, cut short, without a scan or with coefficients that no scan gives, of
/// four colours or 12 bits, too large.
Image decode_jpeg(std::string_view bytes, const std::string& name);

}  // namespace skein
