#include "experiments/changes/picture_traits.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

#include "lib/base/error.hpp"
#include "lib/picture/compressed_size.hpp"

namespace skein::experiments {
namespace {

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

double log_ratio(double after, double before) { return std::log((after + 1) / (before + 1)); }

}  // namespace

Shades shades_of(const Picture& picture) {
  Shades shades{.width = picture.width, .height = picture.height, .level = {}, .sorted = {}};
  const std::size_t pixels = picture.pixels();
  shades.level.resize(pixels);
  Picture grey(picture.width, picture.height);
  for (std::size_t p = 0; p < pixels; ++p) {
    const float level = (picture.rgb[p] + picture.rgb[pixels + p] + picture.rgb[2 * pixels + p]) / 3;
    shades.level[p] = std::isfinite(level) ? std::clamp(level, 0.0f, 1.0f) : 0.0f;
    for (int c = 0; c < 3; ++c) grey.channel(c)[p] = shades.level[p];
  }
  shades.sorted = shades.level;
  sort_by_digits(shades.sorted);
  shades.compressed = pixels ? static_cast<double>(compressed_size(to_image(grey))) : 0.0;
  shades.islands = count_islands(shades.level, picture.width, picture.height);
  double asymmetry = 0;
  const auto width = static_cast<std::size_t>(picture.width);
  for (std::size_t p = 0; p < pixels; ++p) {
    const std::size_t column = p % width;
    asymmetry += std::abs(shades.level[p] - shades.level[p - column + (width - 1 - column)]);
  }
  shades.asymmetry = pixels ? asymmetry / static_cast<double>(pixels) : 0.0;
  return shades;
}

Traits compare_shades(const Shades& before, const Shades& after) {
  if (before.width != after.width || before.height != after.height)
    throw ConfigError("pictures of two sizes cannot be compared");
  const std::size_t pixels = before.level.size();
  double total = 0, shift = 0;
  for (std::size_t p = 0; p < pixels; ++p) {
    total += std::abs(after.level[p] - before.level[p]);
    shift += std::abs(after.sorted[p] - before.sorted[p]);
  }
  Traits traits{.compressed_growth = log_ratio(after.compressed, before.compressed),
                .island_growth = log_ratio(after.islands, before.islands)};
  if (total < 1e-9 * static_cast<double>(pixels)) return traits;
  traits.asymmetry_growth = (after.asymmetry - before.asymmetry) * static_cast<double>(pixels) / total;
  traits.shade_shift = shift / total;
  return traits;
}

}  // namespace skein::experiments
