#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace skein::experiments {

/// Which part of the picture each pixel belongs to. Parts belong to the picture: every network that draws it is
/// measured against the same ones. Regions exclude each other and cover the picture.
struct PartRegions {
  int width = 0, height = 0;
  std::vector<std::string> names;      ///< of the parts, at most 255
  std::vector<std::uint8_t> owner;     ///< per pixel, row-major: the part's number
  std::vector<std::uint8_t> mirrored;  ///< per part: its left half is the mirror image of its right half

  std::size_t pixels() const { return owner.size(); }
  std::size_t count() const { return names.size(); }
  /// Pixels of each part.
  std::vector<std::size_t> areas() const;
  /// Throws ConfigError unless the vectors fit each other and every part named has pixels.
  void validate() const;
};

/// Whether the pixels marked are a mirrored pair: at most a twentieth of them in the middle eighth of the columns,
/// and at least six in ten have a partner in the mirror.
bool is_mirrored_pair(const std::vector<std::uint8_t>& marked, int width, int height);

}  // namespace skein::experiments
