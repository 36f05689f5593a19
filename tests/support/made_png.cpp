#include "tests/support/made_png.hpp"

#include <zlib.h>

#include <array>

namespace skein::test {

std::string four_bytes(std::uint32_t value) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 255);
  return out;
}

MadePng::MadePng() : bytes_("\x89PNG\r\n\x1a\n") {}

MadePng& MadePng::chunk(const std::string& type, const std::string& content) {
  const std::string checked = type + content;
  bytes_ += four_bytes(static_cast<std::uint32_t>(content.size())) + checked +
            four_bytes(static_cast<std::uint32_t>(
                crc32_z(0, reinterpret_cast<const Bytef*>(checked.data()), checked.size())));
  return *this;
}

MadePng& MadePng::header(std::uint32_t width, std::uint32_t height, int depth, int colour_type,
                         bool interlaced) {
  return chunk("IHDR", four_bytes(width) + four_bytes(height) +
                           std::string{static_cast<char>(depth), static_cast<char>(colour_type), '\0', '\0',
                                       static_cast<char>(interlaced ? 1 : 0)});
}

MadePng& MadePng::data(const std::string& lines) {
  uLongf size = compressBound(lines.size());
  std::string packed(size, '\0');
  compress2(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(lines.data()),
            lines.size(), 9);
  packed.resize(size);
  return chunk("IDAT", packed);
}

std::string MadePng::end() {
  chunk("IEND", "");
  return bytes_;
}

std::string exif_block(int orientation, bool big_endian) {
  const auto number = [&](std::uint32_t value, std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i)
      out += static_cast<char>(value >> 8 * (big_endian ? count - 1 - i : i) & 255);
    return out;
  };
  constexpr std::uint32_t maker = 0x010f, orientation_tag = 0x0112, text = 2, two_bytes = 3;
  return std::string(big_endian ? "MM" : "II") + number(42, 2) + number(8, 4) + number(2, 2)  //
         + number(maker, 2) + number(text, 2) + number(4, 4) + "abc" + std::string(1, '\0')   //
         + number(orientation_tag, 2) + number(two_bytes, 2) + number(1, 4) +
         number(static_cast<std::uint32_t>(orientation), 2) + number(0, 2) + number(0, 4);
}

namespace {

/// The rows of every `step_y`th row and `step_x`th column from (top, left).
void append_pass(std::string& out, const std::vector<std::uint32_t>& samples, std::array<int, 2> size,
                 int channels, int depth, std::array<int, 2> first, std::array<int, 2> step) {
  const auto [width, height] = size;
  if (first[0] >= width) return;
  for (int row = first[1]; row < height; row += step[1]) {
    out += '\0';
    unsigned byte = 0;
    int bits = 0;
    for (int column = first[0]; column < width; column += step[0])
      for (int c = 0; c < channels; ++c)
        for (int b = depth - 1; b >= 0; --b) {
          const auto place = static_cast<std::size_t>((row * width + column) * channels + c);
          byte = byte << 1 | (samples[place] >> b & 1);
          if (++bits == 8) {
            out += static_cast<char>(byte);
            byte = 0;
            bits = 0;
          }
        }
    if (bits > 0) out += static_cast<char>(byte << (8 - bits));
  }
}

}  // namespace

std::string scan_lines(const std::vector<std::uint32_t>& samples, int width, int height, int channels,
                       int depth, bool interlaced) {
  std::string out;
  const auto pass = [&](int left, int top, int step_x, int step_y) {
    append_pass(out, samples, {width, height}, channels, depth, {left, top}, {step_x, step_y});
  };
  if (!interlaced) {
    pass(0, 0, 1, 1);
    return out;
  }
  pass(0, 0, 8, 8);
  pass(4, 0, 8, 8);
  pass(0, 4, 4, 8);
  pass(2, 0, 4, 4);
  pass(0, 2, 2, 4);
  pass(1, 0, 2, 2);
  pass(0, 1, 1, 2);
  return out;
}

}  // namespace skein::test
