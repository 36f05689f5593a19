// Arrays and pictures from damaged bytes: read or refused, whatever they are. Corpora are made here.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>

#include "lib/files/framed_file.hpp"
#include "lib/files/npy.hpp"
#include "lib/picture/image.hpp"
#include "tests/support/fuzz.hpp"
#include "tests/support/made_png.hpp"
#include "tests/support/small_jpeg.hpp"

using namespace skein;
using test::MadePng;

namespace {

/// One small PNG of every kind of pixel, plain and interlaced, one with many chunks.
std::vector<std::string> png_corpus() {
  std::vector<std::string> corpus{encode_png(test::photograph_like(9, 7))};
  for (const auto& [type, depth, channels] :
       {std::array{0, 1, 1}, {0, 16, 1}, {2, 8, 3}, {3, 4, 1}, {4, 8, 2}, {6, 16, 4}})
    for (const bool interlaced : {false, true}) {
      MadePng png;
      png.header(5, 6, depth, type, interlaced);
      if (type == 3) png.chunk("PLTE", std::string(48, '\x41')).chunk("tRNS", "abc");
      if (type == 2)
        png.chunk("tRNS", {'\0', '\1', '\0', '\1', '\0', '\1'}).chunk("eXIf", test::exif_block(6, true));
      const std::vector<std::uint32_t> samples(static_cast<std::size_t>(30 * channels), 1);
      corpus.push_back(png.data(test::scan_lines(samples, 5, 6, channels, depth, interlaced)).end());
    }
  return corpus;
}

std::vector<std::string> npy_corpus() {
  return {encode_npy({{2, 3}, std::vector<float>{1, 2, 3, 4, 5, -6.5f}}),
          encode_npy({{3}, std::vector<double>{1, 2, 3}}),
          encode_npy({{1, 2, 1}, std::vector<std::int32_t>{-1, 2}}),
          encode_npy({{}, std::vector<std::int64_t>{7}}),
          encode_npy({{4, 1}, std::vector<std::uint8_t>{0, 1, 254, 255}})};
}

/// Chunks with their checksums made right again, so that what lies behind them is reached.
std::string with_right_checksums(const std::string& png) {
  MadePng mended;
  for (std::size_t at = 8; at + 12 <= png.size();) {
    std::size_t length = 0;
    for (std::size_t i = 0; i < 4; ++i) length = length << 8 | static_cast<unsigned char>(png[at + i]);
    length = std::min(length, png.size() - at - 12);
    mended.chunk(png.substr(at + 4, 4), png.substr(at + 8, length));
    at += 12 + length;
  }
  return mended.bytes();
}

}  // namespace

TEST_CASE("fuzz: PNG") {
  test::fuzz(png_corpus(), [](const std::string& bytes) { decode_image(bytes, "fuzzed"); });
  test::fuzz(png_corpus(),
             [](const std::string& bytes) { decode_image(with_right_checksums(bytes), "fuzzed"); });
}

TEST_CASE("fuzz: JPEG") {
  const std::vector<std::string> corpus{test::encode_jpeg(test::photograph_like(20, 17)),
                                        test::encode_jpeg(test::photograph_like(8, 8), 40)};
  test::fuzz(corpus, [](const std::string& bytes) { decode_image(bytes, "fuzzed"); });
}

TEST_CASE("fuzz: array") {
  test::fuzz(npy_corpus(), [](const std::string& bytes) { decode_npy(bytes, "fuzzed").doubles(); });
}

TEST_CASE("fuzz: archive of arrays") {
  ArrayMap arrays;
  arrays["a"] = {{2, 3}, std::vector<float>(6, 1)};
  arrays["b"] = {{4}, std::vector<std::uint8_t>{1, 2, 3, 4}};
  test::fuzz({encode_npz(arrays)}, [](const std::string& bytes) { decode_npz(bytes, "fuzzed"); });
}

TEST_CASE("fuzz: framed file") {
  test::fuzz({frame("genome", 1, "payload"), frame("genome", 2, "")},
             [](const std::string& bytes) { unframe(bytes, "genome", 2, "fuzzed"); });
}
