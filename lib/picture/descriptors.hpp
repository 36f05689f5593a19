#pragma once

#include <array>
#include <string_view>

#include "lib/picture/picture.hpp"

namespace skein {

/// What a picture looks like in a few numbers, each in [0, 1]: the axes along which open-ended search looks
/// for pictures that differ. Luminance is Y = 0.299 R + 0.587 G + 0.114 B. A plain picture has symmetry 1,
/// 0 of everything else, and as complexity the few bytes that a plain picture deflates to.
struct Descriptors {
  /// Bytes of the luminance at 32 x 32 in 64 shades, each replaced by its difference to the left, deflated at
  /// level 6 in a window of 4 KiB, as a share of the 1,024 put in; at most 1.
  double complexity = 0;
  /// Correlation of the picture with its mirror image, left to right; negative ones count as 0.
  double symmetry_across = 1;
  /// The same, top to bottom.
  double symmetry_down = 1;
  /// Share of pixels that are not of the most common colour, colours being told apart at 4 levels a channel.
  double coverage = 0;
  /// Colourfulness of Hasler and Süsstrunk (2003) for channels in [0, 1], divided by 0.5, at most 1.
  double colourfulness = 0;
  /// Share of pixels where luminance changes by more than 0.1 to the next pixel right or down (Euclidean).
  double edges = 0;
  /// Spatial frequency: root of the mean squared step to the next pixel over what a chessboard has; 0 for
  /// plain pictures and 1 for a chessboard of single pixels.
  double frequency = 0;

  std::array<double, 7> values() const {
    return {complexity, symmetry_across, symmetry_down, coverage, colourfulness, edges, frequency};
  }
  bool operator==(const Descriptors&) const = default;
};

inline constexpr std::array<std::string_view, 7> descriptor_names{
    "complexity", "symmetry-across", "symmetry-down", "coverage", "colourfulness", "edges", "frequency"};

/// Throws ConfigError for a picture narrower or lower than 2 pixels.
Descriptors describe(const Picture& picture);

/// How much of a picture there is to look at, in [0, 1], the product of three shares: contrast (standard
/// deviation of the RGB values over 0.3, at most 1); crispness (1 - (sum g)^2 / (n sum g^2) over the
/// luminance gradients g: near 1 when change happens in few places, as at the outlines of figures, 0.25 or
/// less when it happens everywhere, as in noise and plain gradients; 0.25 counts as 0 and 0.6 and more as 1);
/// presence (the share of an 8 x 8 grid's cells that hold an edge, over 1/2, at most 1).
double figure_quality(const Picture& picture);

}  // namespace skein
