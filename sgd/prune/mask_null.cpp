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

}  // namespace

Wiring shuffle_degrees(const Wiring& wiring, std::uint64_t seed, const MaskNullSettings& settings) {
  validate(wiring);
  const auto wanted = liveness(wiring).outputs;
  Wiring result = wiring;
  for (std::size_t l = 0; l < result.masks.size(); ++l) {
    RandomStream random(seed, "mask null", l);
    auto& mask = result.masks[l];
    const auto width = static_cast<std::size_t>(result.shape(static_cast<int>(l)).columns);
    std::vector<MaskEntry> edges;
    for (std::size_t i = 0; i < mask.size(); ++i)
      if (mask[i] != 0 && result.copies[l][i] == 0) edges.push_back({i / width, i % width});
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

}  // namespace skein::sgd
