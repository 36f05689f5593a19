#include "lib/picture/png_reader.hpp"

#include <png.h>

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstring>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/picture/orientation.hpp"

namespace skein {

namespace {

constexpr std::size_t png_signature_bytes = 8;

/// What libpng reads from and where it leaves its complaint. Plain data: libpng jumps over the frames between.
struct PngSource {
  const char* next = nullptr;
  std::size_t left = 0;
  std::array<char, 128> complaint{};
};

void png_read_bytes(png_structp png, png_bytep to, png_size_t count) {
  auto* source = static_cast<PngSource*>(png_get_io_ptr(png));
  if (count > source->left) png_error(png, "the file is cut short");
  std::memcpy(to, source->next, count);
  source->next += count;
  source->left -= count;
}

[[noreturn]] void png_complain(png_structp png, png_const_charp message) {
  auto* source = static_cast<PngSource*>(png_get_error_ptr(png));
  std::strncpy(source->complaint.data(), message, source->complaint.size() - 1);
  png_longjmp(png, 1);
}

void png_ignore_warning(png_structp, png_const_charp) {}

/// libpng at work on one file. Its errors jump; `run` turns them into exceptions.
class PngDecoder {
 public:
  PngDecoder(std::string_view bytes, const std::string& name)
      : source_{bytes.data(), bytes.size(), {}}, name_(name) {
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, &source_, png_complain, png_ignore_warning);
    info_ = png_ ? png_create_info_struct(png_) : nullptr;
    if (info_ == nullptr) {
      png_destroy_read_struct(&png_, nullptr, nullptr);
      throw std::bad_alloc();
    }
  }
  ~PngDecoder() { png_destroy_read_struct(&png_, &info_, nullptr); }
  PngDecoder(const PngDecoder&) = delete;
  PngDecoder& operator=(const PngDecoder&) = delete;

  png_structp png() const { return png_; }
  png_infop info() const { return info_; }

  /// Runs `step`, which must hold nothing that needs destroying while it calls libpng.
  template <class Step>
  void run(const Step& step) {
    if (setjmp(png_jmpbuf(png_)) != 0)
      throw FormatError(name_ + ": a damaged PNG (" + source_.complaint.data() + ")");
    step();
  }
  /// Without what is known and of no use here, so that no text or profile asks for memory.
  void pass_over_other_chunks() {
    static constexpr char useless[] =
        "bKGD\0cHRM\0gAMA\0hIST\0iCCP\0iTXt\0oFFs\0pCAL\0pHYs\0sBIT\0sCAL\0sPLT\0sRGB\0sTER\0tEXt\0tIME\0zTXt"
        "\0eXIf";
    png_set_keep_unknown_chunks(png_, PNG_HANDLE_CHUNK_NEVER, reinterpret_cast<png_const_bytep>(useless),
                                static_cast<int>(sizeof useless / 5));
  }

 private:
  PngSource source_;
  const std::string& name_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
};

std::uint32_t png_number(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

/// What chunks say that libpng leaves to its caller. Lengths are believed: libpng compares checksums afterwards.
struct PngChunks {
  bool apple = false;
  std::uint32_t frames = 1;
  int orientation = 1;
};

PngChunks look_at_chunks(std::string_view bytes) {
  PngChunks found;
  constexpr std::size_t around = 12;  // length, type and checksum
  for (std::size_t at = png_signature_bytes; at + around <= bytes.size();) {
    const std::size_t length = png_number(bytes, at);
    if (length > bytes.size() - at - around) break;
    const std::string_view type = bytes.substr(at + 4, 4), content = bytes.substr(at + 8, length);
    if (type == "CgBI") found.apple = true;
    if (type == "acTL" && length >= 4) found.frames = png_number(content, 0);
    if (type == "eXIf") found.orientation = exif_orientation(content);
    if (type == "IEND") break;
    at += around + length;
  }
  return found;
}

/// (red, green, blue, opacity) laid over white.
void lay_over_white(const png_byte* rgba, std::uint8_t* rgb) {
  const unsigned opacity = rgba[3];
  for (std::size_t c = 0; c < 3; ++c)
    rgb[c] = static_cast<std::uint8_t>((rgba[c] * opacity + 255 * (255 - opacity) + 127) / 255);
}

/// The colours of a palette over white; the places beyond its end are no colour.
struct Palette {
  std::array<std::array<std::uint8_t, 3>, 256> colours{};
  std::size_t count = 0;
};

Palette read_palette(png_structp png, png_infop info) {
  Palette palette;
  png_colorp colours = nullptr;
  png_bytep opacities = nullptr;
  int count = 0, transparent = 0;
  if (png_get_PLTE(png, info, &colours, &count) == 0) return palette;
  png_get_tRNS(png, info, &opacities, &transparent, nullptr);
  palette.count = std::min(palette.colours.size(), static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < palette.count; ++i) {
    const png_byte opacity = i < static_cast<std::size_t>(transparent) ? opacities[i] : png_byte{255};
    const std::array<png_byte, 4> rgba{colours[i].red, colours[i].green, colours[i].blue, opacity};
    lay_over_white(rgba.data(), palette.colours[i].data());
  }
  return palette;
}

}  // namespace

Image decode_png(std::string_view bytes, const std::string& name) {
  const PngChunks chunks = look_at_chunks(bytes);
  if (chunks.apple)
    throw FormatError(name +
                      ": a PNG in Apple's own form (CgBI), which other programs cannot read; save it as an "
                      "ordinary PNG");
  if (chunks.frames != 1)
    throw FormatError(name + ": an animated PNG of " + std::to_string(chunks.frames) +
                      " frames; a picture is a single one");
  PngDecoder decoder(bytes, name);
  const png_structp png = decoder.png();
  const png_infop info = decoder.info();

  // Step 1. The header, and the size before any memory is asked for.
  decoder.run([&] {
    constexpr png_uint_32 no_limit = 0x7fffffff;
    png_set_read_fn(png, png_get_error_ptr(png), png_read_bytes);
    png_set_user_limits(png, no_limit, no_limit);
    png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
    png_set_benign_errors(png, 0);
    decoder.pass_over_other_chunks();
    png_read_info(png, info);
  });
  const std::size_t width = png_get_image_width(png, info), height = png_get_image_height(png, info);
  check_image_size(width, height, name);

  // Step 2. Every kind of pixel becomes four bytes, or one that is a place in a palette.
  const bool indexed = png_get_color_type(png, info) == PNG_COLOR_TYPE_PALETTE;
  const Palette palette = indexed ? read_palette(png, info) : Palette{};
  const std::size_t pixel_bytes = indexed ? 1 : 4;
  decoder.run([&] {
    if (indexed) {
      png_set_packing(png);
    } else {
      png_set_expand(png);
      png_set_scale_16(png);
      png_set_gray_to_rgb(png);
      png_set_add_alpha(png, 0xff, PNG_FILLER_AFTER);
    }
    png_set_interlace_handling(png);
    png_read_update_info(png, info);
    if (png_get_rowbytes(png, info) != pixel_bytes * width) png_error(png, "unknown kind of pixel");
  });

  // Step 3. Row by row; an interlaced picture needs all rows at once.
  const bool interlaced = png_get_interlace_type(png, info) != PNG_INTERLACE_NONE;
  const std::size_t row_bytes = pixel_bytes * width;
  Image image(static_cast<int>(width), static_cast<int>(height));
  std::vector<png_byte> stored(row_bytes * (interlaced ? height : 1));
  const int passes = interlaced ? PNG_INTERLACE_ADAM7_PASSES : 1;
  decoder.run([&] {
    for (int pass = 0; pass < passes; ++pass)
      for (std::size_t row = 0; row < height; ++row) {
        png_byte* line = stored.data() + (interlaced ? row_bytes * row : 0);
        png_read_row(png, line, nullptr);
        if (pass + 1 < passes) continue;
        std::uint8_t* rgb = image.rgb.data() + 3 * width * row;
        for (std::size_t column = 0; column < width; ++column, rgb += 3) {
          if (!indexed) {
            lay_over_white(line + pixel_bytes * column, rgb);
            continue;
          }
          if (line[column] >= palette.count) png_error(png, "a colour that is not in the palette");
          std::copy_n(palette.colours[line[column]].data(), 3, rgb);
        }
      }
    png_read_end(png, nullptr);
  });
  return upright(std::move(image), chunks.orientation);
}

}  // namespace skein
