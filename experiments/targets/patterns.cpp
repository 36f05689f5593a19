#include "experiments/targets/patterns.hpp"

#include <cmath>
#include <numbers>
#include <vector>

namespace skein::experiments {

Spot folded(Spot spot, int times, const Fold& fold) {
  const double c = fold.scale * std::cos(fold.angle), s = fold.scale * std::sin(fold.angle);
  for (int k = 0; k < times; ++k)
    spot = {std::abs(c * spot.x - s * spot.y) - fold.shift.x,
            std::abs(s * spot.x + c * spot.y) - fold.shift.y};
  return spot;
}

Paint folds(Spot spot, int times) {
  const Spot end = folded(spot, times);
  return end.x + end.y > 0 ? Paint{0.93, 0.89, 0.78} : Paint{0.12, 0.2, 0.35};
}

Paint tiling(Spot spot) {
  // The nearest centre of the triangular lattice, by rounding cube coordinates whose sum is 0.
  constexpr double side = 0.24;
  const double q = (spot.x * std::sqrt(3.0) / 3 - spot.y / 3) / side, r = spot.y * 2 / 3 / side;
  double a = std::round(q), b = std::round(r), c = std::round(-q - r);
  const double da = std::abs(a - q), db = std::abs(b - r), dc = std::abs(c + q + r);
  if (da > db && da > dc) a = -b - c;
  else if (db > dc) b = -a - c;
  const int kind = ((static_cast<int>(a) - static_cast<int>(b)) % 3 + 3) % 3;
  constexpr Paint colours[] = {{0.86, 0.42, 0.27}, {0.96, 0.87, 0.68}, {0.16, 0.42, 0.46}};
  return colours[kind];
}

namespace {

struct Branch {
  Spot from, to;
  double width = 0;
  double reach = 0;       ///< how far from `from` it and all that grows out of it lies
  std::size_t after = 0;  ///< the next branch that does not grow out of it
};

constexpr double shorter = 0.74, thinner = 0.68;  // tuned: by eye

void grow(std::vector<Branch>& branches, Spot from, double angle, double length, double width, int forks) {
  const Spot to{from.x + length * std::sin(angle), from.y - length * std::cos(angle)};
  const std::size_t place = branches.size();
  branches.push_back({from, to, width, length / (1 - shorter) + width, 0});
  if (forks > 0) {
    grow(branches, to, angle - 0.5, shorter * length, thinner * width, forks - 1);
    grow(branches, to, angle + 0.42, shorter * length, thinner * width, forks - 1);
  }
  branches[place].after = branches.size();
}

}  // namespace

Paint branching_tree(Spot spot) {
  static const std::vector<Branch> branches = [] {
    std::vector<Branch> grown;
    grow(grown, {0.02, 0.98}, 0, 0.5, 0.12, 8);
    return grown;
  }();
  for (std::size_t i = 0; i < branches.size();) {
    const Branch& branch = branches[i];
    const bool near = in_disc(spot, branch.from, branch.reach);
    if (near && on_stroke(spot, branch.from, branch.to, branch.width)) return {0.29, 0.19, 0.13};
    i = near ? i + 1 : branch.after;
  }
  return mixed({0.97, 0.94, 0.86}, {0.80, 0.88, 0.90}, 0.5 - 0.5 * spot.y);
}

}  // namespace skein::experiments
