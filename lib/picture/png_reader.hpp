#pragma once

#include <string>
#include <string_view>

#include "lib/picture/image.hpp"

namespace skein {

/// Decodes a PNG by libpng: every depth, colour type and interlacing, every checksum compared, the orientation of an
/// eXIf chunk honoured, transparency over white. Samples are taken as sRGB, as they are: gAMA, cHRM and iCCP are
/// passed over. `name` is the file's name for messages. Throws FormatError: damaged, cut short, too large,
/// animated, or in Apple's own form (CgBI).
Image decode_png(std::string_view bytes, const std::string& name);

}  // namespace skein
