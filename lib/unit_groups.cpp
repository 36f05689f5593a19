#include "lib/unit_groups.hpp"

#include <algorithm>
#include <numeric>

namespace skein {

namespace {

/// Cuts runs of alike units out of `order` into pieces of nearly equal size, none above `widest_group`.
template <class Alike>
UnitGroups::Groups cut(const std::vector<int>& order, const Alike& alike) {
  UnitGroups::Groups groups;
  for (std::size_t first = 0; first < order.size();) {
    std::size_t end = first + 1;
    while (end < order.size() && alike(order[first], order[end])) ++end;
    const std::size_t pieces = (end - first + widest_group - 1) / widest_group;
    for (std::size_t i = 0; i < pieces; ++i) {
      const auto from = static_cast<std::ptrdiff_t>(first + i * (end - first) / pieces);
      const auto to = static_cast<std::ptrdiff_t>(first + (i + 1) * (end - first) / pieces);
      groups.emplace_back(order.begin() + from, order.begin() + to);
    }
    first = end;
  }
  return groups;
}

bool same_units(std::span<const Consumer> a, std::span<const Consumer> b) {
  return std::ranges::equal(a, b, {}, &Consumer::unit, &Consumer::unit);
}

}  // namespace

UnitGroups::UnitGroups(const Contraction& net) : net_(&net), is_output_(net.kept.size()) {
  for (const std::uint32_t output : net.outputs) is_output_[output] = 1;
  find_consumers();
  find_needed_gradients();
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
  const auto depth_of = [&](int u) { return depth[static_cast<std::size_t>(u)]; };
  std::vector<int> order(depth.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, [&](int a, int b) {
    if (depth_of(a) != depth_of(b)) return depth_of(a) < depth_of(b);
    return std::ranges::lexicographical_compare(net_->sources_of(a), net_->sources_of(b));
  });
  groups_ = cut(order, [&](int a, int b) {
    return depth_of(a) == depth_of(b) && std::ranges::equal(net_->sources_of(a), net_->sources_of(b));
  });
  group_of_.resize(depth.size());
  for (std::size_t g = 0; g < groups_.size(); ++g)
    for (const int u : groups_[g]) group_of_[static_cast<std::size_t>(u)] = g;

  std::ranges::stable_sort(order, [&](int a, int b) {
    if (depth_of(a) != depth_of(b)) return depth_of(a) < depth_of(b);
    return std::ranges::lexicographical_compare(consumers(value(a)), consumers(value(b)), {}, &Consumer::unit,
                                                &Consumer::unit);
  });
  source_groups_ = cut(order, [&](int a, int b) {
    return depth_of(a) == depth_of(b) && !is_output(value(a)) && !is_output(value(b)) &&
           same_units(consumers(value(a)), consumers(value(b)));
  });
}

std::vector<std::uint64_t> structural_keys(const Contraction& net, const UnitGroups& groups) {
  const auto mix = [](std::uint64_t x) {  // splitmix64
    x += 0x9e3779b97f4a7c15ull;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
    return x ^ (x >> 31);
  };
  const auto is_copy = [&](int u) {  // such as an output of the layered twin
    return net.activations[static_cast<std::size_t>(u)] == Activation::identity &&
           net.sources_of(u).size() == 1;
  };
  std::vector<std::uint64_t> above(net.kept.size()), below(net.kept.size());
  for (std::uint32_t v = 0; v < net.kept.size(); ++v) {
    if (groups.is_input(v)) {
      above[v] = mix(v);
      continue;
    }
    const auto u = static_cast<std::size_t>(groups.unit(v));
    if (is_copy(groups.unit(v))) {
      above[v] = above[net.sources_of(groups.unit(v)).front()];
      continue;
    }
    std::uint64_t sum = 1000 + static_cast<std::uint64_t>(net.activations[u]);
    for (const std::uint32_t source : net.sources_of(groups.unit(v))) sum += mix(above[source]);
    above[v] = mix(sum);
  }
  for (std::size_t o = 0; o < net.outputs.size(); ++o) below[net.outputs[o]] += mix(2000 + o);
  for (std::uint32_t v = static_cast<std::uint32_t>(net.kept.size()); v-- > 0;)
    for (const Consumer& c : groups.consumers(v))
      below[v] += is_copy(c.unit) ? below[groups.value(c.unit)]
                                  : mix(below[groups.value(c.unit)] ^ above[groups.value(c.unit)]);
  for (std::size_t v = 0; v < above.size(); ++v) above[v] ^= mix(below[v]);
  return above;
}

}  // namespace skein
