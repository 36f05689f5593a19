#pragma once

#include <string>
#include <string_view>

namespace skein {

/// The text as sound UTF-8 of one line: damaged bytes become U+FFFD, control characters are dropped, but for tabs and
/// ends of lines, which become spaces.
std::string sound_text(std::string_view text);

}  // namespace skein
