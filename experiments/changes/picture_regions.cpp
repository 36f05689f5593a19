#include "experiments/changes/picture_regions.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "lib/base/error.hpp"
#include "lib/network/grid.hpp"
#include "lib/picture/image.hpp"

namespace skein::experiments {
namespace {

using Sample = std::array<double, 5>;  // red, green, blue, x, y

double distance(const Sample& a, const Sample& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

std::vector<Sample> cells_of(const Picture& picture, int side) {
  constexpr double colour = 1.5, place = 0.5;
  const Picture small = resize(picture, side, side);
  const Grid grid{side, side};
  std::vector<Sample> cells(small.pixels());
  for (std::size_t p = 0; p < cells.size(); ++p) {
    for (int c = 0; c < 3; ++c)
      cells[p][static_cast<std::size_t>(c)] = colour * static_cast<double>(small.channel(c)[p]);
    cells[p][3] = place * grid.x(static_cast<int>(p) % side);
    cells[p][4] = place * grid.y(static_cast<int>(p) / side);
  }
  return cells;
}

Sample mean_of(const std::vector<Sample>& cells) {
  Sample mean{};
  for (const Sample& cell : cells)
    for (std::size_t i = 0; i < cell.size(); ++i) mean[i] += cell[i] / static_cast<double>(cells.size());
  return mean;
}

/// Each next centre is the cell farthest from those before; the first from the mean.
std::vector<Sample> spread_centres(const std::vector<Sample>& cells) {
  std::vector<Sample> centres;
  std::vector<double> away(cells.size(), std::numeric_limits<double>::infinity());
  Sample last = mean_of(cells);
  for (int k = 0; k < region_count; ++k) {
    for (std::size_t p = 0; p < cells.size(); ++p) {
      const double here = distance(cells[p], last);
      away[p] = k == 0 ? here : std::min(away[p], here);
    }
    last = cells[static_cast<std::size_t>(std::max_element(away.begin(), away.end()) - away.begin())];
    centres.push_back(last);
    if (k == 0) std::fill(away.begin(), away.end(), std::numeric_limits<double>::infinity());
  }
  return centres;
}

}  // namespace

std::vector<std::uint8_t> picture_regions(const Picture& picture, int side) {
  if (picture.pixels() == 0 || side < 1) throw ConfigError("regions need a picture with pixels");
  constexpr int rounds = 30;
  const auto cells = cells_of(picture, side);
  auto centres = spread_centres(cells);
  std::vector<std::uint8_t> region(cells.size(), 0);
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t p = 0; p < cells.size(); ++p)
      region[p] =
          static_cast<std::uint8_t>(std::min_element(centres.begin(), centres.end(),
                                                     [&](const Sample& a, const Sample& b) {
                                                       return distance(cells[p], a) < distance(cells[p], b);
                                                     }) -
                                    centres.begin());
    for (std::size_t k = 0; k < centres.size(); ++k) {
      std::vector<Sample> own;
      for (std::size_t p = 0; p < cells.size(); ++p)
        if (region[p] == k) own.push_back(cells[p]);
      if (!own.empty()) centres[k] = mean_of(own);
    }
  }
  return region;
}

}  // namespace skein::experiments
