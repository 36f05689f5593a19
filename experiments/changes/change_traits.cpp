#include "experiments/changes/change_traits.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "experiments/changes/effective_number.hpp"
#include "lib/base/error.hpp"

namespace skein::experiments {
namespace {

constexpr int ways = 8;  ///< of laying a square on itself, the first as it lies

double mean(const std::vector<float>& values) {
  double sum = 0;
  for (const float value : values) sum += value;
  return sum / static_cast<double>(std::max<std::size_t>(1, values.size()));
}

/// Of two pictures of one mean, as one turned is.
double correlation(const std::vector<float>& a, const std::vector<float>& b) {
  const double middle = mean(a);
  double ab = 0, aa = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += (a[i] - middle) * (b[i] - middle);
    aa += (a[i] - middle) * (a[i] - middle);
  }
  return aa > 1e-12 ? ab / aa : 1.0;
}

/// The sum of the lengths of (ax + bx, ay + by), in eight lanes that the processor can add at once.
double total_length(const std::vector<float>& ax, const std::vector<float>& ay, const std::vector<float>& bx,
                    const std::vector<float>& by) {
  constexpr std::size_t lanes = 8;
  std::array<float, lanes> lane{};
  double sum = 0;
  std::size_t i = 0;
  for (; i + lanes <= ax.size(); i += lanes) {
    for (std::size_t k = 0; k < lanes; ++k) {
      const float x = ax[i + k] + bx[i + k], y = ay[i + k] + by[i + k];
      lane[k] += std::sqrt(x * x + y * y);
    }
  }
  for (const float part : lane) sum += part;
  for (; i < ax.size(); ++i) sum += std::hypot(ax[i] + bx[i], ay[i] + by[i]);
  return sum;
}

std::vector<float> lengths(const std::vector<float>& x, const std::vector<float>& y) {
  std::vector<float> result(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) result[i] = std::sqrt(x[i] * x[i] + y[i] * y[i]);
  return result;
}

/// log of exp(entropy) over how many; all of them where there is nothing.
double log_share(const std::vector<float>& values) {
  const double number = effective_number(values);
  return number > 0 ? std::log(number / static_cast<double>(values.size())) : 0.0;
}

}  // namespace

std::string_view name(ChangeTrait trait) {
  constexpr std::array<std::string_view, trait_count> names{"spread", "crispness", "fit"};
  return names[static_cast<std::size_t>(trait)];
}

ChangedPicture::ChangedPicture(std::vector<float> level, int width, int height)
    : side_(width), level_(std::move(level)) {
  if (width != height || width < 1 ||
      level_.size() != static_cast<std::size_t>(width) * static_cast<std::size_t>(height))
    throw ConfigError("the judge needs a square picture; this one has " + std::to_string(width) + " x " +
                      std::to_string(height) + " pixels");
  own_ = gradient_of(level_);
  contours_ = log_share(lengths(own_.x, own_.y));
  std::vector<Gradient> alike;
  for (int way = 1; way < ways; ++way) {
    const auto there = turned(level_, way);
    (correlation(level_, there) < 0.9 ? elsewhere_ : alike).push_back(gradient_of(there));
  }
  if (elsewhere_.empty()) elsewhere_ = std::move(alike);
}

ChangedPicture::Gradient ChangedPicture::gradient_of(const std::vector<float>& values) const {
  const auto side = static_cast<std::size_t>(side_);
  Gradient gradient{std::vector<float>(values.size()), std::vector<float>(values.size())};
  for (std::size_t row = 0; row < side; ++row) {
    const float* here = values.data() + row * side;
    const float* above = values.data() + (row > 0 ? row - 1 : 0) * side;
    const float* below = values.data() + std::min(row + 1, side - 1) * side;
    float* x = gradient.x.data() + row * side;
    float* y = gradient.y.data() + row * side;
    for (std::size_t c = 0; c < side; ++c) y[c] = 0.5f * (below[c] - above[c]);
    for (std::size_t c = 1; c + 1 < side; ++c) x[c] = 0.5f * (here[c + 1] - here[c - 1]);
    if (side > 1) {
      x[0] = 0.5f * (here[1] - here[0]);
      x[side - 1] = 0.5f * (here[side - 1] - here[side - 2]);
    }
  }
  return gradient;
}

/// Bit 0 of the way mirrors columns, bit 1 rows, bit 2 swaps both.
std::vector<float> ChangedPicture::turned(const std::vector<float>& values, int way) const {
  const auto side = static_cast<std::size_t>(side_);
  std::vector<float> result(values.size());
  for (std::size_t row = 0; row < side; ++row)
    for (std::size_t column = 0; column < side; ++column) {
      std::size_t r = (way & 2) != 0 ? side - 1 - row : row, c = (way & 1) != 0 ? side - 1 - column : column;
      if ((way & 4) != 0) std::swap(r, c);
      result[row * side + column] = values[r * side + c];
    }
  return result;
}

std::optional<ChangeTraits> ChangedPicture::traits_of(const std::vector<float>& after) const {
  if (after.size() != level_.size()) throw ConfigError("pictures of two sizes cannot be compared");
  std::vector<float> change(level_.size()), size(level_.size());
  for (std::size_t p = 0; p < change.size(); ++p) {
    change[p] = after[p] - level_[p];
    size[p] = std::abs(change[p]);
  }
  if (!(mean(size) >= 1e-3)) return {};
  const Gradient gradient = gradient_of(change);
  const auto length = lengths(gradient.x, gradient.y);
  const double here = total_length(own_.x, own_.y, gradient.x, gradient.y);
  double there = 0;
  for (const Gradient& turned : elsewhere_)
    there +=
        total_length(turned.x, turned.y, gradient.x, gradient.y) / static_cast<double>(elsewhere_.size());
  const double contours = mean(length) * static_cast<double>(length.size());
  ChangeTraits traits{};
  const auto set = [&](ChangeTrait trait, double value) { traits[static_cast<std::size_t>(trait)] = value; };
  set(ChangeTrait::spread, log_share(size));
  set(ChangeTrait::crispness, log_share(length) - contours_);
  set(ChangeTrait::fit, contours > 0 ? (here - there) / contours : 0.0);
  return traits;
}

}  // namespace skein::experiments
