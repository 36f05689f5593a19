#include "lib/picture/image.hpp"

#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/picture/jpeg_reader.hpp"
#include "lib/picture/png_reader.hpp"

namespace {

/// zlib in place of stb's own compressor: smaller files. The result is freed by stb.
unsigned char* deflate_bytes(unsigned char* data, int length, int* compressed_length, int) {
  uLongf size = compressBound(static_cast<uLong>(length));
  auto* out = static_cast<unsigned char*>(std::malloc(size));
  if (!out) return nullptr;
  if (compress2(out, &size, data, static_cast<uLong>(length), 6) != Z_OK) {
    std::free(out);
    return nullptr;
  }
  *compressed_length = static_cast<int>(size);
  return out;
}

}  // namespace

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wold-style-cast"
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wpedantic"
#define STB_IMAGE_WRITE_STATIC
#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STBI_WRITE_NO_STDIO
#define STBIW_ZLIB_COMPRESS deflate_bytes
#include <stb/stb_image_write.h>
#pragma GCC diagnostic pop

namespace skein {
namespace {

std::string size_text(int width, int height) {
  return std::to_string(width) + " x " + std::to_string(height);
}

bool is_png(std::string_view bytes) { return bytes.starts_with("\x89PNG\r\n\x1a\n"); }
bool is_jpeg(std::string_view bytes) { return bytes.starts_with("\xff\xd8\xff"); }

}  // namespace

bool is_image(std::string_view bytes) { return is_png(bytes) || is_jpeg(bytes); }

std::string_view other_picture_kind(std::string_view bytes) {
  const auto holds = [&](std::size_t at, std::string_view mark) {
    return bytes.substr(std::min(at, bytes.size())).starts_with(mark);
  };
  constexpr std::size_t brand = 4;  // of an ISO media file: after its length
  if (holds(0, "GIF8")) return "GIF";
  if (holds(0, "RIFF") && holds(8, "WEBP")) return "WebP";
  if (holds(0, "BM") && holds(6, std::string_view("\0\0\0\0", 4))) return "BMP";
  if (holds(0, std::string_view("II*\0", 4)) || holds(0, std::string_view("MM\0*", 4))) return "TIFF";
  if (holds(brand, "ftyphei") || holds(brand, "ftypmif1")) return "HEIC";
  if (holds(brand, "ftypavif")) return "AVIF";
  if (holds(0, "\xff\x0a") || holds(brand, "JXL ")) return "JPEG XL";
  if (holds(brand, "jP  ")) return "JPEG 2000";
  return {};
}

Image decode_image(std::string_view bytes, const std::string& name) {
  if (is_png(bytes)) return decode_png(bytes, name);
  if (is_jpeg(bytes)) return decode_jpeg(bytes, name);
  const std::string_view other = other_picture_kind(bytes);
  if (!other.empty())
    throw FormatError(name + ": a picture of the kind " + std::string(other) + "; PNG and JPEG are read");
  throw FormatError(name + ": neither a PNG nor a JPEG");
}

Image read_image(const std::filesystem::path& file) { return decode_image(read_file(file), file.string()); }

std::string encode_png(const Image& image) {
  if (image.width < 1 || image.height < 1 || image.width > largest_image_side ||
      image.height > largest_image_side)
    throw ConfigError("a picture of " + size_text(image.width, image.height) +
                      " cannot be a PNG: sides are 1 to " + std::to_string(largest_image_side));
  int length = 0;
  const std::unique_ptr<unsigned char, decltype(&std::free)> bytes(
      stbi_write_png_to_mem(image.rgb.data(), 3 * image.width, image.width, image.height, 3, &length),
      &std::free);
  if (!bytes) throw ConfigError("no memory to encode a picture of " + size_text(image.width, image.height));
  return {reinterpret_cast<const char*>(bytes.get()), static_cast<std::size_t>(length)};
}

void write_png(const std::filesystem::path& file, const Image& image) { write_file(file, encode_png(image)); }

Picture to_picture(const Image& image) {
  Picture picture(image.width, image.height);
  for (int c = 0; c < 3; ++c) {
    const auto plane = picture.channel(c);
    for (std::size_t p = 0; p < plane.size(); ++p)
      plane[p] = static_cast<float>(image.rgb[3 * p + static_cast<std::size_t>(c)]) / 255.0f;
  }
  return picture;
}

Image to_image(const Picture& picture) {
  Image image(picture.width, picture.height);
  for (int c = 0; c < 3; ++c) {
    const auto plane = picture.channel(c);
    for (std::size_t p = 0; p < plane.size(); ++p) {
      const float value = plane[p] > 0.0f ? std::min(plane[p], 1.0f) : 0.0f;
      // A half added in double is exact, so this is std::lround without a call of it.
      image.rgb[3 * p + static_cast<std::size_t>(c)] =
          static_cast<std::uint8_t>(static_cast<int>(double{value * 255.0f} + 0.5));
    }
  }
  return image;
}

namespace {

/// Averages `in` of shape (outer, from, inner) over its middle axis to (outer, to, inner).
std::vector<float> average_axis(const std::vector<float>& in, std::size_t outer, std::size_t from,
                                std::size_t to, std::size_t inner) {
  std::vector<float> out(outer * to * inner);
  const double ratio = static_cast<double>(from) / static_cast<double>(to);
  std::vector<double> sum(inner);
  for (std::size_t o = 0; o < outer; ++o)
    for (std::size_t t = 0; t < to; ++t) {
      const double begin = static_cast<double>(t) * ratio, end = static_cast<double>(t + 1) * ratio;
      std::fill(sum.begin(), sum.end(), 0.0);
      double covered = 0;
      for (auto f = static_cast<std::size_t>(begin); f < from && static_cast<double>(f) < end; ++f) {
        const double share =
            std::min(end, static_cast<double>(f + 1)) - std::max(begin, static_cast<double>(f));
        covered += share;
        const float* row = in.data() + (o * from + f) * inner;
        for (std::size_t i = 0; i < inner; ++i) sum[i] += share * static_cast<double>(row[i]);
      }
      float* row = out.data() + (o * to + t) * inner;
      for (std::size_t i = 0; i < inner; ++i) row[i] = static_cast<float>(sum[i] / covered);
    }
  return out;
}

}  // namespace

Picture resize(const Picture& picture, int width, int height) {
  if (width < 1 || height < 1 || width > largest_image_side || height > largest_image_side)
    throw ConfigError("a picture cannot be resized to " + size_text(width, height) + ": sides are 1 to " +
                      std::to_string(largest_image_side));
  if (picture.width < 1 || picture.height < 1) throw ConfigError("an empty picture cannot be resized");
  const auto from_width = static_cast<std::size_t>(picture.width),
             from_height = static_cast<std::size_t>(picture.height);
  const auto to_width = static_cast<std::size_t>(width), to_height = static_cast<std::size_t>(height);
  Picture out;
  out.width = width;
  out.height = height;
  out.rgb = average_axis(picture.rgb, 3, from_height, to_height, from_width);
  out.rgb = average_axis(out.rgb, 3 * to_height, from_width, to_width, 1);
  return out;
}

}  // namespace skein
