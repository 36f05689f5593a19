#include "lib/picture/picture.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "lib/base/error.hpp"

namespace skein {

void transpose(Picture& picture) {
  const auto width = static_cast<std::size_t>(picture.width),
             height = static_cast<std::size_t>(picture.height);
  for (int c = 0; c < 3; ++c) {
    const std::span<float> plane = picture.channel(c);
    const std::vector<float> before(plane.begin(), plane.end());
    for (std::size_t row = 0; row < height; ++row)
      for (std::size_t column = 0; column < width; ++column)
        plane[column * height + row] = before[row * width + column];
  }
  std::swap(picture.width, picture.height);
}

double mean_squared_error(const Picture& a, const Picture& b) {
  if (a.width != b.width || a.height != b.height)
    throw ConfigError("pictures of " + std::to_string(a.width) + " x " + std::to_string(a.height) + " and " +
                      std::to_string(b.width) + " x " + std::to_string(b.height) + " cannot be compared");
  double sum = 0;
  for (std::size_t i = 0; i < a.rgb.size(); ++i) {
    const double difference = static_cast<double>(a.rgb[i]) - static_cast<double>(b.rgb[i]);
    sum += difference * difference;
  }
  return a.rgb.empty() ? 0.0 : sum / static_cast<double>(a.rgb.size());
}

Picture mean_colour(const Picture& picture) {
  Picture flat(picture.width, picture.height);
  for (int c = 0; c < 3; ++c) {
    double sum = 0;
    for (const float value : picture.channel(c)) sum += static_cast<double>(value);
    std::ranges::fill(flat.channel(c), static_cast<float>(sum / static_cast<double>(picture.pixels())));
  }
  return flat;
}

bool is_constant(const Picture& picture) {
  constexpr double visible = 0.01;
  const auto pixels = static_cast<double>(picture.pixels());
  double variance = 0;
  for (int c = 0; c < 3; ++c) {
    double sum = 0, squares = 0;
    for (const float value : picture.channel(c)) {
      sum += static_cast<double>(value);
      squares += static_cast<double>(value) * static_cast<double>(value);
    }
    variance += (squares / pixels - sum / pixels * sum / pixels) / 3;
  }
  return !(variance > visible * visible);
}

double psnr(double mean_squared_error) {
  return mean_squared_error > 0 ? -10.0 * std::log10(mean_squared_error)
                                : std::numeric_limits<double>::infinity();
}

}  // namespace skein
