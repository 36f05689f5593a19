#include "neat/files/picbreeder_text.hpp"

namespace skein::neat {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n";
  const auto first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

std::optional<Marking> marking_of(const pugi::xml_node& element) {
  const std::string_view written = trimmed(element.attribute("branch").value());
  const auto id = parse_number<std::int32_t>(element.attribute("id").value());
  if (written.empty() || !id) return std::nullopt;
  const auto branch = parse_number<std::int32_t>(written);
  return Marking{branch ? *branch : branch_of_word(written), *id};
}

std::string in_quotes(std::string_view text) {
  std::string shown(text.substr(0, 40));
  for (char& c : shown)
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = '?';
  return "'" + shown + (text.size() > 40 ? "...'" : "'");
}

}  // namespace skein::neat
