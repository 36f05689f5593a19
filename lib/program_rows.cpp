#include "lib/program_rows.hpp"

#include <algorithm>

namespace skein {

namespace {

// Tuned on networks of 50 to 46,000 weights, with caches of 48 KiB and 2 MiB.
constexpr std::size_t widest_tile = 256, dense_tile = 192;
constexpr std::size_t wide_bytes =
    160 * 1024;  ///< of rows: up to here a wide tile costs a dense group nothing

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

/// Sparse rows spread the cost of each edge over a wide tile; dense groups have less to spread, and the rows
/// that one of them reads should stay in the first-level cache.
std::size_t choose_tile(const Contraction& net, const UnitGroups& wiring, std::uint32_t rows) {
  const bool dense = 2 * wiring.groups().size() <= net.activations.size();
  const bool fits = rows * widest_tile * sizeof(float) <= wide_bytes;
  return dense && !fits ? dense_tile : widest_tile;
}

}  // namespace

ProgramRows lay_out_rows(const Contraction& net, const UnitGroups& wiring, ProgramKind kind) {
  ProgramRows rows;
  rows.value.assign(net.kept.size(), no_row);
  rows.slope.assign(net.kept.size(), no_row);
  if (kind == ProgramKind::forward) assign_reused_rows(net, wiring, rows);
  else if (kind == ProgramKind::training) assign_training_rows(net, wiring, rows);
  else assign_rows(net, wiring, rows);
  rows.tile = choose_tile(net, wiring, rows.count);
  const auto scale = [&](Row& row) {
    if (row != no_row) row *= static_cast<Row>(rows.tile);
  };
  std::ranges::for_each(rows.value, scale);
  std::ranges::for_each(rows.slope, scale);
  std::ranges::for_each(rows.seeds, scale);
  return rows;
}

}  // namespace skein
