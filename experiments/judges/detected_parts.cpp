#include "experiments/judges/detected_parts.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "lib/base/error.hpp"
#include "lib/graph/components.hpp"
#include "lib/picture/image.hpp"

namespace skein::experiments {
namespace {

constexpr auto side = static_cast<std::size_t>(detector_size);
constexpr std::size_t pixel_count = side * side;
constexpr double smallest_part = 4;  // pixels

/// Calls `visit(p, q)` for all neighbours, to the right and below.
template <class Visit>
void for_neighbours(Visit&& visit) {
  for (std::size_t p = 0; p < pixel_count; ++p) {
    if (p % side + 1 < side) visit(p, p + 1);
    if (p + side < pixel_count) visit(p, p + side);
  }
}

/// Whether values in ascending order hardly vary.
bool hardly_varies(const std::vector<float>& sorted) {
  if (sorted.empty()) return true;
  const auto count = static_cast<double>(sorted.size());
  const double mean = std::accumulate(sorted.begin(), sorted.end(), 0.0) / count;
  double squares = 0;
  for (const float value : sorted) squares += (value - mean) * (value - mean);
  constexpr double least_deviation = 0.01;
  return std::sqrt(squares / count) < least_deviation;
}

}  // namespace

std::vector<float> detector_brightness(const Picture& picture) {
  const Picture small = picture.width == detector_size && picture.height == detector_size
                            ? picture
                            : resize(picture, detector_size, detector_size);
  std::vector<float> level(pixel_count);
  for (std::size_t p = 0; p < pixel_count; ++p) {
    const float mean = (small.channel(0)[p] + small.channel(1)[p] + small.channel(2)[p]) / 3;
    level[p] = std::isfinite(mean) ? std::clamp(mean, 0.0f, 1.0f) : 0.0f;
  }
  return level;
}

ShadeLimits shade_limits(const std::vector<float>& brightness) {
  std::vector<float> sorted = brightness;
  std::ranges::sort(sorted);
  if (hardly_varies(sorted)) return {};
  std::vector<double> centre;
  const double least = sorted.front(), range = sorted.back() - sorted.front();
  for (int s = 0; s < detector_shades; ++s) centre.push_back(least + range * (s + 0.5) / detector_shades);
  ShadeLimits limits;
  for (int round = 0; round < 50; ++round) {
    limits.clear();
    for (std::size_t s = 0; s + 1 < centre.size(); ++s)
      limits.push_back(static_cast<float>((centre[s] + centre[s + 1]) / 2));
    auto first = sorted.begin();
    for (std::size_t s = 0; s < centre.size(); ++s) {
      const auto last = s < limits.size() ? std::upper_bound(first, sorted.end(), limits[s]) : sorted.end();
      if (last != first) centre[s] = std::accumulate(first, last, 0.0) / static_cast<double>(last - first);
      first = last;
    }
  }
  const auto repeated = std::unique(limits.begin(), limits.end());
  limits.erase(repeated, limits.end());
  return limits;
}

bool is_flat(const std::vector<float>& brightness) {
  std::vector<float> sorted = brightness;
  std::ranges::sort(sorted);
  return hardly_varies(sorted);
}

DetectedParts detect_parts(const std::vector<float>& brightness, const ShadeLimits& limits) {
  if (brightness.size() != pixel_count)
    throw ConfigError("parts are looked for in pictures of " + std::to_string(detector_size) + " squared");
  DetectedParts found;
  for (const float level : brightness)
    found.shade.push_back(
        static_cast<std::uint8_t>(std::ranges::lower_bound(limits, level) - limits.begin()));
  DirectedGraph alike{.nodes = pixel_count, .edges = {}};
  for_neighbours([&](std::size_t p, std::size_t q) {
    if (found.shade[p] == found.shade[q])
      alike.edges.emplace_back(static_cast<std::uint32_t>(p), static_cast<std::uint32_t>(q));
  });
  const std::vector<std::uint32_t> component = connected_components(alike);
  std::vector<DetectedPart> regions(1 + *std::ranges::max_element(component));
  for (std::size_t p = 0; p < pixel_count; ++p) {
    DetectedPart& region = regions[component[p]];
    region.shade = found.shade[p];
    region.area += 1;
    region.x += static_cast<double>(p % side);
    region.y += static_cast<double>(p / side);
  }
  for (DetectedPart& region : regions) {
    region.x /= region.area;
    region.y /= region.area;
  }
  for (const DetectedPart& region : regions) {
    if (region.area < smallest_part) ++found.specks;
    else found.parts.push_back(region);
  }
  std::ranges::stable_sort(found.parts, std::ranges::greater{}, &DetectedPart::area);
  return found;
}

}  // namespace skein::experiments
