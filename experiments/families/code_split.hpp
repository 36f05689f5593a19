#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "experiments/families/picture_family.hpp"

namespace skein::experiments {

/// Which combinations a student sees (after Redhardt, Akram, Schug 2025).
enum class Support : std::uint8_t {
  connected,  ///< drawn at random so that every part is seen at every level, and parts that are seen on together join
              ///< all parts into one group
  disconnected,  ///< control: the parts fall into two halves that are never on together
  missing,       ///< control that must fail: one part is never on
  shuffled,  ///< control: as connected, but each combination is told another's code, so that codes do not compose
};
std::string_view name(Support support);
/// Throws ConfigError that lists the names.
Support parse_support(std::string_view text);

/// A family parted into what is seen in training and what is not, with the code that a network is told for each.
struct CodeSplit {
  std::vector<Combination> seen, unseen;
  std::vector<std::vector<double>> seen_codes, unseen_codes;
};

/// Holds out that share of the combinations (of connected and shuffled supports; the others hold out what they must).
/// At least two are seen and one is not. Throws ConfigError when the share is not in (0, 1), or when no such split is
/// found (a family too small for it).
CodeSplit split_of(const PictureFamily& family, Support support, double held_out, std::uint64_t seed);

}  // namespace skein::experiments
