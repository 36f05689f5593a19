#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lib/plan/contraction.hpp"
#include "lib/plan/unit_grouping.hpp"

namespace skein {

/// One way a value is read: by which unit, through which contracted edge.
struct Consumer {
  int unit = 0;
  std::uint32_t edge = 0;
};

/// A contracted network seen from both sides, with the units that dense kernels do together: `groups` of
/// units of one depth (forward; terms are the kept values that they read), `source_groups` of units of one
/// depth (backward; terms are the units that read them), both in order of depth, and `edge_groups` of units
/// of any depth (gradients by edges; terms are the values from which a trainable edge leads to one of them).
/// At most `widest_group` units each; an output is alone in its source group. What lies in which group
/// depends on the wiring and not on how units are numbered. What only draws needs no groups but `groups`.
class UnitGroups {
 public:
  enum class Sides { forward, both };
  explicit UnitGroups(const Contraction& net, Sides sides = Sides::both);

  using Groups = std::vector<UnitGroup>;
  const Groups& groups() const { return groups_; }
  const Groups& source_groups() const { return source_groups_; }
  const Groups& edge_groups() const { return edge_groups_; }

  std::uint32_t value(int u) const { return static_cast<std::uint32_t>(net_->input_count + u); }
  bool is_input(std::uint32_t v) const { return v < static_cast<std::uint32_t>(net_->input_count); }
  int unit(std::uint32_t v) const { return static_cast<int>(v) - net_->input_count; }
  bool is_output(std::uint32_t v) const { return is_output_[v] != 0; }
  bool is_read(std::uint32_t v) const { return is_output(v) || !consumers(v).empty(); }
  /// In order of units.
  std::span<const Consumer> consumers(std::uint32_t v) const {
    return std::span(consumers_).subspan(first_consumer_[v], first_consumer_[v + 1] - first_consumer_[v]);
  }
  static constexpr std::uint32_t no_edge = 0xffffffffu;
  /// The contracted edge from value `source` to unit `u`, or no_edge.
  std::uint32_t edge(std::uint32_t source, int u) const;
  /// Whether some trainable weight lies at or before unit `u`.
  bool gradient_needed(int u) const { return gradient_needed_[static_cast<std::size_t>(u)] != 0; }
  /// One number per kept value that says how it is wired, above and below, whatever the order of units. Sums
  /// are taken in the order of these keys, so that a genome and its layered twin, which contract to the same
  /// wiring, draw the same picture to the last bit.
  const std::vector<std::uint64_t>& keys() const { return keys_; }

 private:
  void find_consumers();
  void find_needed_gradients();
  void find_groups();
  void find_backward_groups();
  bool is_copy(int u) const;
  GroupCosts costs_of_sums() const;
  std::vector<int> depths() const;

  const Contraction* net_;
  Groups groups_, source_groups_, edge_groups_;
  std::vector<Consumer> consumers_;
  std::vector<std::uint32_t> first_consumer_;
  std::vector<std::uint8_t> is_output_, gradient_needed_;
  std::vector<std::uint64_t> keys_;
};

}  // namespace skein
