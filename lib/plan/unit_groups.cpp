#include "lib/plan/unit_groups.hpp"

#include <algorithm>
#include <numeric>

#include "lib/plan/structural_keys.hpp"

namespace skein {

namespace {

// In cycles of a core with 512-bit registers, over 64 samples and (for edges) 256: tuned on networks of 50 to
// 46,000 weights.
constexpr GroupCosts sum_costs{
    .narrow = 50, .wide = 60, .least_term = 3.5, .product = 2.2, .narrow_own = 3.4, .wide_own = 4.4};
constexpr GroupCosts edge_costs{.narrow = 60, .wide = 60, .least_term = 40, .product = 11};
constexpr double far_term = 8;         ///< a term whose row lies in the second-level cache
constexpr std::size_t near_rows = 80;  ///< of 128 samples, in the first-level cache

}  // namespace

UnitGroups::UnitGroups(const Contraction& net, Sides sides) : net_(&net), is_output_(net.kept.size()) {
  for (const std::uint32_t output : net.outputs) is_output_[output] = 1;
  find_consumers();
  find_needed_gradients();
  keys_ = structural_keys(net, *this);
  find_groups();
  if (sides == Sides::both) find_backward_groups();
}

void UnitGroups::find_consumers() {
  first_consumer_.assign(net_->kept.size() + 1, 0);
  for (const std::uint32_t source : net_->sources) ++first_consumer_[source + 1];
  std::partial_sum(first_consumer_.begin(), first_consumer_.end(), first_consumer_.begin());
  consumers_.resize(net_->sources.size());
  std::vector<std::uint32_t> next(first_consumer_.begin(), first_consumer_.end() - 1);
  for (int u = 0; u < net_->unit_count(); ++u)
    for (std::uint32_t e = net_->first_edge[static_cast<std::size_t>(u)];
         e < net_->first_edge[static_cast<std::size_t>(u) + 1]; ++e)
      consumers_[next[net_->sources[e]]++] = {u, e};
}

void UnitGroups::find_needed_gradients() {
  gradient_needed_ = net_->start_trainable;
  gradient_needed_.resize(net_->activations.size());
  for (std::size_t u = 0; u < gradient_needed_.size(); ++u)
    for (std::uint32_t e = net_->first_edge[u]; e < net_->first_edge[u + 1]; ++e) {
      const std::uint32_t source = net_->sources[e];
      if (net_->edge_trainable[e] || (!is_input(source) && gradient_needed(unit(source))))
        gradient_needed_[u] = 1;
    }
}

std::vector<int> UnitGroups::depths() const {
  std::vector<int> depth(net_->activations.size());
  for (std::size_t u = 0; u < depth.size(); ++u)
    for (const std::uint32_t source : net_->sources_of(static_cast<int>(u)))
      if (!is_input(source)) depth[u] = std::max(depth[u], depth[static_cast<std::size_t>(unit(source))] + 1);
  return depth;
}

/// A copy, such as an output of the layered twin, is kept apart and not counted: it must not change the groups of others.
bool UnitGroups::is_copy(int u) const {
  return net_->activations[static_cast<std::size_t>(u)] == Activation::identity &&
         net_->sources_of(u).size() == 1;
}

GroupCosts UnitGroups::costs_of_sums() const {
  std::size_t rows = net_->kept.size();
  for (int u = 0; u < net_->unit_count(); ++u) rows -= is_copy(u) ? 1 : 0;
  GroupCosts sums = sum_costs;
  if (rows > near_rows) sums.least_term = far_term;
  return sums;
}

void UnitGroups::find_groups() {
  const std::vector<int> depth = depths();
  std::vector<GroupCandidate> readers(depth.size());
  for (std::size_t u = 0; u < depth.size(); ++u) {
    const auto unit = static_cast<int>(u);
    readers[u] = {.unit = unit, .kind = 2 * depth[u] + (is_copy(unit) ? 1 : 0), .key = keys_[value(unit)]};
    for (const std::uint32_t source : net_->sources_of(unit)) {
      readers[u].terms.push_back(source);
      readers[u].alike += mixed(keys_[source]);
    }
  }
  groups_ = group_units(std::move(readers), costs_of_sums());
  for (UnitGroup& group : groups_)  // runs of one activation
    std::ranges::stable_sort(group.units, {},
                             [&](int u) { return net_->activations[static_cast<std::size_t>(u)]; });
}

void UnitGroups::find_backward_groups() {
  const std::vector<int> depth = depths();
  std::vector<GroupCandidate> sources(depth.size()), ends(depth.size());
  for (std::size_t u = 0; u < depth.size(); ++u) {
    const auto unit = static_cast<int>(u);
    const std::uint64_t key = keys_[value(unit)];
    ends[u] = {.unit = unit, .key = key};
    for (std::uint32_t e = net_->first_edge[u]; e < net_->first_edge[u + 1]; ++e) {
      if (!net_->edge_trainable[e]) continue;
      ends[u].terms.push_back(net_->sources[e]);
      ends[u].alike += mixed(keys_[net_->sources[e]]);
    }
    sources[u] = {.unit = unit, .kind = depth[u], .alone = is_output(value(unit)), .key = key};
    for (const Consumer& c : consumers(value(unit))) {
      sources[u].terms.push_back(static_cast<std::uint32_t>(c.unit));
      sources[u].alike += mixed(keys_[value(c.unit)]);
    }
  }
  source_groups_ = group_units(std::move(sources), costs_of_sums());
  std::erase_if(ends, [](const GroupCandidate& c) { return c.terms.empty(); });
  edge_groups_ = group_units(std::move(ends), edge_costs);
}

std::uint32_t UnitGroups::edge(std::uint32_t source, int u) const {
  const auto sources = net_->sources_of(u);
  const auto place = std::ranges::lower_bound(sources, source);
  if (place == sources.end() || *place != source) return no_edge;
  return net_->first_edge[static_cast<std::size_t>(u)] + static_cast<std::uint32_t>(place - sources.begin());
}

}  // namespace skein
