#pragma once

#include <string>
#include <string_view>

namespace skein {

/// The text as sound UTF-8 of one line: damaged bytes become U+FFFD, control characters are dropped, but for tabs and
/// ends of lines, which become spaces.
std::string sound_text(std::string_view text);

/// The text as a cell of a table on a terminal: sound, cut to `width` letters (code points), or padded to as many.
std::string table_cell(std::string_view text, std::size_t width);

}  // namespace skein
