#include "lib/picture/compressed_size.hpp"

#include <zlib.h>

#include <string>

#include "lib/base/error.hpp"

namespace skein {

std::size_t compressed_size(const Image& image) {
  if (image.rgb.empty()) throw ConfigError("compressed size of an empty picture");
  std::vector<std::uint8_t> differences(image.rgb.size());
  const std::size_t row_bytes = 3 * static_cast<std::size_t>(image.width);
  for (std::size_t i = 0; i < image.rgb.size(); ++i) {
    const bool first = i % row_bytes < 3;
    differences[i] = static_cast<std::uint8_t>(image.rgb[i] - (first ? 0 : image.rgb[i - 3]));
  }
  uLongf size = compressBound(static_cast<uLong>(differences.size()));
  std::vector<std::uint8_t> packed(size);
  const int code =
      compress2(packed.data(), &size, differences.data(), static_cast<uLong>(differences.size()), 6);
  if (code != Z_OK) throw NumericError("zlib could not compress a picture: code " + std::to_string(code));
  return size;
}

}  // namespace skein
