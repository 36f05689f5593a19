#include "experiments/changes/part_fit.hpp"

#include <algorithm>
#include <cmath>

#include "lib/base/random.hpp"

namespace skein::experiments {

CyclicShifts cyclic_shifts(const PartRegions& regions, std::uint64_t seed) {
  CyclicShifts shifts;
  for (std::size_t i = 0; i < part_shifts; ++i) {
    RandomStream stream(seed, "cyclic shifts", i);
    const auto by = [&](int side, bool far) {
      const int least = far ? side / 4 : 0;
      return least +
             static_cast<int>(stream.below(static_cast<std::uint32_t>(std::max(1, side - 2 * least))));
    };
    const bool along_rows = stream.chance(0.5);
    shifts[i].first = by(regions.width, !along_rows);
    shifts[i].second = by(regions.height, along_rows);
  }
  return shifts;
}

std::size_t cyclic_source(int row, int column, const PartRegions& regions, int columns, int rows) {
  const int from_row = (row + regions.height - rows % regions.height) % regions.height;
  const int from_column = (column + regions.width - columns % regions.width) % regions.width;
  return static_cast<std::size_t>(from_row) * static_cast<std::size_t>(regions.width) +
         static_cast<std::size_t>(from_column);
}

PartFit::PartFit(const PartRegions& regions, const Picture& before, std::span<const float> change,
                 std::size_t part, int columns, int rows)
    : regions_(regions), before_(before) {
  const std::size_t pixels = regions_.pixels();
  double inside = 0, all = 0;
  for (std::size_t p = 0; p < pixels; ++p) {
    const auto row = static_cast<int>(p) / regions_.width, column = static_cast<int>(p) % regions_.width;
    const std::size_t from = cyclic_source(row, column, regions_, columns, rows);
    const bool own = regions_.owner[p] == part;
    double strength = 0;
    for (std::size_t c = 0; c < 3; ++c) strength += std::abs(static_cast<double>(change[c * pixels + from]));
    all += strength;
    if (!own) continue;
    inside += strength;
    own_.push_back(p);
    row_ += row, column_ += column;
    for (std::size_t c = 0; c < 3; ++c) {
      const double moved_by = static_cast<double>(change[c * pixels + from]);
      after_[c].push_back(static_cast<double>(before_.channel(static_cast<int>(c))[p]) + moved_by);
      squares_ += moved_by * moved_by;
    }
  }
  inside_ = all > 0 ? inside / all : 0;
  row_ /= static_cast<double>(std::max<std::size_t>(own_.size(), 1));
  column_ /= static_cast<double>(std::max<std::size_t>(own_.size(), 1));
}

double PartFit::explained(double squared_error) const {
  return squares_ > 0 ? std::max(0.0, 1 - squared_error / squares_) : 0.0;
}

double PartFit::recoloured() const {
  double left = 0;
  for (std::size_t c = 0; c < 3; ++c) {
    double n = 0, x = 0, y = 0, xx = 0, xy = 0, yy = 0;
    for (std::size_t i = 0; i < own_.size(); ++i) {
      const double from = static_cast<double>(before_.channel(static_cast<int>(c))[own_[i]]);
      n += 1, x += from, y += after_[c][i], xx += from * from, xy += from * after_[c][i],
          yy += after_[c][i] * after_[c][i];
    }
    const double vx = xx - x * x / n, vy = yy - y * y / n, cov = xy - x * y / n;
    left += std::max(0.0, vx > 1e-12 ? vy - cov * cov / vx : vy);
  }
  return explained(left);
}

double PartFit::shifted() const {
  double least = squares_;
  for (int up = -4; up <= 4; ++up)
    for (int left = -4; left <= 4; ++left)
      if (up != 0 || left != 0) least = std::min(least, warped(1, up, left));
  return explained(least);
}

double PartFit::scaled() const {
  double least = squares_;
  for (const double scale : {0.8, 0.9, 1.1, 1.25}) least = std::min(least, warped(scale, 0, 0));
  return explained(least);
}

double PartFit::best() const {
  if (!(squares_ > 0)) return 0;
  return std::max({recoloured(), shifted(), scaled()});
}

/// The squared error that is left when the part is scaled about its centre, then shifted; what it read from elsewhere
/// stays.
double PartFit::warped(double scale, int up, int left) const {
  double error = 0;
  for (std::size_t i = 0; i < own_.size(); ++i) {
    const auto row = static_cast<double>(own_[i] / static_cast<std::size_t>(regions_.width)),
               column = static_cast<double>(own_[i] % static_cast<std::size_t>(regions_.width));
    const auto from_row =
        std::clamp(static_cast<int>(std::lround(row_ + (row - row_) / scale)) + up, 0, regions_.height - 1);
    const auto from_column = std::clamp(
        static_cast<int>(std::lround(column_ + (column - column_) / scale)) + left, 0, regions_.width - 1);
    const auto from = static_cast<std::size_t>(from_row) * static_cast<std::size_t>(regions_.width) +
                      static_cast<std::size_t>(from_column);
    for (std::size_t c = 0; c < 3; ++c) {
      const double off = after_[c][i] - static_cast<double>(before_.channel(static_cast<int>(c))[from]);
      error += off * off;
    }
  }
  return error;
}

}  // namespace skein::experiments
