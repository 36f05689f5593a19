#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "experiments/parts/parts_target.hpp"
#include "lib/engine/engine.hpp"

namespace skein::experiments {

/// How strongly each part of a picture is there, in steps from 0 (off) to levels - 1 (as in the picture itself).
using Combination = std::vector<std::uint8_t>;

inline constexpr std::size_t most_combinations = 256;  ///< of a family; a larger one is a sample of them

/// All pictures in which the parts of one labelled genome are switched or scaled: the weights of a part's links are
/// multiplied by z_p, which is level / (levels - 1). What is base is always on. The code (z1, ..., zP) is what a network
/// that is to draw all of them reads beside x, y, d and the constant.
class PictureFamily {
 public:
  /// The counted parts of the target (`parts_of`). A family of more than `most_combinations` is that many of them,
  /// drawn by `seed`, with all parts off and all on among them. Throws ConfigError when the parts do not come from
  /// labels, there are fewer than two of them or more than 24, levels are not 2 to 8, or all combinations look alike.
  PictureFamily(const PartsTarget& target, int levels, std::uint64_t seed);

  std::size_t part_count() const { return parts_.size(); }
  const std::vector<std::string>& names() const { return parts_; }
  int levels() const { return levels_; }
  const std::vector<Combination>& combinations() const { return combinations_; }
  /// How many combinations there are, sampled or not.
  double possible() const;

  /// z, one number in [0, 1] per part.
  std::vector<double> code(const Combination& combination) const;
  /// The genome's own network, and its weights for a combination.
  const Network& network() const { return plan_.network(); }
  Weights weights(const Combination& combination) const;
  Picture picture(const Combination& combination, int size) const;
  /// Per slot of `network()`: the part whose link it is, -1 for what is always on.
  const std::vector<int>& part_of_slot() const { return part_of_slot_; }

  /// x, y, d, bias, z1, ..., zP to hue, saturation, brightness.
  Signature signature() const;

 private:
  std::vector<std::string> parts_;
  int levels_ = 2;
  Plan plan_;
  Weights own_;
  std::vector<int> part_of_slot_;
  std::vector<Combination> combinations_;
};

/// A network with its weights.
struct FamilyNetwork {
  Network network;
  Weights weights;
};

/// The known answer: one network that reads the code and draws every combination, by gates put into each labelled link.
/// A value s passes as relu(s - B (1 - c)) - relu(-s - B (1 - c)), c being 1 where the link's part has at least a
/// level, B above what any |s| is; a link has a gate for each level.
FamilyNetwork hand_gated(const PictureFamily& family);

/// The other known answer: a network that has a copy of the genome for each of these combinations, which is let through
/// where the code is exactly that combination's. Of any other code it draws black.
FamilyNetwork lookup_network(const PictureFamily& family, const std::vector<Combination>& known);

/// Rows of (x, y, d, 1, z1, ..., zP): every pixel of a grid of `size` squared for each code, code after code.
SampleTable family_samples(const std::vector<std::vector<double>>& codes, int size);

/// What a network that reads codes draws for each of them, as RGB: shape (codes, 3 x pixels), channel by channel.
std::vector<std::vector<float>> drawn_by_code(const Plan& plan, std::span<const float> weights,
                                              const std::vector<std::vector<double>>& codes, int size);

}  // namespace skein::experiments
