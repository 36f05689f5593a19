#include "lib/picture/image.hpp"

#include <doctest/doctest.h>
#include <zlib.h>

#include <limits>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/base/random.hpp"
#include "tests/support/damage.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;

namespace {

Image noise(int width, int height, std::uint64_t seed = 1) {
  RandomStream random(seed, "test image");
  Image image(width, height);
  for (auto& byte : image.rgb) byte = static_cast<std::uint8_t>(random.below(256));
  return image;
}

void put_big_endian(std::string& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 255);
}

/// A PNG written by hand: any header, any scan lines (each with its filter byte in front).
std::string handmade_png(std::uint32_t width, std::uint32_t height, char colour_type,
                         const std::string& lines) {
  std::string png = "\x89PNG\r\n\x1a\n";
  const auto chunk = [&png](std::string type, const std::string& body) {
    put_big_endian(png, static_cast<std::uint32_t>(body.size()));
    type += body;
    png += type;
    put_big_endian(png, static_cast<std::uint32_t>(
                            crc32_z(0, reinterpret_cast<const Bytef*>(type.data()), type.size())));
  };
  std::string header;
  put_big_endian(header, width);
  put_big_endian(header, height);
  header += {'\x08', colour_type, '\0', '\0', '\0'};
  chunk("IHDR", header);
  uLongf size = compressBound(lines.size());
  std::string packed(size, '\0');
  compress2(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(lines.data()),
            lines.size(), 9);
  packed.resize(size);
  chunk("IDAT", packed);
  chunk("IEND", "");
  return png;
}

}  // namespace

TEST_CASE("a PNG comes back as it was written") {
  for (const auto& [width, height] : {std::pair{1, 1}, {7, 3}, {64, 65}}) {
    const Image image = noise(width, height);
    const std::string bytes = encode_png(image);
    CHECK(is_image(bytes));
    CHECK(decode_image(bytes, "noise.png") == image);
    CHECK(to_image(to_picture(image)) == image);
  }
}

TEST_CASE("a PNG file is written and read") {
  const test::TemporaryFolder folder;
  const Image image = noise(20, 10);
  write_png(folder.path() / "a.png", image);
  CHECK(read_image(folder.path() / "a.png") == image);
  CHECK_THROWS_AS(read_image(folder.path() / "none.png"), FormatError);
  CHECK_THROWS_AS(write_png(folder.path() / "no" / "a.png", image), FormatError);
}

TEST_CASE("transparency is laid over white") {
  const std::string line{'\0', '\0', '\0', '\0', '\0', '\x64', '\x32', '\0', '\x80'};
  const Image image = decode_image(handmade_png(2, 1, 6, line), "rgba.png");
  CHECK(image.pixel(0, 0)[0] == 255);
  CHECK(image.pixel(0, 0)[2] == 255);
  CHECK(image.pixel(0, 1)[0] == 177);  // (100 * 128 + 255 * 127 + 127) / 255
  CHECK(image.pixel(0, 1)[2] == 127);
}

TEST_CASE("grey pictures become RGB") {
  const Image image = decode_image(handmade_png(2, 1, 0, {'\0', '\x10', '\x20'}), "grey.png");
  CHECK(image.rgb == std::vector<std::uint8_t>{16, 16, 16, 32, 32, 32});
}

TEST_CASE("a picture that claims to be huge is refused before memory is asked for") {
  for (const auto& [width, height] :
       {std::pair{100000u, 1u}, {16384u, 16384u}, {0u, 5u}, {0xffffffffu, 0xffffffffu}})
    CHECK_THROWS_AS(decode_image(handmade_png(width, height, 2, "x"), "huge.png"), FormatError);
}

TEST_CASE("a small picture whose data unpacks to far more is refused") {
  const std::string bomb = handmade_png(4, 4, 2, std::string(std::size_t{64} << 20, '\0'));
  CHECK_THROWS_AS(decode_image(bomb, "bomb.png"), FormatError);
}

TEST_CASE("damaged pictures are read or refused") {
  const std::string bytes = encode_png(noise(24, 16));
  CHECK(test::refuses_or_reads(bytes, 200, [](const std::string& b) { decode_image(b, "damaged.png"); }) >
        100);
  CHECK_THROWS_AS(decode_image("", "empty.png"), FormatError);
  CHECK_THROWS_AS(decode_image("GIF89a", "a.gif"), FormatError);
}

TEST_CASE("damaged JPEGs are read or refused") {
  // A 2 x 2 grey baseline JPEG.
  const std::vector<unsigned char> jpeg{
      0xff, 0xd8, 0xff, 0xdb, 0x00, 0x43, 0x00, 3,  2,  2,  2,    2,  2,    3,    2,    2,    2,    3,
      3,    3,    3,    4,    6,    4,    4,    4,  4,  4,  8,    6,  6,    5,    6,    9,    8,    10,
      10,   9,    8,    9,    9,    10,   12,   15, 12, 10, 11,   14, 11,   9,    9,    13,   17,   13,
      14,   15,   16,   16,   17,   16,   10,   12, 18, 19, 18,   16, 19,   15,   16,   16,   16,   0xff,
      0xc0, 0,    11,   8,    0,    2,    0,    2,  1,  1,  0x11, 0,  0xff, 0xc4, 0,    0x14, 0,    1,
      0,    0,    0,    0,    0,    0,    0,    0,  0,  0,  0,    0,  0,    0,    0,    9,    0xff, 0xc4,
      0,    0x14, 0x10, 1,    0,    0,    0,    0,  0,  0,  0,    0,  0,    0,    0,    0,    0,    0,
      0,    0,    0xff, 0xda, 0,    8,    1,    1,  0,  0,  0x3f, 0,  0x54, 0xdf, 0xff, 0xd9};
  const std::string bytes(jpeg.begin(), jpeg.end());
  const Image image = decode_image(bytes, "small.jpg");
  CHECK(image.width == 2);
  CHECK(image.height == 2);
  test::refuses_or_reads(bytes, 200, [](const std::string& b) { decode_image(b, "damaged.jpg"); });
}

TEST_CASE("values outside [0, 1] are clamped when a picture becomes bytes") {
  Picture picture(2, 1);
  picture.rgb = {-1.0f, 2.0f, std::numeric_limits<float>::quiet_NaN(), 0.5f, 1.0f, 0.0f};
  const Image image = to_image(picture);
  CHECK(image.rgb == std::vector<std::uint8_t>{0, 0, 255, 255, 128, 0});
}

TEST_CASE("resizing keeps the mean and is the identity at the same size") {
  const Picture picture = to_picture(noise(12, 9));
  CHECK(resize(picture, 12, 9) == picture);
  const auto mean = [](const Picture& p) {
    double sum = 0;
    for (const float v : p.rgb) sum += static_cast<double>(v);
    return sum / static_cast<double>(p.rgb.size());
  };
  for (const auto& [width, height] : {std::pair{6, 3}, {5, 7}, {1, 1}, {30, 20}}) {
    const Picture out = resize(picture, width, height);
    CHECK(out.width == width);
    CHECK(out.height == height);
    CHECK(mean(out) == doctest::Approx(mean(picture)).epsilon(1e-6));
  }
  CHECK_THROWS_AS(resize(picture, 0, 5), ConfigError);
  CHECK_THROWS_AS(resize(picture, 5, largest_image_side + 1), ConfigError);
}

TEST_CASE("halving a picture averages blocks of four") {
  Picture picture(2, 2);
  picture.rgb = {0, 1, 1, 0, 1, 1, 1, 1, 0.25f, 0.25f, 0.75f, 0.75f};
  CHECK(resize(picture, 1, 1).rgb == std::vector<float>{0.5f, 1.0f, 0.5f});
}
