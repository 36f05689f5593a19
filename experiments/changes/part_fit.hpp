#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "experiments/changes/part_regions.hpp"
#include "lib/picture/picture.hpp"

namespace skein::experiments {

inline constexpr std::size_t part_shifts = 4;  ///< cyclic shifts of every change map, for the nulls

/// Columns and rows of each shift.
using CyclicShifts = std::array<std::pair<int, int>, part_shifts>;

/// Drawn from `seed`, at least a quarter of the picture along one axis.
CyclicShifts cyclic_shifts(const PartRegions& regions, std::uint64_t seed);

/// Where pixel (row, column) comes from when a map is moved cyclically by so many columns and rows.
std::size_t cyclic_source(int row, int column, const PartRegions& regions, int columns, int rows);

/// One part of a picture before and after a change, and what could have been made of it. Refers to what it is given.
class PartFit {
 public:
  /// `change`: signed, of RGB, shape (3, pixels), moved cyclically by so many columns and rows first.
  PartFit(const PartRegions& regions, const Picture& before, std::span<const float> change, std::size_t part,
          int columns = 0, int rows = 0);

  /// The share of |change| that lies within the part.
  double inside() const { return inside_; }
  /// Each: R squared, from 0, of the changed part as the part before it recoloured (every channel a line in its own
  /// values), as shifted by up to 4 pixels, and as scaled about its centre by 0.8 to 1.25. 0 where nothing changes.
  double recoloured() const;
  double shifted() const;
  double scaled() const;
  /// The best of the three.
  double best() const;

 private:
  double explained(double squared_error) const;
  double warped(double scale, int up, int left) const;

  const PartRegions& regions_;
  const Picture& before_;
  std::vector<std::size_t> own_;
  std::vector<double> after_[3];
  double squares_ = 0, inside_ = 0, row_ = 0, column_ = 0;
};

}  // namespace skein::experiments
