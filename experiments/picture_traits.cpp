#include "experiments/picture_traits.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numeric>

#include "lib/compressed_size.hpp"
#include "lib/error.hpp"

namespace skein::experiments {
namespace {

/// Pixel (row, column), the border continued outward.
struct Plane {
  const std::vector<float>& values;
  int width, height;
  float at(int row, int column) const {
    row = std::clamp(row, 0, height - 1);
    column = std::clamp(column, 0, width - 1);
    return values[static_cast<std::size_t>(row) * static_cast<std::size_t>(width) +
                  static_cast<std::size_t>(column)];
  }
};

template <class Value>
std::vector<float> map_pixels(int width, int height, Value&& value) {
  std::vector<float> result(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  for (int row = 0, p = 0; row < height; ++row)
    for (int column = 0; column < width; ++column, ++p)
      result[static_cast<std::size_t>(p)] = value(row, column);
  return result;
}

std::vector<float> gradient_length(const Plane& plane) {
  return map_pixels(plane.width, plane.height, [&](int row, int column) {
    const float dx = plane.at(row, column + 1) - plane.at(row, column - 1);
    const float dy = plane.at(row + 1, column) - plane.at(row - 1, column);
    return 0.5f * std::sqrt(dx * dx + dy * dy);
  });
}

/// Two passes of a 5-pixel box along each axis, near a Gaussian of two pixels.
std::vector<float> blurred(std::vector<float> values, int width, int height) {
  for (int pass = 0; pass < 4; ++pass) {
    const Plane plane{values, width, height};
    const bool along_rows = pass % 2 == 0;
    const std::ptrdiff_t step = along_rows ? 1 : width;
    values = map_pixels(width, height, [&](int row, int column) {
      const int place = along_rows ? column : row, last = (along_rows ? width : height) - 1;
      float sum = 0;
      if (place >= 2 && place + 2 <= last) {
        const float* here = values.data() + static_cast<std::ptrdiff_t>(row) * width + column;
        for (std::ptrdiff_t k = -2; k <= 2; ++k) sum += here[k * step];
      } else {
        for (int k = -2; k <= 2; ++k)
          sum += along_rows ? plane.at(row, column + k) : plane.at(row + k, column);
      }
      return sum / 5;
    });
  }
  return values;
}

/// Ascending; none of the values is negative or not a number. By digits of their bits, which order as they
/// do.
void sort_by_digits(std::vector<float>& values) {
  constexpr int bits = 11;
  constexpr std::uint32_t digits = 1u << bits;
  std::vector<std::uint32_t> keys(values.size()), sorted(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) keys[i] = std::bit_cast<std::uint32_t>(values[i] + 0.0f);
  for (int shift = 0; shift < 32; shift += bits) {
    std::array<std::size_t, digits + 1> start{};
    for (const std::uint32_t key : keys) ++start[(key >> shift & (digits - 1)) + 1];
    for (std::size_t d = 0; d < digits; ++d) start[d + 1] += start[d];
    for (const std::uint32_t key : keys) sorted[start[key >> shift & (digits - 1)]++] = key;
    keys.swap(sorted);
  }
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = std::bit_cast<float>(keys[i]);
}

double mean(const std::vector<float>& values) {
  return values.empty()
             ? 0.0
             : std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Connected regions (sides touching) of equal shade among four, of at least four pixels.
int count_islands(const std::vector<float>& level, int width, int height) {
  const auto shade = [&](std::size_t p) { return std::min(3, static_cast<int>(level[p] * 4)); };
  std::vector<std::uint8_t> seen(level.size(), 0);
  std::vector<std::size_t> stack;
  int islands = 0;
  for (std::size_t start = 0; start < level.size(); ++start) {
    if (seen[start]) continue;
    std::size_t area = 0;
    stack.assign(1, start);
    seen[start] = 1;
    while (!stack.empty()) {
      const std::size_t p = stack.back();
      stack.pop_back();
      ++area;
      const int column = static_cast<int>(p % static_cast<std::size_t>(width));
      const int row = static_cast<int>(p / static_cast<std::size_t>(width));
      const auto visit = [&](bool inside, std::size_t q) {
        if (!inside || seen[q] || shade(q) != shade(p)) return;
        seen[q] = 1;
        stack.push_back(q);
      };
      visit(column > 0, p - 1);
      visit(column + 1 < width, p + 1);
      visit(row > 0, p - static_cast<std::size_t>(width));
      visit(row + 1 < height, p + static_cast<std::size_t>(width));
    }
    islands += area >= 4;
  }
  return islands;
}

double correlation(const std::vector<float>& a, const std::vector<float>& b) {
  const double ma = mean(a), mb = mean(b);
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += (a[i] - ma) * (b[i] - mb);
    aa += (a[i] - ma) * (a[i] - ma);
    bb += (b[i] - mb) * (b[i] - mb);
  }
  const double scale = std::sqrt(aa * bb);
  if (scale > 1e-12) return ab / scale;
  return aa < 1e-12 && bb < 1e-12 ? 1.0 : 0.0;
}

double log_ratio(double after, double before, double floor) {
  return std::log((after + floor) / (before + floor));
}

}  // namespace

std::string_view name(Trait trait) {
  constexpr std::array<std::string_view, trait_count> names{
      "compressed_growth", "edge_growth", "fine_growth", "island_growth", "asymmetry_growth",
      "outline_retention", "shade_shift", "roughness",   "locality"};
  return names[static_cast<std::size_t>(trait)];
}

Shades shades_of(const Picture& picture) {
  Shades shades{.width = picture.width,
                .height = picture.height,
                .level = {},
                .edges = {},
                .outline = {},
                .sorted = {}};
  const std::size_t pixels = picture.pixels();
  shades.level.resize(pixels);
  Picture grey(picture.width, picture.height);
  for (std::size_t p = 0; p < pixels; ++p) {
    const float level = (picture.rgb[p] + picture.rgb[pixels + p] + picture.rgb[2 * pixels + p]) / 3;
    shades.level[p] = std::isfinite(level) ? std::clamp(level, 0.0f, 1.0f) : 0.0f;
    for (int c = 0; c < 3; ++c) grey.channel(c)[p] = shades.level[p];
  }
  const Plane plane{shades.level, picture.width, picture.height};
  shades.edges = gradient_length(plane);
  shades.outline = blurred(shades.edges, picture.width, picture.height);
  shades.sorted = shades.level;
  sort_by_digits(shades.sorted);
  shades.compressed = pixels ? static_cast<double>(compressed_size(to_image(grey))) : 0.0;
  shades.islands = count_islands(shades.level, picture.width, picture.height);
  shades.fine = mean(map_pixels(picture.width, picture.height, [&](int row, int column) {
    return std::abs(plane.at(row, column + 1) + plane.at(row, column - 1) + plane.at(row + 1, column) +
                    plane.at(row - 1, column) - 4 * plane.at(row, column));
  }));
  shades.asymmetry = mean(map_pixels(picture.width, picture.height, [&](int row, int column) {
    return std::abs(plane.at(row, column) - plane.at(row, picture.width - 1 - column));
  }));
  return shades;
}

Traits compare_shades(const Shades& before, const Shades& after) {
  if (before.width != after.width || before.height != after.height)
    throw ConfigError("pictures of two sizes cannot be compared");
  const std::size_t pixels = before.level.size();
  std::vector<float> change(pixels), size(pixels);
  double shift = 0;
  for (std::size_t p = 0; p < pixels; ++p) {
    change[p] = after.level[p] - before.level[p];
    size[p] = std::abs(change[p]);
    shift += std::abs(after.sorted[p] - before.sorted[p]);
  }
  const double total = mean(size);
  Traits traits{};
  const auto set = [&](Trait trait, double value) { traits[static_cast<std::size_t>(trait)] = value; };
  set(Trait::compressed_growth, log_ratio(after.compressed, before.compressed, 1));
  set(Trait::edge_growth, log_ratio(mean(after.edges), mean(before.edges), 1e-4));
  set(Trait::fine_growth, log_ratio(after.fine, before.fine, 1e-4));
  set(Trait::island_growth, log_ratio(after.islands, before.islands, 1));
  set(Trait::outline_retention, correlation(before.outline, after.outline));
  if (total < 1e-9) return traits;
  set(Trait::asymmetry_growth, (after.asymmetry - before.asymmetry) / total);
  set(Trait::shade_shift, shift / static_cast<double>(pixels) / total);
  set(Trait::roughness, mean(gradient_length({change, before.width, before.height})) / total);
  sort_by_digits(size);
  double held = 0;
  std::size_t count = 0;
  while (count < pixels && held < 0.9 * total * static_cast<double>(pixels)) held += size[pixels - ++count];
  set(Trait::locality, static_cast<double>(count) / static_cast<double>(pixels));
  return traits;
}

}  // namespace skein::experiments
