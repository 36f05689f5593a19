#pragma once

#include <string_view>

namespace skein::experiments {

/// The files DejaVuSans.ttf and DejaVuSans-Bold.ttf, put into the program when it is built (font_data.cpp.in). Their
/// licence, that of Bitstream Vera, allows programs to carry them.
std::string_view regular_font_data();
std::string_view bold_font_data();

}  // namespace skein::experiments
