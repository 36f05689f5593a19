#pragma once

#include <string_view>

namespace skein::experiments {

/// The file evolved_genomes.json of this folder, put into the program when it is built (evolved_data.cpp.in).
std::string_view evolved_genomes_json();

}  // namespace skein::experiments
