#include "experiments/figures/layered_layout.hpp"

#include <algorithm>
#include <tuple>

namespace skein::experiments {
namespace {

constexpr int sweeps = 12;          // tuned: no fewer crossings after that on the genomes at hand
constexpr int straightenings = 24;  // tuned: places no longer move visibly
constexpr std::size_t most_links_ordered = 20000;  // a denser drawing crosses everywhere anyway

struct Neighbours {
  std::vector<std::vector<int>> below, above;
};

Neighbours neighbours(const LayeredGraph& graph) {
  Neighbours n{std::vector<std::vector<int>>(graph.layer.size()),
               std::vector<std::vector<int>>(graph.layer.size())};
  for (const auto& [from, to] : graph.links) {
    n.above[static_cast<std::size_t>(from)].push_back(to);
    n.below[static_cast<std::size_t>(to)].push_back(from);
  }
  return n;
}

double mean_position(const std::vector<int>& nodes, const std::vector<double>& position, double otherwise) {
  if (nodes.empty()) return otherwise;
  double sum = 0;
  for (const int node : nodes) sum += position[static_cast<std::size_t>(node)];
  return sum / static_cast<double>(nodes.size());
}

/// Pair inversions among end points, counted with a Fenwick tree over ranks.
long count_inversions(const std::vector<int>& ranks, int highest) {
  std::vector<long> tree(static_cast<std::size_t>(highest) + 2, 0);
  long inversions = 0, seen = 0;
  for (const int rank : ranks) {
    long not_above = 0;
    for (int i = rank + 1; i > 0; i -= i & -i) not_above += tree[static_cast<std::size_t>(i)];
    inversions += seen++ - not_above;
    for (int i = rank + 1; i <= highest + 1; i += i & -i) ++tree[static_cast<std::size_t>(i)];
  }
  return inversions;
}

/// Least-squares places for wanted ones, in the order given and at least 1 apart.
std::vector<double> spaced(const std::vector<double>& wanted) {
  struct Block {
    double sum;
    int count;
    double mean() const { return sum / count; }
  };
  std::vector<Block> blocks;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    blocks.push_back({wanted[i] - static_cast<double>(i), 1});
    while (blocks.size() > 1 && blocks[blocks.size() - 2].mean() > blocks.back().mean()) {
      blocks[blocks.size() - 2].sum += blocks.back().sum;
      blocks[blocks.size() - 2].count += blocks.back().count;
      blocks.pop_back();
    }
  }
  std::vector<double> places;
  for (const Block& block : blocks)
    for (int k = 0; k < block.count; ++k) places.push_back(block.mean() + static_cast<double>(places.size()));
  return places;
}

}  // namespace

long crossings(const LayeredGraph& graph, const std::vector<double>& position) {
  const auto at = [&](int node) { return position[static_cast<std::size_t>(node)]; };
  const auto layer_of = [&](int node) { return graph.layer[static_cast<std::size_t>(node)]; };
  auto links = graph.links;
  std::ranges::sort(links, [&](const auto& a, const auto& b) {
    return std::tuple(layer_of(a.first), at(a.first), at(a.second)) <
           std::tuple(layer_of(b.first), at(b.first), at(b.second));
  });
  std::vector<double> ends;
  long total = 0;
  for (std::size_t i = 0; i < links.size();) {
    std::size_t j = i;
    ends.clear();
    for (; j < links.size() && layer_of(links[j].first) == layer_of(links[i].first); ++j)
      ends.push_back(at(links[j].second));
    auto sorted = ends;
    std::ranges::sort(sorted);
    std::vector<int> ranks;
    for (const double end : ends)
      ranks.push_back(static_cast<int>(std::ranges::lower_bound(sorted, end) - sorted.begin()));
    total += count_inversions(ranks, static_cast<int>(ends.size()));
    i = j;
  }
  return total;
}

std::vector<double> place_across(const LayeredGraph& graph) {
  const std::size_t count = graph.layer.size();
  const int layers = count == 0 ? 0 : 1 + *std::ranges::max_element(graph.layer);
  std::vector<std::vector<int>> order(static_cast<std::size_t>(layers));
  for (std::size_t node = 0; node < count; ++node)
    order[static_cast<std::size_t>(graph.layer[node])].push_back(static_cast<int>(node));
  const Neighbours near = neighbours(graph);
  std::vector<double> position(count);
  const auto number = [&](const std::vector<int>& row) {
    for (std::size_t i = 0; i < row.size(); ++i)
      position[static_cast<std::size_t>(row[i])] =
          static_cast<double>(i) - (static_cast<double>(row.size()) - 1) / 2;
  };
  std::ranges::for_each(order, number);

  // Step 1. Orders: upward and downward sweeps, the best kept.
  auto best_order = order;
  long fewest = crossings(graph, position);
  for (int sweep = 0; sweep < sweeps && fewest > 0 && graph.links.size() <= most_links_ordered; ++sweep) {
    for (int k = 1; k < layers; ++k) {
      auto& row = order[static_cast<std::size_t>(sweep % 2 == 0 ? k : layers - 1 - k)];
      const auto& side = sweep % 2 == 0 ? near.below : near.above;
      std::vector<double> wish(count);
      for (const int node : row) {
        const auto n = static_cast<std::size_t>(node);
        wish[n] = mean_position(side[n], position, position[n]);
      }
      std::ranges::stable_sort(row, {}, [&](int node) { return wish[static_cast<std::size_t>(node)]; });
      number(row);
    }
    if (const long now = crossings(graph, position); now < fewest) fewest = now, best_order = order;
  }

  // Step 2. Places: each layer moves towards the mean of its neighbours, its order kept.
  std::ranges::for_each(best_order, number);
  for (int round = 0; round < straightenings; ++round)
    for (int k = 0; k < layers; ++k) {
      const auto& row = best_order[static_cast<std::size_t>(round % 2 == 0 ? k : layers - 1 - k)];
      std::vector<double> wanted;
      for (const int node : row) {
        const auto n = static_cast<std::size_t>(node);
        const double down = mean_position(near.below[n], position, position[n]);
        wanted.push_back((down + mean_position(near.above[n], position, down)) / 2);
      }
      const std::vector<double> places = spaced(wanted);
      for (std::size_t i = 0; i < row.size(); ++i) position[static_cast<std::size_t>(row[i])] = places[i];
    }
  return position;
}

}  // namespace skein::experiments
