#include "lib/picture/png_reader.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"
#include "lib/picture/orientation.hpp"
#include "tests/support/made_png.hpp"

using namespace skein;
using test::MadePng;

namespace {

constexpr int png_grey = 0, png_rgb = 2, png_palette = 3, png_grey_alpha = 4, png_rgb_alpha = 6;

int channels_of(int colour_type) {
  return colour_type == png_grey || colour_type == png_palette ? 1
         : colour_type == png_grey_alpha                       ? 2
         : colour_type == png_rgb                              ? 3
                                                               : 4;
}

std::string png_message_of(const std::string& bytes) {
  try {
    decode_png(bytes, "a.png");
  } catch (const FormatError& error) {
    return error.what();
  }
  return "";
}

/// Red, green, blue and opacity in [0, 1] of one pixel, by the definition.
std::array<double, 4> meaning(const std::uint32_t* sample, int type, int depth, const std::string& colours,
                              const std::string& opacities) {
  const double most = std::exp2(depth) - 1;
  const auto part = [&](int c) { return sample[c] / most; };
  if (type == png_grey) return {part(0), part(0), part(0), 1};
  if (type == png_grey_alpha) return {part(0), part(0), part(0), part(1)};
  if (type == png_rgb) return {part(0), part(1), part(2), 1};
  if (type == png_rgb_alpha) return {part(0), part(1), part(2), part(3)};
  std::array<double, 4> result{0, 0, 0, 1};
  for (std::size_t c = 0; c < 3; ++c)
    result[c] = static_cast<unsigned char>(colours[3 * sample[0] + c]) / 255.0;
  if (sample[0] < opacities.size()) result[3] = static_cast<unsigned char>(opacities[sample[0]]) / 255.0;
  return result;
}

MadePng two_by_one() {
  MadePng png;
  png.header(2, 1, 8, png_rgb);
  return png;
}
const std::string two_pixels{'\0', '\1', '\2', '\3', '\4', '\5', '\6'};

}  // namespace

TEST_CASE("every depth, colour type and interlacing of a PNG gives the colours it means, over white") {
  struct Kind {
    int type, depth;
  };
  RandomStream random(0, "made PNGs");
  for (const auto& [type, depth] : {Kind{png_grey, 1},
                                    {png_grey, 2},
                                    {png_grey, 4},
                                    {png_grey, 8},
                                    {png_grey, 16},
                                    {png_rgb, 8},
                                    {png_rgb, 16},
                                    {png_palette, 1},
                                    {png_palette, 2},
                                    {png_palette, 4},
                                    {png_palette, 8},
                                    {png_grey_alpha, 8},
                                    {png_grey_alpha, 16},
                                    {png_rgb_alpha, 8},
                                    {png_rgb_alpha, 16}})
    for (const bool interlaced : {false, true})
      for (const auto& [width, height] : {std::pair{1, 1}, {3, 2}, {13, 9}, {8, 17}}) {
        CAPTURE(type);
        CAPTURE(depth);
        CAPTURE(interlaced);
        CAPTURE(width);
        const int channels = channels_of(type);
        std::vector<std::uint32_t> samples(static_cast<std::size_t>(width * height * channels));
        for (auto& sample : samples) sample = random.below(1u << depth);
        std::string colours, opacities;
        for (int i = 0; i < 3 << depth && type == png_palette; ++i)
          colours += static_cast<char>(random.below(256));
        for (int i = 0; i < 1 << depth && type == png_palette; i += 2)
          opacities += static_cast<char>(random.below(256));
        MadePng png;
        png.header(static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height), depth, type,
                   interlaced);
        if (type == png_palette) png.chunk("PLTE", colours).chunk("tRNS", opacities);
        const Image image = decode_png(
            png.data(test::scan_lines(samples, width, height, channels, depth, interlaced)).end(), "a.png");
        REQUIRE(image.width == width);
        REQUIRE(image.height == height);
        int worst = 0;
        for (int p = 0; p < width * height; ++p) {
          const auto means = meaning(samples.data() + p * channels, type, depth, colours, opacities);
          for (std::size_t c = 0; c < 3; ++c) {
            const double wanted = 255 * (means[c] * means[3] + 1 - means[3]);
            worst = std::max(worst, static_cast<int>(std::lround(
                                        std::abs(image.rgb[3 * static_cast<std::size_t>(p) + c] - wanted))));
          }
        }
        CHECK(worst <= (type >= png_grey_alpha || type == png_palette || depth == 16 ? 1 : 0));
      }
}

TEST_CASE("a colour that tRNS names is white, one beside it is itself") {
  const std::string key{'\0', '\1', '\0', '\2', '\0', '\3'};
  const Image image = decode_png(two_by_one().chunk("tRNS", key).data(two_pixels).end(), "a.png");
  CHECK(image.rgb == std::vector<std::uint8_t>{255, 255, 255, 4, 5, 6});
}

TEST_CASE("samples are taken as they are, whatever gamma or profile goes with them") {
  MadePng png = two_by_one();
  png.chunk("gAMA", test::four_bytes(100000)).chunk("tEXt", std::string("Title\0x", 7));
  CHECK(decode_png(png.data(two_pixels).end(), "a.png").rgb == std::vector<std::uint8_t>{1, 2, 3, 4, 5, 6});
}

TEST_CASE("a PNG with one wrong byte anywhere is refused") {
  const std::string bytes = two_by_one().chunk("tEXt", std::string("Title\0x", 7)).data(two_pixels).end();
  REQUIRE(png_message_of(bytes).empty());
  for (std::size_t i = 8; i < bytes.size(); ++i) {
    CAPTURE(i);
    std::string wrong = bytes;
    wrong[i] = static_cast<char>(wrong[i] ^ 0x10);
    CHECK_THROWS_AS(decode_png(wrong, "a.png"), FormatError);
    CHECK_THROWS_AS(decode_png(bytes.substr(0, i), "a.png"), FormatError);
  }
}

TEST_CASE("a PNG with too little or too much in it is refused") {
  CHECK(png_message_of(two_by_one().data(two_pixels.substr(0, 6)).end()) != "");
  CHECK(png_message_of(two_by_one().data(two_pixels + two_pixels).end()) != "");
  CHECK(png_message_of(two_by_one().end()) != "");
  CHECK(png_message_of(two_by_one().data(two_pixels).bytes()) != "");
  CHECK(png_message_of(MadePng().data(two_pixels).end()) != "");
  MadePng palette_without_colours;
  palette_without_colours.header(1, 1, 8, png_palette).data(std::string(2, '\0'));
  CHECK(png_message_of(palette_without_colours.end()) != "");
  MadePng beyond_palette;
  beyond_palette.header(1, 1, 8, png_palette).chunk("PLTE", "abc").data({'\0', '\7'});
  CHECK(png_message_of(beyond_palette.end()) != "");
}

TEST_CASE("Apple's form of PNG and animations are refused by name") {
  MadePng apple;
  apple.chunk("CgBI", test::four_bytes(0x50002002)).header(2, 1, 8, png_rgb_alpha).data(std::string(9, '\1'));
  CHECK(png_message_of(apple.end()).find("CgBI") != std::string::npos);
  MadePng animated = two_by_one();
  animated.chunk("acTL", test::four_bytes(3) + test::four_bytes(0)).data(two_pixels);
  CHECK(png_message_of(animated.end()) == "a.png: an animated PNG of 3 frames; a picture is a single one");
}

TEST_CASE("a PNG that is too large says its size and the limit") {
  MadePng png;
  png.header(20000, 10, 8, png_rgb).data("x");
  CHECK(png_message_of(png.end()) ==
        "a.png: a picture of 20000 x 10; at most 16384 a side and 64 megapixels are read");
}

TEST_CASE("a PNG is turned as its EXIF data says") {
  for (const bool big_endian : {false, true}) {
    MadePng png = two_by_one();
    png.chunk("eXIf", test::exif_block(6, big_endian)).data(two_pixels);
    const Image image = decode_png(png.end(), "a.png");
    CHECK(image.width == 1);
    CHECK(image.height == 2);
    CHECK(image.rgb == std::vector<std::uint8_t>{1, 2, 3, 4, 5, 6});
  }
}

TEST_CASE("the eight orientations: where the stored picture's first row and first column are seen") {
  // Stored, 3 x 2: a b c / d e f.
  Image stored(3, 2);
  for (std::size_t p = 0; p < 6; ++p)
    for (std::size_t c = 0; c < 3; ++c) stored.rgb[3 * p + c] = static_cast<std::uint8_t>('a' + p);
  const auto letters = [&](int orientation) {
    const Image seen = upright(stored, orientation);
    std::string text;
    for (int row = 0; row < seen.height; ++row) {
      for (int column = 0; column < seen.width; ++column)
        text += static_cast<char>(seen.pixel(row, column)[1]);
      text += '/';
    }
    return text;
  };
  CHECK(letters(1) == "abc/def/");
  CHECK(letters(2) == "cba/fed/");
  CHECK(letters(3) == "fed/cba/");
  CHECK(letters(4) == "def/abc/");
  CHECK(letters(5) == "ad/be/cf/");
  CHECK(letters(6) == "da/eb/fc/");
  CHECK(letters(7) == "fc/eb/da/");
  CHECK(letters(8) == "cf/be/ad/");
}

TEST_CASE("damaged EXIF data turns nothing") {
  const std::string block = test::exif_block(6, true);
  CHECK(exif_orientation(block) == 6);
  for (std::size_t cut = 0; cut < 30; ++cut) CHECK(exif_orientation(block.substr(0, cut)) == 1);
  CHECK(exif_orientation(test::exif_block(9, false)) == 1);
  CHECK(exif_orientation(test::exif_block(0, false)) == 1);
  CHECK(exif_orientation("II*\0\xff\xff\xff\xff") == 1);
}
