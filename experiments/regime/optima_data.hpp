#pragma once

#include <string_view>

namespace skein::experiments {

/// The file measured_optima.csv of this folder, put into the program when it is built (optima_data.cpp.in).
std::string_view measured_optima_csv();

}  // namespace skein::experiments
