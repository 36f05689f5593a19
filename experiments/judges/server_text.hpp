#pragma once

#include <string>
#include <string_view>

namespace skein::experiments {

/// What a server said, fit to be shown or kept: without any piece of the key (six letters or more of it in a row, in
/// either case, become dots).
std::string without_key(std::string text, std::string_view key);

/// At most `most` bytes of a text as one line that a terminal does not act on: control characters, marks of direction
/// and line ends become blanks, bytes that are no UTF-8 question marks.
std::string one_harmless_line(std::string_view text, std::size_t most = 200);

}  // namespace skein::experiments
