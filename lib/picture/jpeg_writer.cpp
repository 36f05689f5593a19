#include "lib/picture/jpeg_writer.hpp"

#include <array>
#include <csetjmp>
#include <cstdio>  // jpeglib.h needs it before
#include <cstdlib>

#include <jpeglib.h>

#include "lib/base/error.hpp"

namespace skein {

namespace {

/// libjpeg's error state with the way back. Its first member is libjpeg's own.
struct WriterErrors {
  jpeg_error_mgr manager{};
  std::jmp_buf back{};
};

[[noreturn]] void give_up(j_common_ptr info) {
  std::longjmp(reinterpret_cast<WriterErrors*>(info->err)->back, 1);
}

/// What libjpeg allocates and what it writes to, freed whatever happens.
struct JpegWriter {
  WriterErrors errors;
  jpeg_compress_struct info{};
  unsigned char* bytes = nullptr;
  unsigned long size = 0;

  JpegWriter() {
    info.err = jpeg_std_error(&errors.manager);
    errors.manager.error_exit = give_up;
  }
  ~JpegWriter() {
    jpeg_destroy_compress(&info);
    std::free(bytes);
  }
  JpegWriter(const JpegWriter&) = delete;
  JpegWriter& operator=(const JpegWriter&) = delete;

  /// False when libjpeg gave up. Holds nothing that needs destroying while it calls libjpeg.
  bool write(const Image& image, int quality) {
    if (setjmp(errors.back) != 0) return false;
    jpeg_create_compress(&info);
    jpeg_mem_dest(&info, &bytes, &size);
    info.image_width = static_cast<JDIMENSION>(image.width);
    info.image_height = static_cast<JDIMENSION>(image.height);
    info.input_components = 3;
    info.in_color_space = JCS_RGB;
    jpeg_set_defaults(&info);
    jpeg_set_quality(&info, quality, TRUE);
    jpeg_start_compress(&info, TRUE);
    while (info.next_scanline < info.image_height) {
      JSAMPROW row = const_cast<JSAMPROW>(image.pixel(static_cast<int>(info.next_scanline), 0));
      jpeg_write_scanlines(&info, &row, 1);
    }
    jpeg_finish_compress(&info);
    return true;
  }
};

}  // namespace

std::string encode_jpeg(const Image& image, int quality) {
  if (quality < 1 || quality > 100)
    throw ConfigError("JPEG quality " + std::to_string(quality) + ": must be between 1 and 100");
  if (image.width < 1 || image.height < 1 || image.width > largest_image_side ||
      image.height > largest_image_side)
    throw ConfigError("a JPEG of " + std::to_string(image.width) + " x " + std::to_string(image.height));
  JpegWriter writer;
  if (!writer.write(image, quality)) throw ConfigError("libjpeg could not write the picture");
  return {reinterpret_cast<const char*>(writer.bytes), static_cast<std::size_t>(writer.size)};
}

}  // namespace skein
