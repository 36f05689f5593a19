#pragma once

#include <optional>
#include <string>

#include "neat/genome/genome.hpp"

namespace skein::experiments {

/// A picture of a breeding session as a NET argument names it: "SESSION#GENERATION.PICTURE", both counted from 1. Nothing when
/// the argument is not of that form or SESSION is no such session. Throws ConfigError when there is no such generation
/// or picture, FormatError when its file is damaged.
std::optional<neat::AnnotatedGenome> bred_picture(const std::string& argument);

}  // namespace skein::experiments
