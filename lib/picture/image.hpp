#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "lib/picture/picture.hpp"

namespace skein {

/// A picture of 8 bits a channel, interleaved RGB, shape (height, width, 3): what files hold.
struct Image {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb;

  Image() = default;
  Image(int w, int h, std::uint8_t fill = 0)
      : width(w), height(h), rgb(3 * static_cast<std::size_t>(w) * static_cast<std::size_t>(h), fill) {}
  std::uint8_t* pixel(int row, int column) {
    return rgb.data() + 3 * (static_cast<std::size_t>(row) * static_cast<std::size_t>(width) +
                             static_cast<std::size_t>(column));
  }
  const std::uint8_t* pixel(int row, int column) const {
    return const_cast<Image*>(this)->pixel(row, column);
  }
  bool operator==(const Image&) const = default;
};

inline constexpr int largest_image_side = 16384;
/// 64 megapixels: the decoded picture then takes at most 256 MiB.
inline constexpr std::size_t largest_image_pixels = std::size_t{1} << 26;

/// Whether the bytes begin as a PNG or a JPEG does.
bool is_image(std::string_view bytes);

/// What a picture is that is neither, by how it begins ("GIF", "WebP", ...); empty where it is none that is known.
std::string_view other_picture_kind(std::string_view bytes);

/// Decodes a PNG or JPEG. Grey becomes RGB, 16 bits become 8, transparency is laid over white, a turned photograph is
/// set upright. `name` is the file's name for messages. Throws FormatError when damaged, of another kind or larger
/// than the limits above, before memory is asked for.
Image decode_image(std::string_view bytes, const std::string& name);

/// Reads a PNG or JPEG file; throws FormatError as `decode_image` does or when there is no such file.
Image read_image(const std::filesystem::path& file);

/// The bytes of a PNG file: RGB, 8 bits. Throws ConfigError for an empty or oversized picture.
std::string encode_png(const Image& image);

/// Writes a PNG whole or not at all. Throws FormatError when it cannot be written.
void write_png(const std::filesystem::path& file, const Image& image);

/// Bytes to [0, 1] (value / 255), planar.
Picture to_picture(const Image& image);

/// [0, 1] to bytes, rounded to nearest; values outside are clamped, NaN becomes 0.
Image to_image(const Picture& picture);

/// Another size by averaging over the area that each new pixel covers (exact fractions of old pixels at the
/// borders), so the mean is kept. Throws ConfigError for sides outside [1, largest_image_side].
Picture resize(const Picture& picture, int width, int height);

}  // namespace skein
