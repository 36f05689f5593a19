#include "lib/picture/jpeg_reader.hpp"

#include <array>
#include <csetjmp>
#include <cstdio>  // jpeglib.h needs it before
#include <cstring>
#include <vector>

#include <jpeglib.h>

#include "lib/base/error.hpp"
#include "lib/picture/orientation.hpp"

namespace skein {

namespace {

constexpr int most_scans = 512;  ///< real files have up to some 20; each one costs a pass over the picture
constexpr int exif_marker = JPEG_APP0 + 1;
constexpr unsigned largest_segment = 0xffff;

/// libjpeg's error state with the way back. Its first member is libjpeg's own.
struct JpegErrors {
  jpeg_error_mgr manager{};
  std::jmp_buf back{};
  std::array<char, JMSG_LENGTH_MAX> complaint{};
};

[[noreturn]] void jpeg_complain(j_common_ptr info) {
  auto* errors = reinterpret_cast<JpegErrors*>(info->err);
  info->err->format_message(info, errors->complaint.data());
  std::longjmp(errors->back, 1);
}

/// A warning means that data are damaged or missing: as good as an error.
void jpeg_message(j_common_ptr info, int level) {
  if (level < 0) jpeg_complain(info);
}

/// libjpeg at work on one file. Its errors jump; `run` turns them into exceptions.
class JpegDecoder {
 public:
  explicit JpegDecoder(const std::string& name) : name_(name) {
    info_.err = jpeg_std_error(&errors_.manager);
    errors_.manager.error_exit = jpeg_complain;
    errors_.manager.emit_message = jpeg_message;
    run([this] { jpeg_create_decompress(&info_); });
  }
  ~JpegDecoder() { jpeg_destroy_decompress(&info_); }
  JpegDecoder(const JpegDecoder&) = delete;
  JpegDecoder& operator=(const JpegDecoder&) = delete;

  jpeg_decompress_struct& info() { return info_; }
  [[noreturn]] void fail(const std::string& cause) const { throw FormatError(name_ + ": " + cause); }

  /// Runs `step`, which must hold nothing that needs destroying while it calls libjpeg.
  template <class Step>
  void run(const Step& step) {
    if (setjmp(errors_.back) != 0) fail(std::string("a damaged JPEG (") + errors_.complaint.data() + ")");
    step();
  }

 private:
  const std::string& name_;
  JpegErrors errors_;
  jpeg_decompress_struct info_{};
};

int orientation_of(const jpeg_decompress_struct& info) {
  constexpr std::string_view mark("Exif\0\0", 6);
  for (const auto* segment = info.marker_list; segment != nullptr; segment = segment->next) {
    const std::string_view content(reinterpret_cast<const char*>(segment->data), segment->data_length);
    if (segment->marker == exif_marker && content.starts_with(mark))
      return exif_orientation(content.substr(mark.size()));
  }
  return 1;
}

/// Takes every scan in, and throws unless they give every coefficient of every component to its last bit.
void take_in_scans(JpegDecoder& decoder) {
  jpeg_decompress_struct& info = decoder.info();
  std::array<bool, MAX_COMPONENTS> given{};
  bool too_many = false;
  decoder.run([&] {
    for (int state = JPEG_REACHED_SOS; state != JPEG_REACHED_EOI && !too_many;) {
      if (state == JPEG_REACHED_SOS)
        for (int c = 0; c < info.comps_in_scan; ++c)
          given[static_cast<std::size_t>(info.cur_comp_info[c]->component_index)] = true;
      too_many = info.input_scan_number > most_scans;
      state = jpeg_consume_input(&info);
    }
  });
  if (too_many) decoder.fail("a JPEG of more than " + std::to_string(most_scans) + " scans");
  for (int c = 0; c < info.num_components; ++c) {
    bool whole = given[static_cast<std::size_t>(c)];
    if (info.progressive_mode)
      for (int k = 0; k < DCTSIZE2; ++k) whole = whole && info.coef_bits[c][k] == 0;
    if (!whole) decoder.fail("a damaged JPEG (no scan gives all of component " + std::to_string(c + 1) + ")");
  }
}

}  // namespace

Image decode_jpeg(std::string_view bytes, const std::string& name) {
  JpegDecoder decoder(name);
  jpeg_decompress_struct& info = decoder.info();

  // Step 1. The header, and the size before memory is asked for.
  decoder.run([&] {
    jpeg_mem_src(&info, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    jpeg_save_markers(&info, exif_marker, largest_segment);
    jpeg_read_header(&info, TRUE);
  });
  check_image_size(info.image_width, info.image_height, name);
  if (info.jpeg_color_space == JCS_CMYK || info.jpeg_color_space == JCS_YCCK || info.num_components == 4)
    decoder.fail("a JPEG of four colours (CMYK), made for printing; save it as RGB");
  const int orientation = orientation_of(info);

  // Step 2. With several scans all coefficients come first, then the pixels.
  const bool several = jpeg_has_multiple_scans(&info) != FALSE;
  decoder.run([&] {
    info.out_color_space = JCS_RGB;
    info.dct_method = JDCT_ISLOW;
    info.buffered_image = several ? TRUE : FALSE;
    jpeg_start_decompress(&info);
  });
  if (several) {
    take_in_scans(decoder);
    decoder.run([&] { jpeg_start_output(&info, info.input_scan_number); });
  }
  Image image(static_cast<int>(info.output_width), static_cast<int>(info.output_height));
  decoder.run([&] {
    while (info.output_scanline < info.output_height) {
      JSAMPROW line = image.pixel(static_cast<int>(info.output_scanline), 0);
      jpeg_read_scanlines(&info, &line, 1);
    }
    if (several) jpeg_finish_output(&info);
    jpeg_finish_decompress(&info);
  });
  return upright(std::move(image), orientation);
}

}  // namespace skein
