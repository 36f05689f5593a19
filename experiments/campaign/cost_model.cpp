#include "experiments/campaign/cost_model.hpp"

#include <algorithm>
#include <cmath>

namespace skein::experiments {

void CostLine::learn(double size, double seconds) {
  if (std::isfinite(size) && size >= 0 && std::isfinite(seconds) && seconds > 0)
    points_.push_back({size, seconds});
}

double CostLine::at(double size) const {
  if (points_.empty()) return 0;
  // Minimises the sum of (a / t + b x / t - 1)^2.
  double aa = 0, ab = 0, bb = 0, a1 = 0, b1 = 0, least = points_.front().size, most = least;
  for (const auto& [x, t] : points_) {
    const double u = 1 / t, v = x / t;
    aa += u * u, ab += u * v, bb += v * v, a1 += u, b1 += v;
    least = std::min(least, x), most = std::max(most, x);
  }
  constexpr double same_size = 1.2;  // sizes within that ratio say nothing about a slope
  if (most <= same_size * least) {
    const double mean = a1 / aa, middle = (least + most) / 2;
    return middle > 0 ? mean * (0.5 + 0.5 * size / middle) : mean;
  }
  const double determinant = aa * bb - ab * ab;
  double a = (a1 * bb - b1 * ab) / determinant, b = (b1 * aa - a1 * ab) / determinant;
  if (a < 0) a = 0, b = b1 / bb;
  else if (b < 0) b = 0, a = a1 / aa;
  return a + b * size;
}

void CostModel::learn(const std::string& kind, double size, double seconds) {
  kinds_[kind].learn(size, seconds);
  any_.learn(size, seconds);
}

double CostModel::at(const std::string& kind, double size) const {
  const auto known = kinds_.find(kind);
  return known == kinds_.end() || known->second.empty() ? any_.at(size) : known->second.at(size);
}

}  // namespace skein::experiments
