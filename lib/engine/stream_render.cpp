#include "lib/engine/stream_render.hpp"

#include <png.h>

#include <algorithm>
#include <csetjmp>
#include <cstddef>
#include <exception>
#include <string>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/engine/canvas.hpp"

namespace skein {

namespace {

constexpr std::size_t band_pixels = std::size_t{1} << 20;
constexpr int compression = 4;  ///< of zlib: tuned, a third of the default's time for a few percent of size

/// A PNG file that grows row by row, whole or not at all. libpng reports errors by longjmp: no function here
/// keeps an object with a destructor across a call that may fail.
class PngStream {
 public:
  PngStream(const std::filesystem::path& file, int width, int height) : file_(file), writer_(file) {
    png_ = png_create_write_struct(
        PNG_LIBPNG_VER_STRING, nullptr, [](png_structp png, png_const_charp) { png_longjmp(png, 1); },
        [](png_structp, png_const_charp) {});
    info_ = png_ ? png_create_info_struct(png_) : nullptr;
    if (!info_) fail();
    if (setjmp(png_jmpbuf(png_))) fail();
    png_set_write_fn(png_, this, write_bytes, [](png_structp) {});
    png_set_IHDR(png_, info_, static_cast<png_uint_32>(width), static_cast<png_uint_32>(height), 8,
                 PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_set_compression_level(png_, compression);
    png_set_filter(png_, 0, PNG_FILTER_SUB);
    png_write_info(png_, info_);
  }
  ~PngStream() { release(); }
  PngStream(const PngStream&) = delete;
  PngStream& operator=(const PngStream&) = delete;

  void write_row(const std::uint8_t* rgb) {
    if (setjmp(png_jmpbuf(png_))) fail();
    png_write_row(png_, rgb);
  }

  void finish() {
    if (setjmp(png_jmpbuf(png_))) fail();
    png_write_end(png_, nullptr);
    writer_.commit();
  }

 private:
  /// An exception may not cross libpng: it waits in `failure_` until `fail`.
  static void write_bytes(png_structp png, png_bytep bytes, std::size_t count) {
    auto* self = static_cast<PngStream*>(png_get_io_ptr(png));
    try {
      self->writer_.write({reinterpret_cast<const char*>(bytes), count});
    } catch (...) {
      self->failure_ = std::current_exception();
    }
    if (self->failure_) png_error(png, "not written");
  }

  void release() {
    if (png_) png_destroy_write_struct(&png_, info_ ? &info_ : nullptr);
  }
  [[noreturn]] void fail() {
    release();
    if (failure_) std::rethrow_exception(failure_);
    throw FormatError(file_.string() + ": cannot be written: libpng has no memory");
  }

  std::filesystem::path file_;
  FileWriter writer_;
  std::exception_ptr failure_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
};

std::uint8_t to_byte(float colour) {
  return static_cast<std::uint8_t>(std::clamp(colour, 0.0f, 1.0f) * 255.0f + 0.5f);
}

void write_rows(PngStream& png, const Picture& band, int rows, std::vector<std::uint8_t>& bytes) {
  const auto width = static_cast<std::size_t>(band.width);
  for (int row = 0; row < rows; ++row) {
    for (std::size_t c = 0; c < 3; ++c) {
      const float* from = band.channel(static_cast<int>(c)).data() + static_cast<std::size_t>(row) * width;
      for (std::size_t x = 0; x < width; ++x)
        bytes[3 * x + c] = from[x] > 0.0f ? to_byte(from[x]) : std::uint8_t{0};
    }
    png.write_row(bytes.data());
  }
}

}  // namespace

bool stream_render(const Plan& plan, std::span<const float> weights, const Grid& grid,
                   const std::filesystem::path& file, const ProgressListener& listener) {
  Canvas canvas(plan, grid);
  canvas.set_weights(weights);
  const int band_rows = std::clamp(static_cast<int>(band_pixels) / grid.width, 1, grid.height);
  Picture band(grid.width, band_rows);
  std::vector<std::uint8_t> bytes(3 * static_cast<std::size_t>(grid.width));
  PngStream png(file, grid.width, grid.height);
  for (int row = 0; row < grid.height; row += band_rows) {
    const int rows = std::min(band_rows, grid.height - row);
    canvas.draw_rows(row, rows, band);
    write_rows(png, band, rows, bytes);
    if (listener && !listener({"render", row + rows, grid.height, {}})) return false;
  }
  png.finish();
  return true;
}

}  // namespace skein
