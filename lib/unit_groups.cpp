#include "lib/unit_groups.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <tuple>

#include "lib/kernels.hpp"
#include "lib/structural_keys.hpp"

namespace skein {

namespace {

/// A group must have this many terms in common, and this share of all its terms, to be worth a dense kernel:
/// tuned on layered networks of 10 % to 60 % of their weights.
constexpr std::size_t least_common = 6;
constexpr double least_share = 0.6;

using Terms = std::vector<std::uint32_t>;

struct Candidate {
  int unit = 0;
  int depth = 0;
  bool alone = false;       ///< may not be in a group with others
  std::uint64_t alike = 0;  ///< equal for equal terms
  std::uint64_t key = 0;
  Terms terms{};  ///< sorted

  auto order() const { return std::tuple(depth, terms.size(), alike, key); }
};

bool may_join(const Candidate& a, const Candidate& b) { return a.depth == b.depth && !a.alone && !b.alone; }

/// Cuts alike candidates into pieces of nearly equal size, none above `widest_group`.
void cut(std::span<const Candidate> alike, UnitGroups::Groups& groups) {
  const std::size_t pieces = (alike.size() + widest_group - 1) / widest_group;
  for (std::size_t i = 0; i < pieces; ++i) {
    UnitGroup group{.units = {}, .common = alike.front().terms, .block = {}};
    for (std::size_t k = i * alike.size() / pieces; k < (i + 1) * alike.size() / pieces; ++k)
      group.units.push_back(alike[k].unit);
    groups.push_back(std::move(group));
  }
}

/// Takes candidates from the first one on into one group while that leaves enough in common. Returns how
/// many.
std::size_t gather(std::span<const Candidate> candidates, UnitGroups::Groups& groups) {
  UnitGroup group{.units = {candidates.front().unit}, .common = candidates.front().terms, .block = {}};
  std::size_t all_terms = candidates.front().terms.size(), count = 1;
  for (; count < candidates.size() && count < widest_group && may_join(candidates[0], candidates[count]);
       ++count) {
    Terms common;
    std::ranges::set_intersection(group.common, candidates[count].terms, std::back_inserter(common));
    const std::size_t terms = all_terms + candidates[count].terms.size();
    const auto shared = static_cast<double>(common.size() * (count + 1));
    const bool equal = common.size() == group.common.size() && shared == static_cast<double>(terms);
    if (!equal && (common.size() < least_common || shared < least_share * static_cast<double>(terms))) break;
    group.units.push_back(candidates[count].unit);
    group.common = std::move(common);
    all_terms = terms;
  }
  groups.push_back(std::move(group));
  return count;
}

UnitGroups::Groups grouped(std::vector<Candidate> candidates) {
  std::ranges::sort(candidates, {}, &Candidate::order);
  UnitGroups::Groups groups;
  for (std::size_t first = 0; first < candidates.size();) {
    std::size_t end = first + 1;
    while (end < candidates.size() && may_join(candidates[first], candidates[end]) &&
           candidates[first].terms == candidates[end].terms)
      ++end;
    const auto rest = std::span<const Candidate>(candidates).subspan(first);
    if (end - first > widest_group) cut(rest.first(end - first), groups);
    else end = first + gather(rest, groups);
    first = end;
  }
  return groups;
}

}  // namespace

UnitGroups::UnitGroups(const Contraction& net) : net_(&net), is_output_(net.kept.size()) {
  for (const std::uint32_t output : net.outputs) is_output_[output] = 1;
  find_consumers();
  find_needed_gradients();
  keys_ = structural_keys(net, *this);
  find_groups();
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
  gradient_needed_.assign(net_->activations.size(), 0);
  for (std::size_t u = 0; u < gradient_needed_.size(); ++u)
    for (std::uint32_t e = net_->first_edge[u]; e < net_->first_edge[u + 1]; ++e) {
      const std::uint32_t source = net_->sources[e];
      if (net_->edge_trainable[e] || (!is_input(source) && gradient_needed(unit(source))))
        gradient_needed_[u] = 1;
    }
}

void UnitGroups::find_groups() {
  std::vector<int> depth(net_->activations.size());
  for (std::size_t u = 0; u < depth.size(); ++u)
    for (const std::uint32_t source : net_->sources_of(static_cast<int>(u)))
      if (!is_input(source)) depth[u] = std::max(depth[u], depth[static_cast<std::size_t>(unit(source))] + 1);
  std::vector<Candidate> readers(depth.size()), sources(depth.size());
  for (std::size_t u = 0; u < depth.size(); ++u) {
    const auto unit = static_cast<int>(u);
    readers[u] = {.unit = unit, .depth = depth[u], .key = keys_[value(unit)]};
    for (const std::uint32_t source : net_->sources_of(unit)) {
      readers[u].terms.push_back(source);
      readers[u].alike += mixed(keys_[source]);
    }
    sources[u] = {
        .unit = unit, .depth = depth[u], .alone = is_output(value(unit)), .key = keys_[value(unit)]};
    for (const Consumer& c : consumers(value(unit))) {
      sources[u].terms.push_back(static_cast<std::uint32_t>(c.unit));
      sources[u].alike += mixed(keys_[value(c.unit)]);
    }
  }
  groups_ = grouped(std::move(readers));
  source_groups_ = grouped(std::move(sources));
  find_blocks();
  group_of_.resize(depth.size());
  for (std::size_t g = 0; g < groups_.size(); ++g)
    for (const int u : groups_[g].units) group_of_[static_cast<std::size_t>(u)] = g;
}

void UnitGroups::find_blocks() {
  std::vector<std::uint32_t> readers(net_->kept.size());
  for (UnitGroup& group : groups_) {
    if (group.units.size() == 1) continue;
    for (const int u : group.units)
      for (const std::uint32_t s : net_->sources_of(u))
        if (++readers[s] * 2 == group.units.size() + group.units.size() % 2) group.block.push_back(s);
    for (const int u : group.units)
      for (const std::uint32_t s : net_->sources_of(u)) readers[s] = 0;
    std::ranges::sort(group.block);
  }
}

bool UnitGroups::in_block(int u, std::uint32_t source) const {
  const UnitGroup& group = groups_[group_of_[static_cast<std::size_t>(u)]];
  return std::ranges::binary_search(group.block, source);
}

std::uint32_t UnitGroups::edge(std::uint32_t source, int u) const {
  const auto sources = net_->sources_of(u);
  const auto place = std::ranges::lower_bound(sources, source);
  if (place == sources.end() || *place != source) return no_edge;
  return net_->first_edge[static_cast<std::size_t>(u)] + static_cast<std::uint32_t>(place - sources.begin());
}

}  // namespace skein
