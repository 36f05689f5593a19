#pragma once

#include <cstdint>
#include <vector>

#include "lib/picture/picture.hpp"
#include "sgd/mlp/mlp.hpp"

namespace skein::experiments {

/// What units are to pictures that are drawn by the same units: each unit of a hidden layer is replaced by its mean over the
/// picture, and the rise of each picture's loss is taken, in parts of the loss of the picture's own mean colour.
struct UnitUse {
  std::vector<double> rises;  ///< (units, pictures), row after row: layer after layer, column after column
  std::size_t pictures = 0;
  std::size_t units() const { return pictures == 0 ? 0 : rises.size() / pictures; }
};

/// `networks[k]` draws `pictures[k]`; all have one wiring's layers. A network for each picture has units of its own: give them
/// one by one. Throws ConfigError where the numbers or layers differ.
UnitUse unit_use(const std::vector<sgd::Mlp>& networks, const std::vector<Picture>& pictures);

/// How far units serve several pictures.
struct Sharing {
  std::size_t units = 0;   ///< hidden ones in all
  std::size_t needed = 0;  ///< that at least one picture needs: its loss rises by `least_rise` or more
  double shared = 0;       ///< share of these that two pictures or more need; 0 where none is needed
  double by_chance =
      0;  ///< what that share would be if each picture needed as many units, whichever they are
  double pictures_a_unit =
      0;  ///< mean over the needed of (sum of rises)^2 / sum of squares, 1 to the number of pictures
};
inline constexpr double least_rise = 0.01;

Sharing sharing_of(const UnitUse& use);

/// What ablating a picture's own units does to it beyond what it does to the others (after Lepori, Serre, Pavlick 2023): all
/// units that it needs more than any other picture are replaced by their means at once; accuracy is 1 - loss / loss of the mean
/// colour, at least 0. Mean over the pictures of (its own accuracy - mean of the others'): -1 where each hangs on units of its
/// own, 0 where all suffer alike. 0 for a picture without units of its own.
double ablation_difference(const std::vector<sgd::Mlp>& networks, const std::vector<Picture>& pictures,
                           const UnitUse& use);

}  // namespace skein::experiments
