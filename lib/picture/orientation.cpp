#include "lib/picture/orientation.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>

#include "lib/base/error.hpp"

namespace skein {

namespace {

/// Numbers of a TIFF file, in its byte order; 0 beyond its end.
class TiffNumbers {
 public:
  explicit TiffNumbers(std::string_view bytes) : bytes_(bytes), big_endian_(bytes.starts_with("MM")) {}
  std::size_t size() const { return bytes_.size(); }
  std::uint32_t two(std::size_t at) const { return number(at, 2); }
  std::uint32_t four(std::size_t at) const { return number(at, 4); }

 private:
  std::uint32_t number(std::size_t at, std::size_t count) const {
    if (at > bytes_.size() || bytes_.size() - at < count) return 0;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < count; ++i)
      value = value << 8 | static_cast<unsigned char>(bytes_[big_endian_ ? at + i : at + count - 1 - i]);
    return value;
  }
  std::string_view bytes_;
  bool big_endian_;
};

}  // namespace

int exif_orientation(std::string_view tiff) {
  constexpr std::uint32_t tiff_mark = 42, orientation_tag = 0x0112, short_type = 3;
  constexpr std::size_t entry_bytes = 12;
  if (!tiff.starts_with("II") && !tiff.starts_with("MM")) return 1;
  const TiffNumbers numbers(tiff);
  if (numbers.two(2) != tiff_mark) return 1;
  const std::size_t directory = numbers.four(4);
  const std::size_t entries = numbers.two(directory);
  for (std::size_t e = 0; e < entries; ++e) {
    const std::size_t at = directory + 2 + e * entry_bytes;
    if (at + entry_bytes > numbers.size()) return 1;
    if (numbers.two(at) != orientation_tag) continue;
    const std::uint32_t value =
        numbers.two(at + 2) == short_type ? numbers.two(at + 8) : numbers.four(at + 8);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

Image upright(Image stored, int orientation) {
  if (orientation <= 1 || orientation > 8) return stored;
  // 2 and 3 mirror the columns, 3 and 4 the rows; from 5 on rows and columns are exchanged first.
  const bool exchanged = orientation >= 5;
  const bool from_right = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
  const bool from_below = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
  Image seen(exchanged ? stored.height : stored.width, exchanged ? stored.width : stored.height);
  for (int row = 0; row < seen.height; ++row)
    for (int column = 0; column < seen.width; ++column) {
      const int r = from_below ? seen.height - 1 - row : row,
                c = from_right ? seen.width - 1 - column : column;
      const std::uint8_t* from = exchanged ? stored.pixel(c, r) : stored.pixel(r, c);
      std::uint8_t* to = seen.pixel(row, column);
      for (int channel = 0; channel < 3; ++channel) to[channel] = from[channel];
    }
  return seen;
}

void check_image_size(std::size_t width, std::size_t height, const std::string& name) {
  if (width < 1 || height < 1) throw FormatError(name + ": a damaged picture (it has no pixels)");
  constexpr auto side = static_cast<std::size_t>(largest_image_side);
  if (width > side || height > side || width * height > largest_image_pixels)
    throw FormatError(name + ": a picture of " + std::to_string(width) + " x " + std::to_string(height) +
                      "; at most " + std::to_string(side) + " a side and 64 megapixels are read");
}

}  // namespace skein
