#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sgd/recursion/recursion.hpp"

namespace skein::experiments {

/// A way to use the block.
///   tied          the base at its rounds
///   tied-rounds   the same, fitted to each round's own picture (targets that say what these are)
///   untied        each round its own weights, units of the block divided by the rounds: as many weights
///   untied-deep   each round its own weights, all units: as deep and as wide
enum class RecursionArm : std::uint8_t { tied, tied_rounds, untied, untied_deep };
inline constexpr RecursionArm all_recursion_arms[] = {RecursionArm::tied, RecursionArm::tied_rounds,
                                                      RecursionArm::untied, RecursionArm::untied_deep};
std::string_view name(RecursionArm arm);

/// The recursion that an arm trains at so many rounds.
sgd::Recursion recursion_of(RecursionArm arm, const sgd::Recursion& base, int rounds);

/// The recursion that all arms are made of: a tied one. Throws ConfigError for what does not parse, and for another.
sgd::Recursion parse_base_recursion(const std::string& text);

/// Throws ConfigError, naming the kind of unit, where an arm cannot be made of the base: `untied` divides each kind of
/// unit of the block by the rounds, and there must be one or more in each.
void require_arm(RecursionArm arm, const sgd::Recursion& base);

}  // namespace skein::experiments
