#include "lib/picture/image.hpp"

#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <memory>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"

namespace {

/// The most that one request of the decoder may ask for: a file's chunk lengths and its compressed data claim
/// what they like. Set for each picture from its checked size.
thread_local std::size_t decoder_limit = 0;

void* bounded_malloc(std::size_t bytes) { return bytes > decoder_limit ? nullptr : std::malloc(bytes); }
void* bounded_realloc(void* old, std::size_t bytes) {
  return bytes > decoder_limit ? nullptr : std::realloc(old, bytes);
}

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
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#define STBI_ONLY_PNG
#define STBI_ONLY_JPEG
#define STBI_NO_STDIO
#define STBI_NO_LINEAR
#define STBI_NO_HDR
#define STBI_MAX_DIMENSIONS 16384
#define STBI_MALLOC(size) bounded_malloc(size)
#define STBI_REALLOC(old, size) bounded_realloc(old, size)
#define STBI_FREE(pointer) std::free(pointer)
#include <stb/stb_image.h>
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

/// Whether the Huffman table segment whose length field is at `at` announces at most 256 codes a table.
/// stb_image (2.27) trusts that count and would write past its own table.
bool sound_huffman_segment(std::string_view bytes, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0u;
  };
  const std::size_t end = at + 256 * byte(at) + byte(at + 1);
  for (at += 2; at < end && at < bytes.size();) {
    std::size_t codes = 0;
    for (std::size_t i = 1; i <= 16; ++i) codes += byte(at + i);
    if (codes > 256) return false;
    at += 17 + codes;
  }
  return true;
}

/// Follows a JPEG's segments up to the first scan, then looks at every later marker. Anything else is sound.
bool sound_huffman_tables(std::string_view bytes) {
  constexpr unsigned char tables = 0xC4, scan = 0xDA;
  if (!bytes.starts_with("\xff\xd8")) return true;
  bool scanning = false;
  for (std::size_t at = 2; at + 3 < bytes.size();) {
    const auto marker = static_cast<unsigned char>(bytes[at + 1]);
    if (bytes[at] != '\xff' || marker == 0 || marker == 0xFF) {
      ++at;
      continue;
    }
    if (marker == tables && !sound_huffman_segment(bytes, at + 2)) return false;
    scanning = scanning || marker == scan;
    const std::size_t length =
        256u * static_cast<unsigned char>(bytes[at + 2]) + static_cast<unsigned char>(bytes[at + 3]);
    at += scanning ? 2 : 2 + length;
  }
  return true;
}

}  // namespace

bool is_image(std::string_view bytes) {
  return bytes.starts_with("\x89PNG\r\n\x1a\n") || bytes.starts_with("\xff\xd8\xff");
}

Image decode_image(std::string_view bytes, const std::string& name) {
  if (!is_image(bytes)) throw FormatError(name + ": neither a PNG nor a JPEG");
  if (!sound_huffman_tables(bytes))
    throw FormatError(name + ": damaged JPEG: a Huffman table has over 256 codes");
  if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()))
    throw FormatError(name + ": a picture file of over 2 GiB");
  const auto* data = reinterpret_cast<const stbi_uc*>(bytes.data());
  const int length = static_cast<int>(bytes.size());
  decoder_limit = std::size_t{1} << 20;
  int width = 0, height = 0, channels = 0;
  if (!stbi_info_from_memory(data, length, &width, &height, &channels) || width < 1 || height < 1)
    throw FormatError(name + ": a damaged picture (" + stbi_failure_reason() + ")");
  const std::size_t pixels = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  if (width > largest_image_side || height > largest_image_side || pixels > largest_image_pixels)
    throw FormatError(name + ": a picture of " + size_text(width, height) + ", at most " +
                      std::to_string(largest_image_side) + " a side and 64 megapixels are read");
  decoder_limit = 20 * pixels + 2 * bytes.size() + (std::size_t{1} << 20);
  const std::unique_ptr<stbi_uc, decltype(&std::free)> rgba(
      stbi_load_from_memory(data, length, &width, &height, &channels, 4), &std::free);
  if (!rgba) throw FormatError(name + ": a damaged picture (" + stbi_failure_reason() + ")");
  Image image(width, height);
  for (std::size_t p = 0; p < pixels; ++p) {
    const unsigned alpha = rgba.get()[4 * p + 3];
    for (std::size_t c = 0; c < 3; ++c)
      image.rgb[3 * p + c] =
          static_cast<std::uint8_t>((rgba.get()[4 * p + c] * alpha + 255 * (255 - alpha) + 127) / 255);
  }
  return image;
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
      image.rgb[3 * p + static_cast<std::size_t>(c)] = static_cast<std::uint8_t>(std::lround(value * 255.0f));
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
