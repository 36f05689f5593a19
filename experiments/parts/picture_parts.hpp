#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "experiments/changes/part_regions.hpp"
#include "lib/picture/image.hpp"
#include "lib/picture/picture.hpp"
#include "neat/genome/genome.hpp"

namespace skein::experiments {

inline constexpr int parts_size = 64;  ///< side of the grid on which parts are found and measured, pixels
inline constexpr const char* outside_name = "outside";

/// One part of a picture.
struct Part {
  std::string name;                  ///< the label's sense, or the colour of a drawn region; "outside"
  std::vector<std::uint32_t> links;  ///< numbers of the genome's links that carry the label; none where drawn
  double share = 0;            ///< of the picture's pixels that are its own; of a base part: that it covers
  bool base = false;           ///< covers the whole picture: always on and never counted
  bool mirrored = false;       ///< a pair: its left half is the mirror image of its right half
  double left = 0, right = 0;  ///< the halves' shares, of a mirrored pair
};

/// The parts of a picture and where they are.
struct PictureParts {
  std::vector<Part>
      parts;  ///< counted ones in the order of `regions.names`; "outside" last where there is any
  std::vector<Part> base;    ///< those that cover the whole picture
  std::vector<Part> unseen;  ///< labelled, but nothing shows or all of it is others'; in no region
  PartRegions regions;       ///< parts_size squared
  std::vector<std::string> warnings;
};

/// Parts from the labels of a genome's links. A label's soft mask is the mean over its enabled links and over
/// steps of +-0.25, +-0.5 and +-1 of |change of RGB|, each link's map made to sum to 1. A label whose mask covers (exp of
/// the entropy, over the pixels) at least seven tenths of the picture is base. A pixel belongs to the label whose
/// mask, made to sum to 1, is densest there, which gives a small part precedence over the larger one around it; only
/// labels count that have at least half the density there of an even mask of the same coverage; without any the
/// pixel is outside. Throws ConfigError when no label names an enabled link that has an effect, and when more than
/// 254 senses are given.
PictureParts parts_of(const neat::Genome& genome, const std::vector<neat::LinkLabel>& labels);

/// Parts from a picture of flat colours, one colour a part, any size; the colour of most of the border is outside.
/// Colours that cover less than a thousandth of the picture (blended edges) are given to the neighbour most alike
/// in colour. Names are colours, "#rrggbb". Throws ConfigError when there are fewer than two colours, or more than
/// 64 that are larger.
PictureParts parts_of_regions(const Image& regions);

/// The genome with the links of these parts switched off (their weights 0).
neat::Genome without(neat::Genome genome, const std::vector<const Part*>& parts);

/// The pictures that say what a part is: each `size` squared.
struct PartPictures {
  Picture whole;                ///< everything on
  Picture ground;               ///< every counted part off
  std::vector<Picture> alone;   ///< per counted part: the base and this part
  std::vector<Picture> absent;  ///< per counted part: everything but this part
  /// Per pair (p, q), p * parts + q: everything but p and q.
  std::vector<Picture> both_absent;
  std::size_t count() const { return alone.size(); }
};

/// By switching links off. The part "outside" has none and is left out, so there are as many as parts with links.
PartPictures part_pictures(const neat::Genome& genome, const PictureParts& parts, int size);

/// By painting: a part that is off is filled with the mean colour of what is outside (of the whole picture where
/// nothing is). The part "outside" is left out.
PartPictures part_pictures(const Picture& whole, const PictureParts& parts);

}  // namespace skein::experiments
