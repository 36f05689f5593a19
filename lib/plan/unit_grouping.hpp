#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace skein {

/// Units that a kernel does together, and the terms that it does for all of them; other terms of a unit are
/// its own.
struct UnitGroup {
  std::vector<int> units;
  std::vector<std::uint32_t> terms;  ///< sorted
};

struct GroupCandidate {
  int unit = 0;
  int kind = 0;             ///< only units of one kind may be in one group
  bool alone = false;       ///< may not be in a group with others
  std::uint64_t alike = 0;  ///< equal for equal terms, whatever their order
  std::uint64_t key = 0;
  std::vector<std::uint32_t> terms{};  ///< sorted
};

/// What a group costs, in any unit: something for the group, and for each term either that of a product for
/// every unit, whether it has the term or not, or a dearer product for each unit that has it (its own).
struct GroupCosts {
  double narrow = 0, wide = 0;  ///< for a group of up to `few` units, and of more
  double least_term = 0;        ///< a term costs at least so much, however few the units
  double product = 1;
  double narrow_own = 1e30, wide_own = 1e30;  ///< a product of a single unit

  static constexpr std::size_t few = 3;
  double of_group(std::size_t units) const { return units <= few ? narrow : wide; }
  double of_common(std::size_t units) const;
  double of_own(std::size_t units) const;
};

/// Groups of at most `widest_group` units, each unit in one, that cost little: units of equal terms first, in
/// pieces of nearly equal size, then greedily whichever of the next few saves most. In order of kinds;
/// depends on the candidates' terms and keys and not on how they are numbered.
std::vector<UnitGroup> group_units(std::vector<GroupCandidate> candidates, const GroupCosts& costs);

}  // namespace skein
