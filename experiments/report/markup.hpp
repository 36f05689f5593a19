#pragma once

#include <string>
#include <string_view>

namespace skein::experiments {

/// `&`, `<`, `>` and both quotes as entities; control characters dropped but for tabs and ends of lines; damaged UTF-8
/// becomes U+FFFD. Safe in HTML text and in attributes.
std::string escape_markup(std::string_view text);

}  // namespace skein::experiments
