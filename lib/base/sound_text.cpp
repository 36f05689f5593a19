#include "lib/base/sound_text.hpp"

#include <algorithm>

namespace skein {
namespace {

/// How many bytes the code point that begins at `at` takes; 0 where none begins soundly.
std::size_t letter_bytes(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const unsigned first = byte(at);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xc2 && first < 0xe0   ? 2
                             : first >= 0xe0 && first < 0xf0 ? 3
                             : first >= 0xf0 && first < 0xf5 ? 4
                                                             : 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(at + i) & 0xc0) != 0x80) return 0;
  const unsigned second = byte(at + 1);
  const bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  const bool beyond = (first == 0xed && second >= 0xa0) || (first == 0xf4 && second >= 0x90);
  return overlong || beyond ? 0 : length;
}

}  // namespace

std::string sound_text(std::string_view text) {
  std::string sound;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = letter_bytes(text, at);
    const auto first = static_cast<unsigned char>(text[at]);
    if (length == 0) sound += "\xef\xbf\xbd";
    else if (first == '\n' || first == '\t') sound += ' ';
    else if (first >= 0x20 && first != 0x7f) sound += text.substr(at, length);
    at += std::max<std::size_t>(length, 1);
  }
  return sound;
}

std::string table_cell(std::string_view text, std::size_t width) {
  std::string cell = sound_text(text);
  std::size_t letters = 0, end = 0;
  for (; end < cell.size() && letters < width; ++letters) end += letter_bytes(cell, end);
  cell.resize(end);
  return cell.append(width - letters, ' ');
}

}  // namespace skein
