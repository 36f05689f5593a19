#pragma once

#include <cstdint>
#include <vector>

#include "lib/plan/unit_groups.hpp"

namespace skein {

/// splitmix64 (Steele, Lea, Flood 2014): spreads a number over all bits.
inline std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ull;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
  return x ^ (x >> 31);
}

/// The keys of UnitGroups: one number per kept value, from what is above and below it. Needs only the
/// consumers of `wiring`.
std::vector<std::uint64_t> structural_keys(const Contraction& net, const UnitGroups& wiring);

}  // namespace skein
