#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace skein::experiments {

/// `&`, `<`, `>` and both quotes as entities; control characters dropped but for tabs and ends of lines; damaged UTF-8
/// becomes U+FFFD. Safe in HTML text and in attributes.
std::string escape_markup(std::string_view text);

/// A heading with what stands below it; `content` is markup.
std::string section(const std::string& id, const std::string& title, const std::string& content);

/// A paragraph of plain text, with a class of the page's style sheet.
std::string paragraph(const std::string& text, const char* style = nullptr);

/// A template with every {{name}} replaced by the markup of that name; nothing stands for a name that is not given.
std::string filled(std::string_view page, const std::vector<std::pair<std::string, std::string>>& parts);

}  // namespace skein::experiments
