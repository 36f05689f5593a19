#include "sgd/prune/mask_null.hpp"

#include <algorithm>
#include <utility>

#include "lib/base/random.hpp"
#include "sgd/mlp/wiring_graph.hpp"

namespace skein::sgd {

namespace {

struct MaskEntry {
  std::size_t row, column;
};

/// Swaps the columns of two random weights, if the places they would move to are free.
void try_swap(std::vector<std::uint8_t>& mask, std::vector<MaskEntry>& edges, std::size_t width,
              RandomStream& random) {
  const auto count = static_cast<std::uint32_t>(edges.size());
  MaskEntry& a = edges[random.below(count)];
  MaskEntry& b = edges[random.below(count)];
  auto& a_new = mask[a.row * width + b.column];
  auto& b_new = mask[b.row * width + a.column];
  if (a.row == b.row || a.column == b.column || a_new != 0 || b_new != 0) return;
  mask[a.row * width + a.column] = mask[b.row * width + b.column] = 0;
  a_new = b_new = 1;
  std::swap(a.column, b.column);
}

/// The rows or columns that have weights, and how many each has.
struct Used {
  std::vector<std::size_t> lines;
  std::vector<int> weights;

  explicit Used(std::size_t count) : weights(count) {}
  void collect() {
    for (std::size_t line = 0; line < weights.size(); ++line)
      if (weights[line] > 0) lines.push_back(line);
  }
  std::size_t any(RandomStream& random) const {
    return lines[random.below(static_cast<std::uint32_t>(lines.size()))];
  }
  /// Whether a weight may go from one line to the other and leave none without weights.
  bool may_move(std::size_t from, std::size_t to) const { return from == to || weights[from] > 1; }
  void move(std::size_t from, std::size_t to) {
    --weights[from];
    ++weights[to];
  }
};

/// Moves a random weight to a random place between used rows and columns, if that is free and none is left unused.
void try_move(std::vector<std::uint8_t>& mask, std::vector<MaskEntry>& edges, Used& rows, Used& columns,
              RandomStream& random) {
  MaskEntry& edge = edges[random.below(static_cast<std::uint32_t>(edges.size()))];
  const MaskEntry place{rows.any(random), columns.any(random)};
  const std::size_t width = columns.weights.size();
  auto& now = mask[place.row * width + place.column];
  if (now != 0 || !rows.may_move(edge.row, place.row) || !columns.may_move(edge.column, place.column)) return;
  mask[edge.row * width + edge.column] = 0;
  now = 1;
  rows.move(edge.row, place.row);
  columns.move(edge.column, place.column);
  edge = place;
}

/// Every weight one like the others.
Wiring without_copies(Wiring wiring) {
  for (auto& copies : wiring.copies) std::ranges::fill(copies, std::uint8_t{0});
  return wiring;
}

std::vector<MaskEntry> entries(const std::vector<std::uint8_t>& mask, std::size_t width) {
  std::vector<MaskEntry> edges;
  for (std::size_t i = 0; i < mask.size(); ++i)
    if (mask[i] != 0) edges.push_back({i / width, i % width});
  return edges;
}

}  // namespace

Wiring shuffle_degrees(const Wiring& wiring, std::uint64_t seed, const MaskNullSettings& settings) {
  validate(wiring);
  const auto wanted = liveness(wiring).outputs;
  Wiring result = without_copies(wiring);
  for (std::size_t l = 0; l < result.masks.size(); ++l) {
    RandomStream random(seed, "mask null", l);
    auto& mask = result.masks[l];
    const auto width = static_cast<std::size_t>(result.shape(static_cast<int>(l)).columns);
    auto edges = entries(mask, width);
    if (edges.size() < 2) continue;
    for (int round = 0; round < settings.attempts_per_edge; ++round) {
      const auto mask_before = mask;
      const auto edges_before = edges;
      for (std::size_t attempt = 0; attempt < edges.size(); ++attempt) try_swap(mask, edges, width, random);
      const auto now = liveness(result).outputs;
      if (!std::ranges::equal(now, wanted, [](std::uint8_t a, std::uint8_t b) { return a >= b; })) {
        mask = mask_before;
        edges = edges_before;
      }
    }
  }
  return result;
}

Wiring shuffle_places(const Wiring& wiring, std::uint64_t seed, const MaskNullSettings& settings) {
  validate(wiring);
  Wiring result = without_copies(wiring);
  for (std::size_t l = 0; l < result.masks.size(); ++l) {
    RandomStream random(seed, "places null", l);
    auto& mask = result.masks[l];
    const MatrixShape shape = result.shape(static_cast<int>(l));
    Used rows(static_cast<std::size_t>(shape.rows)), columns(static_cast<std::size_t>(shape.columns));
    auto edges = entries(mask, columns.weights.size());
    if (edges.empty()) continue;
    for (const MaskEntry& edge : edges) {
      ++rows.weights[edge.row];
      ++columns.weights[edge.column];
    }
    rows.collect();
    columns.collect();
    const std::size_t attempts = edges.size() * static_cast<std::size_t>(settings.attempts_per_edge);
    for (std::size_t attempt = 0; attempt < attempts; ++attempt) {
      try_move(mask, edges, rows, columns, random);
      try_swap(mask, edges, columns.weights.size(), random);
    }
  }
  for (auto& layer : result.hidden)
    for (MlpUnit& unit : layer) unit.origin.reset();
  return result;
}

}  // namespace skein::sgd
