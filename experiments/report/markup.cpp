#include "experiments/report/markup.hpp"

#include <algorithm>

#include "lib/base/sound_text.hpp"

namespace skein::experiments {

std::string escape_markup(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_of("&<>\"'\n\t", at), text.size());
    out += sound_text(text.substr(at, end - at));
    if (end < text.size()) {
      const char c = text[end];
      if (c == '&') out += "&amp;";
      else if (c == '<') out += "&lt;";
      else if (c == '>') out += "&gt;";
      else if (c == '"') out += "&quot;";
      else if (c == '\'') out += "&#39;";
      else out += c;
    }
    at = end + 1;
  }
  return out;
}

}  // namespace skein::experiments
