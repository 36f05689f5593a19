#include "lib/picture/jpeg_reader.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>

#include <jpeglib.h>

#include "lib/base/error.hpp"
#include "tests/support/made_png.hpp"
#include "tests/support/small_jpeg.hpp"

using namespace skein;

namespace {

constexpr int width = 24, height = 16;

/// Left half red, right half blue, which blocks of 8 x 8 keep.
std::vector<std::uint8_t> halves(int components) {
  std::vector<std::uint8_t> samples;
  for (int row = 0; row < height; ++row)
    for (int column = 0; column < width; ++column)
      for (int c = 0; c < components; ++c)
        samples.push_back(components == 1 ? (column < 8 ? 200 : 40) : c == (column < 8 ? 0 : 2) ? 255 : 0);
  return samples;
}

struct JpegKind {
  int components = 3;
  bool progressive = false, interleaved = true;
  std::string exif = {};  ///< with the mark in front
};

std::string jpeg_of(const JpegKind& kind) {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &bytes, &size);
  info.image_width = width;
  info.image_height = height;
  info.input_components = kind.components;
  info.in_color_space = kind.components == 1 ? JCS_GRAYSCALE : kind.components == 3 ? JCS_RGB : JCS_CMYK;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, 100, TRUE);
  for (int c = 0; c < info.num_components; ++c)
    info.comp_info[c].h_samp_factor = info.comp_info[c].v_samp_factor = 1;
  jpeg_scan_info apart[3]{};
  for (int c = 0; c < 3; ++c) apart[c] = {1, {c, 0, 0, 0}, 0, 63, 0, 0};
  if (!kind.interleaved) {
    info.scan_info = apart;
    info.num_scans = 3;
  }
  if (kind.progressive) jpeg_simple_progression(&info);
  jpeg_start_compress(&info, TRUE);
  if (!kind.exif.empty())
    jpeg_write_marker(&info, JPEG_APP0 + 1, reinterpret_cast<const JOCTET*>(kind.exif.data()),
                      static_cast<unsigned>(kind.exif.size()));
  std::vector<std::uint8_t> samples = halves(kind.components);
  while (info.next_scanline < info.image_height) {
    JSAMPROW line = samples.data() + info.next_scanline * static_cast<unsigned>(width * kind.components);
    jpeg_write_scanlines(&info, &line, 1);
  }
  jpeg_finish_compress(&info);
  std::string out(reinterpret_cast<const char*>(bytes), size);
  std::free(bytes);
  jpeg_destroy_compress(&info);
  return out;
}

std::string jpeg_message_of(const std::string& bytes) {
  try {
    decode_jpeg(bytes, "a.jpg");
  } catch (const FormatError& error) {
    return error.what();
  }
  return "";
}

/// Where each scan begins (its marker).
std::vector<std::size_t> scans_of(const std::string& bytes) {
  std::vector<std::size_t> at;
  for (std::size_t i = 0; i + 1 < bytes.size(); ++i)
    if (bytes[i] == '\xff' && bytes[i + 1] == '\xda') at.push_back(i);
  return at;
}

/// The last segment of tables before a scan belongs to it.
std::size_t scan_begins(const std::string& bytes, std::size_t scan) {
  const std::size_t tables = bytes.rfind("\xff\xc4", scan);
  const std::size_t previous = bytes.rfind("\xff\xda", scan - 1);
  return tables != std::string::npos && (previous == std::string::npos || tables > previous) ? tables : scan;
}

}  // namespace

TEST_CASE("grey and colour JPEGs of one scan, of one scan a component and of many come back as they were") {
  for (const JpegKind& kind : {JpegKind{},
                               {.components = 1},
                               {.progressive = true},
                               {.interleaved = false},
                               {.components = 1, .progressive = true}}) {
    CAPTURE(kind.components);
    CAPTURE(kind.progressive);
    const Image image = decode_jpeg(jpeg_of(kind), "a.jpg");
    REQUIRE(image.width == width);
    REQUIRE(image.height == height);
    const auto wanted = halves(kind.components);
    int worst = 0;
    for (std::size_t p = 0; p < wanted.size() / static_cast<std::size_t>(kind.components); ++p)
      for (std::size_t c = 0; c < 3; ++c)
        worst = std::max(
            worst, std::abs(image.rgb[3 * p + c] - (kind.components == 1 ? wanted[p] : wanted[3 * p + c])));
    CHECK(worst <= 3);
  }
}

TEST_CASE("a JPEG written without libjpeg is read alike") {
  const Image picture = test::photograph_like(33, 20);
  const Image read = decode_jpeg(test::encode_jpeg(picture, 1), "a.jpg");
  double sum = 0;
  for (std::size_t i = 0; i < picture.rgb.size(); ++i) sum += std::abs(picture.rgb[i] - read.rgb[i]);
  CHECK(sum / static_cast<double>(picture.rgb.size()) < 1);
}

TEST_CASE("a JPEG without a scan, or without one of its scans, is refused") {
  const std::string plain = jpeg_of({});
  const std::string without_scan = plain.substr(0, scans_of(plain).front()) + "\xff\xd9";
  CHECK(jpeg_message_of(without_scan) != "");
  for (const JpegKind& kind :
       {JpegKind{.progressive = true}, {.interleaved = false}, {.components = 1, .progressive = true}}) {
    const std::string whole = jpeg_of(kind);
    const auto scans = scans_of(whole);
    REQUIRE(scans.size() > 1);
    for (std::size_t s = 0; s < scans.size(); ++s) {
      CAPTURE(s);
      const std::size_t from = scan_begins(whole, scans[s]);
      const std::size_t to = s + 1 < scans.size() ? scan_begins(whole, scans[s + 1]) : whole.size() - 2;
      CHECK(jpeg_message_of(whole.substr(0, from) + whole.substr(to)) != "");
    }
  }
}

TEST_CASE("a JPEG cut short anywhere is refused") {
  for (const JpegKind& kind : {JpegKind{}, {.progressive = true}}) {
    const std::string bytes = jpeg_of(kind);
    for (std::size_t cut = 0; cut + 2 < bytes.size(); cut += 3) {
      CAPTURE(cut);
      CHECK(jpeg_message_of(bytes.substr(0, cut)) != "");
      CHECK(jpeg_message_of(bytes.substr(0, cut) + "\xff\xd9") != "");
    }
  }
}

TEST_CASE("JPEGs for printing, of 12 bits and of endless scans are refused by name") {
  CHECK(jpeg_message_of(jpeg_of({.components = 4})).find("CMYK") != std::string::npos);
  std::string deep = jpeg_of({});
  deep[deep.find("\xff\xc0") + 4] = 12;
  CHECK(jpeg_message_of(deep).find("12") != std::string::npos);
  const std::string whole = jpeg_of({.interleaved = false});
  const auto scans = scans_of(whole);
  const std::string last =
      whole.substr(scan_begins(whole, scans.back()), whole.size() - 2 - scan_begins(whole, scans.back()));
  std::string many = whole.substr(0, whole.size() - 2);
  for (int i = 0; i < 600; ++i) many += last;
  CHECK(jpeg_message_of(many + "\xff\xd9") == "a.jpg: a JPEG of more than 512 scans");
}

TEST_CASE("a JPEG that is too large says its size and the limit") {
  std::string bytes = jpeg_of({});
  const std::size_t frame = bytes.find("\xff\xc0");
  bytes.replace(frame + 5, 4, std::string{'\x4e', '\x20', '\x4e', '\x20'});
  CHECK(jpeg_message_of(bytes) ==
        "a.jpg: a picture of 20000 x 20000; at most 16384 a side and 64 megapixels are read");
}

TEST_CASE("a JPEG is turned as its EXIF data says") {
  for (const int orientation : {1, 3, 6, 8}) {
    CAPTURE(orientation);
    const Image image = decode_jpeg(
        jpeg_of({.exif = std::string("Exif\0\0", 6) + test::exif_block(orientation, orientation == 6)}),
        "a.jpg");
    const bool turned = orientation >= 5;
    REQUIRE(image.width == (turned ? height : width));
    const auto red = [&](int row, int column) { return image.pixel(row, column)[0] > 200; };
    // The stored picture is red at its left: seen above, below, or at the right.
    CHECK(red(1, 1) == (orientation == 1 || orientation == 6));
    CHECK(red(image.height - 2, image.width - 2) == (orientation == 3 || orientation == 8));
  }
  CHECK(decode_jpeg(jpeg_of({.exif = "Exif"}), "a.jpg").width == width);
}
