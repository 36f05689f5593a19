#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace skein::test {

/// A PNG written chunk by chunk, so that it can be wrong in any way.
class MadePng {
 public:
  /// The eight bytes that every PNG begins with.
  MadePng();
  /// A chunk with its length and checksum.
  MadePng& chunk(const std::string& type, const std::string& content);
  MadePng& header(std::uint32_t width, std::uint32_t height, int depth, int colour_type,
                  bool interlaced = false);
  /// Scan lines (each with its filter byte in front), deflated.
  MadePng& data(const std::string& lines);
  /// IEND; the file.
  std::string end();
  /// As it is so far.
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

/// Big endian.
std::string four_bytes(std::uint32_t value);

/// What EXIF data is made of: a TIFF file with the tag of orientation among others, in either byte order.
std::string exif_block(int orientation, bool big_endian);

/// Samples of a picture, `channels` a pixel, all of `depth` bits, as PNG's scan lines without filters; `interlaced`: the
/// seven passes of Adam7.
std::string scan_lines(const std::vector<std::uint32_t>& samples, int width, int height, int channels,
                       int depth, bool interlaced);

}  // namespace skein::test
