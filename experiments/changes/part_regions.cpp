#include "experiments/changes/part_regions.hpp"

#include <algorithm>
#include <cstdlib>

#include "lib/base/error.hpp"

namespace skein::experiments {

std::vector<std::size_t> PartRegions::areas() const {
  std::vector<std::size_t> areas(names.size(), 0);
  for (const std::uint8_t part : owner) ++areas[part];
  return areas;
}

void PartRegions::validate() const {
  if (width < 1 || height < 1 ||
      owner.size() != static_cast<std::size_t>(width) * static_cast<std::size_t>(height))
    throw ConfigError("parts: " + std::to_string(owner.size()) + " pixels for a picture of " +
                      std::to_string(width) + " x " + std::to_string(height));
  if (names.empty() || names.size() > 255 || mirrored.size() != names.size())
    throw ConfigError("parts: there are " + std::to_string(names.size()) + "; 1 to 255 are possible");
  if (std::ranges::any_of(owner, [&](std::uint8_t part) { return part >= names.size(); }))
    throw ConfigError("parts: a pixel belongs to a part that is not there");
  const auto of = areas();
  for (std::size_t p = 0; p < of.size(); ++p)
    if (of[p] == 0) throw ConfigError("parts: '" + names[p] + "' has no pixel of its own");
}

bool is_mirrored_pair(const std::vector<std::uint8_t>& marked, int width, int height) {
  constexpr double most_in_middle = 0.05, least_partners = 0.6;
  const int middle = std::max(2, width / 8);
  std::size_t all = 0, in_middle = 0, partners = 0;
  for (int row = 0; row < height; ++row)
    for (int column = 0; column < width; ++column) {
      const auto at = [&](int c) {
        return marked[static_cast<std::size_t>(row) * static_cast<std::size_t>(width) +
                      static_cast<std::size_t>(c)] != 0;
      };
      if (!at(column)) continue;
      ++all;
      partners += at(width - 1 - column);
      in_middle += std::abs(2 * column - (width - 1)) < middle;
    }
  return all > 0 && static_cast<double>(in_middle) <= most_in_middle * static_cast<double>(all) &&
         static_cast<double>(partners) >= least_partners * static_cast<double>(all);
}

}  // namespace skein::experiments
