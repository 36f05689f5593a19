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

std::string section(const std::string& id, const std::string& title, const std::string& content) {
  return "<section id=\"" + id + "\"><h2>" + escape_markup(title) + "</h2>\n" + content + "</section>\n";
}

std::string paragraph(const std::string& text, const char* style) {
  return std::string("<p") + (style ? std::string(" class=\"") + style + "\"" : "") + ">" +
         escape_markup(text) + "</p>\n";
}

std::string filled(std::string_view page, const std::vector<std::pair<std::string, std::string>>& parts) {
  std::string html;
  for (std::size_t at = 0; at < page.size();) {
    const std::size_t open = std::min(page.find("{{", at), page.size());
    html += page.substr(at, open - at);
    if (open == page.size()) break;
    const std::size_t close = page.find("}}", open);
    const auto part = std::ranges::find(parts, page.substr(open + 2, close - open - 2),
                                        &std::pair<std::string, std::string>::first);
    if (part != parts.end()) html += part->second;
    at = close + 2;
  }
  return html;
}

}  // namespace skein::experiments
