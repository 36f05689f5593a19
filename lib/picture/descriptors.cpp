#include "lib/picture/descriptors.hpp"

#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/picture/image.hpp"

namespace skein {

namespace {

constexpr int complexity_side = 32;

void check(const Picture& picture) {
  if (picture.width < 2 || picture.height < 2)
    throw ConfigError("descriptors of a picture of " + std::to_string(picture.width) + " x " +
                      std::to_string(picture.height) + "; at least 2 x 2 is needed");
}

std::vector<float> luminance(const Picture& picture) {
  const auto red = picture.channel(0), green = picture.channel(1), blue = picture.channel(2);
  std::vector<float> result(picture.pixels());
  for (std::size_t p = 0; p < result.size(); ++p)
    result[p] = 0.299F * red[p] + 0.587F * green[p] + 0.114F * blue[p];
  return result;
}

/// Sum of f(0) ... f(count - 1): sixteen sums side by side in single precision, emptied into double precision
/// every 64 terms. Fast, exact enough, and in an order that depends on the count alone.
template <class F>
double sum_of(std::size_t count, F&& f) {
  constexpr std::size_t lanes = 16, block = 64;
  double total = 0;
  std::size_t start = 0;
  for (; start + block <= count; start += block) {
    std::array<float, lanes> sums{};
    for (std::size_t row = start; row < start + block; row += lanes)
      for (std::size_t lane = 0; lane < lanes; ++lane) sums[lane] += f(row + lane);
    for (const float sum : sums) total += static_cast<double>(sum);
  }
  for (; start < count; ++start) total += static_cast<double>(f(start));
  return total;
}

struct Moments {
  double mean = 0, variance = 0;
};

Moments moments(std::span<const float> values) {
  const float first = values[0];  // a plain picture has variance 0 to the last bit
  const float* data = values.data();
  const auto count = static_cast<double>(values.size());
  const double mean = sum_of(values.size(), [=](std::size_t i) { return data[i] - first; }) / count;
  const double square =
      sum_of(values.size(), [=](std::size_t i) { return (data[i] - first) * (data[i] - first); }) / count;
  return {static_cast<double>(first) + mean, std::max(0.0, square - mean * mean)};
}

/// Below this a picture is plain: no step of 8 bits anywhere.
constexpr double plain_variance = 1e-7;

double symmetry(const Picture& picture, double variance, bool across) {
  if (variance < plain_variance) return 1;
  const auto width = static_cast<std::size_t>(picture.width),
             height = static_cast<std::size_t>(picture.height);
  double difference = 0;
  for (int c = 0; c < 3; ++c)
    for (std::size_t row = 0; row < height; ++row) {
      const float* here = picture.channel(c).data() + row * width;
      const float* there = across ? here + width - 1 : picture.channel(c).data() + (height - 1 - row) * width;
      const std::ptrdiff_t step = across ? -1 : 1;
      difference += sum_of(width, [=](std::size_t i) {
        const float d = here[i] - there[step * static_cast<std::ptrdiff_t>(i)];
        return d * d;
      });
    }
  return std::clamp(1 - difference / (2 * variance * 3 * static_cast<double>(picture.pixels())), 0.0, 1.0);
}

double coverage(const Picture& picture) {
  std::array<std::size_t, 64> histogram{};
  const auto level = [](float value) -> std::size_t {
    return value >= 0.75F ? 3 : value >= 0.5F ? 2 : value >= 0.25F ? 1 : 0;  // not a number: 0
  };
  const auto red = picture.channel(0), green = picture.channel(1), blue = picture.channel(2);
  for (std::size_t p = 0; p < picture.pixels(); ++p)
    ++histogram[16 * level(red[p]) + 4 * level(green[p]) + level(blue[p])];
  return 1 - static_cast<double>(*std::max_element(histogram.begin(), histogram.end())) /
                 static_cast<double>(picture.pixels());
}

double colourfulness(const Picture& picture) {
  const auto red = picture.channel(0), green = picture.channel(1), blue = picture.channel(2);
  std::vector<float> red_green(picture.pixels()), yellow_blue(picture.pixels());
  for (std::size_t p = 0; p < picture.pixels(); ++p) {
    red_green[p] = red[p] - green[p];
    yellow_blue[p] = 0.5F * (red[p] + green[p]) - blue[p];
  }
  const Moments rg = moments(red_green), yb = moments(yellow_blue);
  const double value = std::sqrt(rg.variance + yb.variance) + 0.3 * std::hypot(rg.mean, yb.mean);
  return std::min(1.0, value / 0.5);
}

/// The mean luminance of each cell of a `complexity_side` grid over the picture.
std::array<float, complexity_side * complexity_side> shrunk(const Picture& picture,
                                                            const std::vector<float>& y) {
  std::array<float, complexity_side * complexity_side> result{};
  for (int row = 0; row < complexity_side; ++row)
    for (int column = 0; column < complexity_side; ++column) {
      const auto span_of = [](int cell, int size) {
        const int first = cell * size / complexity_side;
        return std::pair(first, std::max(first + 1, (cell + 1) * size / complexity_side));
      };
      const auto [top, bottom] = span_of(row, picture.height);
      const auto [left, right] = span_of(column, picture.width);
      float sum = 0;
      for (int r = top; r < bottom; ++r)
        for (int c = left; c < right; ++c)
          sum += y[static_cast<std::size_t>(r) * static_cast<std::size_t>(picture.width) +
                   static_cast<std::size_t>(c)];
      result[static_cast<std::size_t>(row * complexity_side + column)] =
          sum / static_cast<float>((bottom - top) * (right - left));
    }
  return result;
}

double complexity(const Picture& picture, const std::vector<float>& y) {
  constexpr float shades = 64;
  std::array<Bytef, complexity_side * complexity_side> differences{};
  Bytef left = 0;
  const auto small = shrunk(picture, y);
  for (std::size_t p = 0; p < small.size(); ++p) {
    const float scaled = small[p] * shades;
    const auto shade = static_cast<Bytef>(scaled > 0 ? std::min(scaled, shades - 1) : 0);  // not a number: 0
    differences[p] = static_cast<Bytef>(shade - (p % complexity_side == 0 ? 0 : left));
    left = shade;
  }
  std::array<Bytef, 2 * complexity_side * complexity_side> packed{};
  z_stream stream{};
  stream.next_in = differences.data();
  stream.avail_in = static_cast<uInt>(differences.size());
  stream.next_out = packed.data();
  stream.avail_out = static_cast<uInt>(packed.size());
  constexpr int level = 6, window_bits = 12, memory_level = 5;
  if (deflateInit2(&stream, level, Z_DEFLATED, window_bits, memory_level, Z_DEFAULT_STRATEGY) != Z_OK)
    throw NumericError("zlib could not be started");
  const int code = deflate(&stream, Z_FINISH);
  const auto size = static_cast<double>(stream.total_out);
  deflateEnd(&stream);
  if (code != Z_STREAM_END)
    throw NumericError("zlib could not compress a picture: code " + std::to_string(code));
  return std::min(1.0, size / static_cast<double>(differences.size()));
}

/// Squared steps of luminance to the right and down, shape (height - 1, width - 1).
std::vector<float> squared_gradients(const Picture& picture, const std::vector<float>& y) {
  const auto width = static_cast<std::size_t>(picture.width),
             height = static_cast<std::size_t>(picture.height);
  std::vector<float> result((width - 1) * (height - 1));
  for (std::size_t row = 0; row + 1 < height; ++row)
    for (std::size_t column = 0; column + 1 < width; ++column) {
      const float here = y[row * width + column];
      const float right = y[row * width + column + 1] - here, down = y[(row + 1) * width + column] - here;
      result[row * (width - 1) + column] = right * right + down * down;
    }
  return result;
}

constexpr float edge = 0.1F * 0.1F;  ///< squared step of luminance that counts as one

/// Of the cells of an 8 x 8 grid over the gradients, shape (height - 1, width - 1).
double share_of_cells_with_edges(const Picture& picture, const std::vector<float>& gradients) {
  constexpr std::size_t side = 8;
  std::array<bool, side * side> holds{};
  const auto width = static_cast<std::size_t>(picture.width) - 1,
             height = static_cast<std::size_t>(picture.height) - 1;
  for (std::size_t row = 0; row < height; ++row)
    for (std::size_t column = 0; column < width; ++column)
      if (gradients[row * width + column] > edge)
        holds[row * side / height * side + column * side / width] = true;
  return static_cast<double>(std::count(holds.begin(), holds.end(), true)) /
         static_cast<double>(holds.size());
}

}  // namespace

Descriptors describe(const Picture& picture) {
  check(picture);
  Descriptors result;
  double variance = 0;
  for (int c = 0; c < 3; ++c) variance += moments(picture.channel(c)).variance / 3;
  result.symmetry_across = symmetry(picture, variance, true);
  result.symmetry_down = symmetry(picture, variance, false);
  result.coverage = coverage(picture);
  result.colourfulness = colourfulness(picture);

  const std::vector<float> y = luminance(picture);
  result.complexity = complexity(picture, y);
  const std::vector<float> gradients = squared_gradients(picture, y);
  const auto count = static_cast<double>(gradients.size());
  result.edges = static_cast<double>(std::count_if(gradients.begin(), gradients.end(),
                                                   [](float squared) { return squared > edge; })) /
                 count;
  const double shades = moments(y).variance;
  if (shades >= plain_variance)
    result.frequency = std::min(1.0, std::sqrt(moments(gradients).mean / (8 * shades)));
  return result;
}

double figure_quality(const Picture& picture) {
  check(picture);
  double variance = 0;
  for (int c = 0; c < 3; ++c) variance += moments(picture.channel(c)).variance / 3;
  std::vector<float> gradients = squared_gradients(picture, luminance(picture));
  const double squares = moments(gradients).mean;
  if (variance < plain_variance || squares < plain_variance) return 0;
  const double present = share_of_cells_with_edges(picture, gradients);
  for (float& gradient : gradients) gradient = std::sqrt(gradient);
  const double mean = moments(gradients).mean;
  constexpr double full_contrast = 0.3, no_crispness = 0.25, full_crispness = 0.6, full_presence = 0.5;
  return std::min(1.0, std::sqrt(variance) / full_contrast) *
         std::clamp((1 - mean * mean / squares - no_crispness) / (full_crispness - no_crispness), 0.0, 1.0) *
         std::min(1.0, present / full_presence);
}

}  // namespace skein
