#include "experiments/judges/server_text.hpp"

#include <algorithm>
#include <cstdint>

namespace skein::experiments {
namespace {

constexpr std::size_t shortest_piece = 6;  ///< letters of a key in a row that are no chance

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lowered(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), lower);
  return result;
}

/// A character of UTF-8 at the beginning of `text`: how many bytes it has (0: none that is well-formed) and its code.
struct Character {
  std::size_t bytes = 0;
  std::uint32_t code = 0;
};

Character first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {1, lead};
  const std::size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < bytes) return {};
  std::uint32_t code = lead & (0x7fu >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    code = code << 6 | (byte(i) & 0x3fu);
  }
  constexpr std::uint32_t least[]{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xd800 && code < 0xe000;
  return code < least[bytes] || code > 0x10ffff || surrogate ? Character{} : Character{bytes, code};
}

bool acts_on_terminals(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x200b && code <= 0x200f) ||
         (code >= 0x2028 && code <= 0x202e) || (code >= 0x2060 && code <= 0x206f) || code == 0xfeff;
}

}  // namespace

std::string without_key(std::string text, std::string_view key) {
  if (key.empty()) return text;
  const std::string searched = lowered(text), secret = lowered(key);
  const std::size_t piece = std::min(shortest_piece, secret.size());
  for (std::size_t k = 0; k + piece <= secret.size(); ++k)
    for (auto at = searched.find(secret.substr(k, piece)); at != std::string::npos;
         at = searched.find(secret.substr(k, piece), at + 1))
      std::fill_n(text.begin() + static_cast<std::ptrdiff_t>(at), piece, '.');
  return text;
}

std::string one_harmless_line(std::string_view text, std::size_t most) {
  std::string line;
  while (!text.empty()) {
    const Character next = first_character(text);
    const std::size_t bytes = std::max<std::size_t>(1, next.bytes);
    if (line.size() + bytes > most) break;
    if (next.bytes == 0) line += '?';
    else if (acts_on_terminals(next.code)) line += ' ';
    else line += text.substr(0, bytes);
    text.remove_prefix(bytes);
  }
  return line;
}

}  // namespace skein::experiments
