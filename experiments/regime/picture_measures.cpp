#include "experiments/regime/picture_measures.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <span>

#include "lib/base/error.hpp"
#include "lib/picture/compressed_size.hpp"
#include "lib/picture/image.hpp"
#include "lib/picture/jpeg_writer.hpp"

namespace skein::experiments {
namespace {

constexpr int jpeg_quality = 75;
constexpr double edge_step = 0.1;
constexpr int levels = 4;                // of a channel, for regions
constexpr std::size_t least_region = 4;  // pixels

std::vector<double> shades_in(const Picture& picture) {
  const auto red = picture.channel(0), green = picture.channel(1), blue = picture.channel(2);
  std::vector<double> shades(picture.pixels());
  for (std::size_t p = 0; p < shades.size(); ++p) {
    const double shade = 0.299 * static_cast<double>(red[p]) + 0.587 * static_cast<double>(green[p]) +
                         0.114 * static_cast<double>(blue[p]);
    shades[p] = std::isfinite(shade) ? std::clamp(shade, 0.0, 1.0) : 0.0;
  }
  return shades;
}

double raw_bytes(const Picture& picture) { return 3.0 * static_cast<double>(picture.pixels()); }

/// The slope of y along x by least squares; 0 when all x are the same.
double slope_of(std::span<const double> x, std::span<const double> y) {
  const auto n = static_cast<double>(x.size());
  double mean_x = 0, mean_y = 0, products = 0, squares = 0;
  for (std::size_t i = 0; i < x.size(); ++i) mean_x += x[i] / n, mean_y += y[i] / n;
  for (std::size_t i = 0; i < x.size(); ++i) {
    products += (x[i] - mean_x) * (y[i] - mean_y);
    squares += (x[i] - mean_x) * (x[i] - mean_x);
  }
  return squares > 0 ? products / squares : 0;
}

using Complex = std::complex<double>;

/// The discrete Fourier transform of `count` lines of `length` values each, by its definition: pictures are small.
std::vector<Complex> transformed_lines(const std::vector<Complex>& values, std::size_t count,
                                       std::size_t length) {
  std::vector<Complex> turns(length), result(values.size());
  for (std::size_t k = 0; k < length; ++k)
    turns[k] = std::polar(1.0, -2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(length));
  for (std::size_t line = 0; line < count; ++line)
    for (std::size_t u = 0; u < length; ++u) {
      Complex sum = 0;
      for (std::size_t x = 0, turn = 0; x < length; ++x, turn = (turn + u) % length)
        sum += values[line * length + x] * turns[turn];
      result[line * length + u] = sum;
    }
  return result;
}

std::vector<Complex> turned_over(const std::vector<Complex>& values, std::size_t rows, std::size_t columns) {
  std::vector<Complex> result(values.size());
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < columns; ++c) result[c * rows + r] = values[r * columns + c];
  return result;
}

/// The luminance without its mean, faded towards the edges.
std::vector<Complex> faded(const Picture& picture) {
  const std::vector<double> shades = shades_in(picture);
  double mean = 0;
  for (const double shade : shades) mean += shade / static_cast<double>(shades.size());
  const auto hann = [](int i, int n) {
    return 0.5 -
           0.5 * std::cos(2 * std::numbers::pi * (static_cast<double>(i) + 0.5) / static_cast<double>(n));
  };
  std::vector<Complex> values(shades.size());
  for (int row = 0; row < picture.height; ++row)
    for (int column = 0; column < picture.width; ++column) {
      const auto p = static_cast<std::size_t>(row) * static_cast<std::size_t>(picture.width) +
                     static_cast<std::size_t>(column);
      values[p] = (shades[p] - mean) * hann(row, picture.height) * hann(column, picture.width);
    }
  return values;
}

}  // namespace

double png_share(const Picture& picture) {
  return static_cast<double>(compressed_size(to_image(picture))) / raw_bytes(picture);
}

double jpeg_share(const Picture& picture) {
  return static_cast<double>(encode_jpeg(to_image(picture), jpeg_quality).size()) / raw_bytes(picture);
}

double shade_entropy(const Picture& picture) {
  std::array<double, 256> counts{};
  const std::vector<double> shades = shades_in(picture);
  for (const double shade : shades) ++counts[static_cast<std::size_t>(std::lround(shade * 255))];
  double bits = 0;
  for (const double count : counts)
    if (count > 0) {
      const double share = count / static_cast<double>(shades.size());
      bits -= share * std::log2(share);
    }
  return bits;
}

Mask edge_mask(const Picture& picture) {
  const std::vector<double> shades = shades_in(picture);
  Mask mask{picture.width, picture.height, std::vector<std::uint8_t>(shades.size())};
  const auto width = static_cast<std::size_t>(picture.width),
             height = static_cast<std::size_t>(picture.height);
  for (std::size_t row = 0; row < height; ++row)
    for (std::size_t column = 0; column < width; ++column) {
      const std::size_t p = row * width + column;
      const double right = column + 1 < width ? shades[p + 1] - shades[p] : 0;
      const double down = row + 1 < height ? shades[p + width] - shades[p] : 0;
      mask.set[p] = std::hypot(right, down) > edge_step;
    }
  return mask;
}

double density(const Mask& mask) {
  return static_cast<double>(std::ranges::count(mask.set, 1)) / static_cast<double>(mask.set.size());
}

double box_dimension(const Mask& mask) {
  if (std::ranges::count(mask.set, 1) == 0) return 0;
  std::vector<double> sides, boxes;
  for (int side = 1; side <= std::max(2, std::min(mask.width, mask.height) / 4); side *= 2) {
    const int across = (mask.width + side - 1) / side, down = (mask.height + side - 1) / side;
    std::vector<std::uint8_t> held(static_cast<std::size_t>(across) * static_cast<std::size_t>(down));
    for (int row = 0; row < mask.height; ++row)
      for (int column = 0; column < mask.width; ++column)
        if (mask.set[static_cast<std::size_t>(row) * static_cast<std::size_t>(mask.width) +
                     static_cast<std::size_t>(column)])
          held[static_cast<std::size_t>(row / side) * static_cast<std::size_t>(across) +
               static_cast<std::size_t>(column / side)] = 1;
    sides.push_back(std::log(side));
    boxes.push_back(std::log(static_cast<double>(std::ranges::count(held, 1))));
  }
  return -slope_of(sides, boxes);
}

double spectral_slope(const Picture& picture) {
  const auto width = static_cast<std::size_t>(picture.width),
             height = static_cast<std::size_t>(picture.height);
  const auto along_rows = transformed_lines(faded(picture), height, width);
  const auto spectrum =
      transformed_lines(turned_over(along_rows, height, width), width, height);  // (width, height)
  const int longer = std::max(picture.width, picture.height);
  const auto rings = static_cast<std::size_t>(0.4 * longer) + 1;
  std::vector<double> power(rings), count(rings);
  for (std::size_t u = 0; u < width; ++u)
    for (std::size_t v = 0; v < height; ++v) {
      const double across = static_cast<double>(std::min(u, width - u)) / static_cast<double>(width);
      const double down = static_cast<double>(std::min(v, height - v)) / static_cast<double>(height);
      const auto ring = static_cast<std::size_t>(std::lround(std::hypot(across, down) * longer));
      if (ring < rings) power[ring] += std::norm(spectrum[u * height + v]), ++count[ring];
    }
  std::vector<double> frequencies, powers;
  for (std::size_t ring = 2; ring < rings; ++ring) {
    const double mean = count[ring] > 0 ? power[ring] / count[ring] : 0;
    if (mean < 1e-18 * static_cast<double>(width * height)) continue;  // nothing but rounding
    frequencies.push_back(std::log(static_cast<double>(ring)));
    powers.push_back(std::log(mean));
  }
  return frequencies.size() < 2 ? 0.0 : -slope_of(frequencies, powers);
}

double region_count_of(const Picture& picture) {
  const auto width = static_cast<std::size_t>(picture.width);
  const std::size_t pixels = picture.pixels();
  std::vector<int> colour(pixels);
  for (int c = 0; c < 3; ++c)
    for (std::size_t p = 0; p < pixels; ++p) {
      const double value = static_cast<double>(picture.channel(c)[p]);
      const int level =
          std::isfinite(value) ? std::clamp(static_cast<int>(value * levels), 0, levels - 1) : 0;
      colour[p] = colour[p] * levels + level;
    }
  std::vector<std::uint8_t> seen(pixels);
  std::vector<std::size_t> open;
  std::size_t regions = 0;
  for (std::size_t start = 0; start < pixels; ++start) {
    if (seen[start]) continue;
    std::size_t area = 0;
    open.assign(1, start);
    seen[start] = 1;
    while (!open.empty()) {
      const std::size_t p = open.back();
      open.pop_back();
      ++area;
      const auto visit = [&](bool inside, std::size_t q) {
        if (!inside || seen[q] || colour[q] != colour[start]) return;
        seen[q] = 1;
        open.push_back(q);
      };
      visit(p % width > 0, p - 1);
      visit(p % width + 1 < width, p + 1);
      visit(p >= width, p - width);
      visit(p + width < pixels, p + width);
    }
    regions += area >= least_region;
  }
  return static_cast<double>(regions);
}

PictureMeasures measure_picture(const Picture& picture) {
  if (picture.width < 8 || picture.height < 8)
    throw ConfigError("a picture of " + std::to_string(picture.width) + " x " +
                      std::to_string(picture.height) + " is too small to be measured; 8 x 8 at least");
  const Mask edges = edge_mask(picture);
  return {png_share(picture),      jpeg_share(picture),  shade_entropy(picture),  density(edges),
          spectral_slope(picture), box_dimension(edges), region_count_of(picture)};
}

}  // namespace skein::experiments
