#include "lib/plan/program_rows.hpp"

#include <algorithm>

namespace skein {

namespace {

// Tuned on networks of 50 to 46,000 weights, with caches of 48 KiB and 2 MiB.
constexpr std::size_t whole_bytes = 64 * 1024;  ///< of rows: up to here a tile needs no chunks
constexpr std::size_t whole_tile = 256, widest_tile = 640, least_tile = 192, chunk = 128;
constexpr std::size_t tile_bytes = 640 * 1024;  ///< of rows: leaves room in the second-level cache
constexpr std::size_t row_padding = 16;  ///< floats; keeps rows of a power of two off each other's cache sets

void assign_rows(const Contraction& net, const UnitGroups& wiring, ProgramRows& rows) {
  for (std::uint32_t v = 0; v < net.kept.size(); ++v)
    if (!wiring.is_input(v) || wiring.is_read(v)) rows.value[v] = rows.count++;
}

void assign_training_rows(const Contraction& net, const UnitGroups& wiring, ProgramRows& rows) {
  assign_rows(net, wiring, rows);
  for (auto v = static_cast<std::uint32_t>(net.input_count); v < net.kept.size(); ++v)
    rows.slope[v] = rows.count++;
  for (const std::uint32_t v : net.outputs) {
    // A linear output that feeds nothing else takes the gradient of the head as it is.
    const bool direct = !wiring.is_input(v) &&
                        net.activations[static_cast<std::size_t>(wiring.unit(v))] == Activation::identity &&
                        wiring.consumers(v).empty() && std::ranges::count(net.outputs, v) == 1;
    rows.seeds.push_back(direct ? rows.slope[v] : rows.count++);
  }
}

/// Forward only: a row is free again after the last group that reads it.
void assign_reused_rows(const Contraction& net, const UnitGroups& wiring, ProgramRows& rows) {
  const auto& groups = wiring.groups();
  std::vector<std::size_t> last_read(net.kept.size());
  for (std::size_t g = 0; g < groups.size(); ++g)
    for (const int u : groups[g].units)
      for (const std::uint32_t s : net.sources_of(u)) last_read[s] = g;
  for (const std::uint32_t v : net.outputs) last_read[v] = groups.size();
  std::vector<Row> free;
  const auto take = [&] {
    if (free.empty()) return rows.count++;
    const Row row = free.back();
    free.pop_back();
    return row;
  };
  for (std::uint32_t v = 0; v < net.kept.size() && wiring.is_input(v); ++v)
    if (wiring.is_read(v)) rows.value[v] = take();
  for (std::size_t g = 0; g < groups.size(); ++g) {
    for (const int u : groups[g].units) rows.value[wiring.value(u)] = take();
    for (const int u : groups[g].units)
      for (const std::uint32_t s : net.sources_of(u))
        if (last_read[s] == g) {
          free.push_back(rows.value[s]);
          last_read[s] = groups.size();
        }
  }
}

/// A few rows stay in the first-level cache as they are. More go through the units in chunks that do, while
/// the gradients by edges are summed over a wide tile.
void choose_tile(ProgramRows& rows) {
  const std::size_t row_bytes = sizeof(float) * std::max<std::size_t>(rows.count, 1);
  if (row_bytes * whole_tile <= whole_bytes) {
    rows.tile = rows.stride = rows.chunk = whole_tile;
    return;
  }
  rows.tile = std::clamp(tile_bytes / row_bytes / sample_block * sample_block, least_tile, widest_tile);
  rows.stride = rows.tile + row_padding;
  rows.chunk = chunk;
}

}  // namespace

ProgramRows lay_out_rows(const Contraction& net, const UnitGroups& wiring, ProgramKind kind) {
  ProgramRows rows;
  rows.value.assign(net.kept.size(), no_row);
  rows.slope.assign(net.kept.size(), no_row);
  if (kind == ProgramKind::forward) assign_reused_rows(net, wiring, rows);
  else if (kind == ProgramKind::training) assign_training_rows(net, wiring, rows);
  else assign_rows(net, wiring, rows);
  choose_tile(rows);
  const auto scale = [&](Row& row) {
    if (row != no_row) row *= static_cast<Row>(rows.stride);
  };
  std::ranges::for_each(rows.value, scale);
  std::ranges::for_each(rows.slope, scale);
  std::ranges::for_each(rows.seeds, scale);
  return rows;
}

}  // namespace skein
