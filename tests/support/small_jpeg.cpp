#include "tests/support/small_jpeg.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <numbers>

#include "lib/base/random.hpp"

namespace skein::test {
namespace {

constexpr int side = 8;
constexpr int dc_sizes = 12, dc_code_bits = 4, ac_code_bits = 8;

using Block = std::array<double, side * side>;

constexpr std::array<int, 64> zigzag{0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,
                                     12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6,  7,  14, 21, 28,
                                     35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
                                     58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63};

Block cosine_transform(const Block& block) {
  Block result{};
  for (int v = 0; v < side; ++v)
    for (int u = 0; u < side; ++u) {
      double sum = 0;
      for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x)
          sum += block[static_cast<std::size_t>(y * side + x)] *
                 std::cos((2 * x + 1) * u * std::numbers::pi / 16) *
                 std::cos((2 * y + 1) * v * std::numbers::pi / 16);
      const double scale =
          (u == 0 ? std::numbers::sqrt2 / 2 : 1) * (v == 0 ? std::numbers::sqrt2 / 2 : 1) / 4;
      result[static_cast<std::size_t>(v * side + u)] = scale * sum;
    }
  return result;
}

/// Bits to bytes, a zero byte after every 0xFF.
class Bits {
 public:
  void put(unsigned value, int count) {
    for (int i = count - 1; i >= 0; --i) {
      byte_ = byte_ << 1 | ((value >> i) & 1);
      if (++used_ == 8) flush();
    }
  }
  std::string take() {
    while (used_ != 0) put(1, 1);
    return bytes_;
  }

 private:
  void flush() {
    bytes_ += static_cast<char>(byte_);
    if (byte_ == 0xFF) bytes_ += '\0';
    byte_ = 0;
    used_ = 0;
  }
  std::string bytes_;
  unsigned byte_ = 0;
  int used_ = 0;
};

int size_of(int value) {
  int size = 0;
  for (int rest = std::abs(value); rest > 0; rest /= 2) ++size;
  return size;
}

void put_number(Bits& bits, int value, int size) {
  bits.put(static_cast<unsigned>(value < 0 ? value + (1 << size) - 1 : value), size);
}

/// Run and size share a byte; its code is that byte's rank among the 162 that are used.
unsigned ac_code(int run, int size) {
  if (size == 0) return run == 0 ? 0 : 1;  // end of block, sixteen zeros
  return static_cast<unsigned>(2 + run * 10 + size - 1);
}

void put_block(Bits& bits, const Block& block, int quantiser, int& last_dc) {
  const Block transformed = cosine_transform(block);
  std::array<int, 64> numbers{};
  for (std::size_t i = 0; i < numbers.size(); ++i)
    numbers[i] = static_cast<int>(std::lround(transformed[static_cast<std::size_t>(zigzag[i])] / quantiser));
  const int change = numbers[0] - last_dc, size = size_of(change);
  last_dc = numbers[0];
  bits.put(static_cast<unsigned>(size), dc_code_bits);
  put_number(bits, change, size);
  int run = 0;
  for (std::size_t i = 1; i < numbers.size(); ++i) {
    if (numbers[i] == 0) {
      ++run;
      continue;
    }
    for (; run > 15; run -= 16) bits.put(ac_code(15, 0), ac_code_bits);
    bits.put(ac_code(run, size_of(numbers[i])), ac_code_bits);
    put_number(bits, numbers[i], size_of(numbers[i]));
    run = 0;
  }
  if (run > 0) bits.put(ac_code(0, 0), ac_code_bits);
}

std::string segment(int marker, const std::string& content) {
  const std::size_t length = content.size() + 2;
  return std::string{'\xFF', static_cast<char>(marker), static_cast<char>(length >> 8),
                     static_cast<char>(length & 0xFF)} +
         content;
}

std::string tables(int quantiser) {
  std::string dc(17, '\0'), ac(17, '\0');
  dc[dc_code_bits] = dc_sizes;
  for (int size = 0; size < dc_sizes; ++size) dc += static_cast<char>(size);
  ac[0] = '\x10';
  ac[ac_code_bits] = static_cast<char>(162);
  ac += '\0';
  ac += '\xF0';
  for (int run = 0; run < 16; ++run)
    for (int size = 1; size <= 10; ++size) ac += static_cast<char>(run << 4 | size);
  return segment(0xDB, '\0' + std::string(64, static_cast<char>(quantiser))) + segment(0xC4, dc) +
         segment(0xC4, ac);
}

double component(const std::uint8_t* rgb, int which) {
  const double r = rgb[0], g = rgb[1], b = rgb[2];
  if (which == 0) return 0.299 * r + 0.587 * g + 0.114 * b - 128;
  return which == 1 ? -0.1687 * r - 0.3313 * g + 0.5 * b : 0.5 * r - 0.4187 * g - 0.0813 * b;
}

}  // namespace

std::string encode_jpeg(const Image& image, int quantiser) {
  const auto two = [](int n) { return std::string{static_cast<char>(n >> 8), static_cast<char>(n & 0xFF)}; };
  std::string frame = '\x08' + two(image.height) + two(image.width) + '\x03', scan{'\x03'};
  for (char c = 1; c <= 3; ++c) {
    frame += std::string{c, '\x11', '\0'};
    scan += std::string{c, '\0'};
  }
  scan += std::string{'\0', '\x3F', '\0'};
  Bits bits;
  std::array<int, 3> last_dc{};
  for (int top = 0; top < image.height; top += side)
    for (int left = 0; left < image.width; left += side)
      for (int c = 0; c < 3; ++c) {
        Block block{};
        for (int y = 0; y < side; ++y)
          for (int x = 0; x < side; ++x)
            block[static_cast<std::size_t>(y * side + x)] = component(
                image.pixel(std::min(top + y, image.height - 1), std::min(left + x, image.width - 1)), c);
        put_block(bits, block, quantiser, last_dc[static_cast<std::size_t>(c)]);
      }
  return std::string("\xFF\xD8") + tables(quantiser) + segment(0xC0, frame) + segment(0xDA, scan) +
         bits.take() + "\xFF\xD9";
}

Image photograph_like(int width, int height) {
  Image image(width, height);
  RandomStream random(0, "photograph");
  struct Wave {
    double x, y, phase, size;
  };
  std::array<Wave, 40> waves;
  for (std::size_t i = 0; i < waves.size(); ++i) {
    const double frequency = std::exp2(1 + 0.15 * static_cast<double>(i)), angle = 6.28 * random.uniform();
    waves[i] = {frequency * std::cos(angle), frequency * std::sin(angle), 6.28 * random.uniform(),
                0.3 / frequency};
  }
  for (int row = 0; row < height; ++row)
    for (int column = 0; column < width; ++column) {
      const double x = (column + 0.5) / width, y = (row + 0.5) / height;
      double light = 0.75 - 0.4 * y;
      for (const Wave& wave : waves)
        light += wave.size * std::sin(6.28 * (wave.x * x + wave.y * y) + wave.phase);
      const double far = std::hypot(x - 0.4, y - 0.55) / 0.25;
      const double thing = 1 / (1 + std::exp(30 * (far - 1)));
      light = light * (1 - thing) + thing * (0.9 - 0.5 * far * far);
      for (int c = 0; c < 3; ++c) {
        const double tint = 1 - 0.12 * c * (1 - thing), noise = 0.02 * random.normal();
        image.pixel(row, column)[c] =
            static_cast<std::uint8_t>(255 * std::clamp(light * tint + noise, 0.0, 1.0));
      }
    }
  return image;
}

}  // namespace skein::test
