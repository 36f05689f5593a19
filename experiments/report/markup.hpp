#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace skein::experiments {

/// `&`, `<`, `>` and both quotes as entities; control characters dropped but for tabs and ends of lines; damaged UTF-8
/// becomes U+FFFD. Safe in HTML text and in attributes.
std::string escape_markup(std::string_view text);

/// HTML as it stands on the page. A type of its own, so that text is not taken for it: text gets there through a block
/// (blocks.hpp), which escapes it.
class Markup {
 public:
  Markup() = default;
  /// Of what is HTML already: the SVG of a figure, a style sheet, a script.
  static Markup verbatim(std::string html) {
    Markup markup;
    markup.html_ = std::move(html);
    return markup;
  }

  const std::string& html() const { return html_; }
  bool empty() const { return html_.empty(); }
  Markup& operator+=(const Markup& more) {
    html_ += more.html_;
    return *this;
  }
  friend Markup operator+(Markup first, const Markup& second) {
    first += second;
    return first;
  }

 private:
  std::string html_;
};

}  // namespace skein::experiments
