#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lib/contraction.hpp"

namespace skein {

/// One way a value is read: by which unit, through which contracted edge.
struct Consumer {
  int unit = 0;
  std::uint32_t edge = 0;
};

/// A contracted network seen from both sides, with the units that dense kernels can do together: `groups` of
/// units of one depth reading the same values (forward), `source_groups` of units of one depth read by the
/// same units (backward). Both in order of depth, at most `widest_group` units each; an output is alone in
/// its source group.
class UnitGroups {
 public:
  explicit UnitGroups(const Contraction& net);

  using Groups = std::vector<std::vector<int>>;
  const Groups& groups() const { return groups_; }
  const Groups& source_groups() const { return source_groups_; }
  /// How many units are in the group of unit `u`.
  std::size_t group_size(int u) const { return groups_[group_of_[static_cast<std::size_t>(u)]].size(); }

  std::uint32_t value(int u) const { return static_cast<std::uint32_t>(net_->input_count + u); }
  bool is_input(std::uint32_t v) const { return v < static_cast<std::uint32_t>(net_->input_count); }
  int unit(std::uint32_t v) const { return static_cast<int>(v) - net_->input_count; }
  bool is_output(std::uint32_t v) const { return is_output_[v] != 0; }
  bool is_read(std::uint32_t v) const { return is_output(v) || !consumers(v).empty(); }
  std::span<const Consumer> consumers(std::uint32_t v) const {
    return std::span(consumers_).subspan(first_consumer_[v], first_consumer_[v + 1] - first_consumer_[v]);
  }
  /// Whether some trainable weight lies at or before unit `u`.
  bool gradient_needed(int u) const { return gradient_needed_[static_cast<std::size_t>(u)] != 0; }

 private:
  void find_consumers();
  void find_needed_gradients();
  void find_groups();

  const Contraction* net_;
  Groups groups_, source_groups_;
  std::vector<std::size_t> group_of_;
  std::vector<Consumer> consumers_;
  std::vector<std::uint32_t> first_consumer_;
  std::vector<std::uint8_t> is_output_, gradient_needed_;
};

/// One number per kept value that says how it is wired, above and below, whatever the order of units. Sums
/// are taken in the order of these keys, so that a genome and its layered twin, which contract to the same
/// wiring, draw the same picture to the last bit.
std::vector<std::uint64_t> structural_keys(const Contraction& net, const UnitGroups& groups);

}  // namespace skein
