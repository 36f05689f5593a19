#include "experiments/volume/wiring_volume.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>

#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"
#include "lib/base/random.hpp"

namespace skein::experiments {
namespace {

constexpr std::uint64_t field_prime = (1ull << 31) - 1;  // a Mersenne prime: products fit in 62 bits
constexpr std::uint64_t samples_a_task = 256;

/// What is known of one layer's units: which sources reach them, how deep they compute, and (row by row, `sources`
/// entries each) their random combination of the sources.
struct LayerState {
  std::vector<std::uint64_t> reached;
  std::vector<int> level;
  std::vector<std::uint64_t> combination;
};

LayerState source_layer(int sources) {
  const auto n = static_cast<std::size_t>(sources);
  LayerState layer{std::vector<std::uint64_t>(n), std::vector<int>(n, 0), std::vector<std::uint64_t>(n * n)};
  for (std::size_t s = 0; s < n; ++s) {
    layer.reached[s] = 1ull << s;
    layer.combination[s * n + s] = 1;
  }
  return layer;
}

/// Adds a predecessor to a unit with a random weight.
void read_unit(LayerState& layer, std::size_t unit, const LayerState& below, std::size_t source, int step,
               std::size_t sources, RandomStream& random) {
  if (below.reached[source] == 0) return;
  layer.reached[unit] |= below.reached[source];
  layer.level[unit] = std::max(layer.level[unit], below.level[source] + step);
  const std::uint64_t weight = 1 + random.bits() % (field_prime - 1);
  for (std::size_t s = 0; s < sources; ++s)
    layer.combination[unit * sources + s] =
        (layer.combination[unit * sources + s] + weight * below.combination[source * sources + s]) %
        field_prime;
}

std::uint64_t inverse_in_field(std::uint64_t a) {  // a^(p - 2), Fermat
  std::uint64_t result = 1;
  for (std::uint64_t e = field_prime - 2; e > 0; e >>= 1, a = a * a % field_prime)
    if (e & 1) result = result * a % field_prime;
  return result;
}

/// The rank of a (rows, columns) matrix over the field, by elimination; at most `columns`.
int rank_in_field(std::vector<std::uint64_t> matrix, std::size_t columns) {
  const std::size_t rows = matrix.size() / columns;
  std::size_t rank = 0;
  for (std::size_t c = 0; c < columns && rank < rows; ++c) {
    std::size_t pivot = rank;
    while (pivot < rows && matrix[pivot * columns + c] == 0) ++pivot;
    if (pivot == rows) continue;
    for (std::size_t k = 0; k < columns; ++k)
      std::swap(matrix[pivot * columns + k], matrix[rank * columns + k]);
    const std::uint64_t inverse = inverse_in_field(matrix[rank * columns + c]);
    for (std::size_t r = rank + 1; r < rows; ++r) {
      const std::uint64_t factor = matrix[r * columns + c] * inverse % field_prime;
      if (factor == 0) continue;
      for (std::size_t k = c; k < columns; ++k)
        matrix[r * columns + k] =
            (matrix[r * columns + k] + (field_prime - factor) * matrix[rank * columns + k]) % field_prime;
    }
    ++rank;
  }
  return static_cast<int>(rank);
}

/// The units that a computing unit reads, each with probability q: gaps between them are geometric.
template <class Read>
void for_each_read(std::size_t below, double q, RandomStream& random, const Read& read) {
  if (q >= 1) {
    for (std::size_t source = 0; source < below; ++source) read(source);
    return;
  }
  if (q <= 0) return;
  const double scale = 1 / std::log1p(-q);
  double position = std::floor(std::log1p(-random.uniform()) * scale);
  while (position < static_cast<double>(below)) {
    read(static_cast<std::size_t>(position));
    position += 1 + std::floor(std::log1p(-random.uniform()) * scale);
  }
}

DrawnWiring judge_top(const LayerState& top, int level, std::size_t sources) {
  std::uint64_t pure = 0, spanned = 0;
  for (std::size_t unit = 0; unit < top.reached.size(); ++unit) {
    if (top.reached[unit] == 0 || top.level[unit] < level) continue;
    spanned |= top.reached[unit];
    if (std::has_single_bit(top.reached[unit])) pure |= top.reached[unit];
  }
  const std::uint64_t all = sources == 64 ? ~0ull : (1ull << sources) - 1;
  DrawnWiring drawn;
  drawn.disjoint_paths = rank_in_field(top.combination, sources);
  drawn.compositional = pure == all;
  drawn.spanning = spanned == all && drawn.disjoint_paths == static_cast<int>(sources);
  return drawn;
}

}  // namespace

void RandomWiring::validate() const {
  const auto refuse = [](const std::string& what) { throw ConfigError("wiring volume: " + what); };
  if (sources < 1 || sources > 64) refuse(std::to_string(sources) + " primitives; allowed: 1 to 64");
  if (width < sources)
    refuse("layers of " + std::to_string(width) + " units cannot keep " + std::to_string(sources) +
           " primitives apart; the width must be at least their number");
  if (width > 4096) refuse("width " + std::to_string(width) + "; allowed: up to 4096");
  if (depth < 1 || depth > 256) refuse("depth " + std::to_string(depth) + "; allowed: 1 to 256");
  if (!(fan_in > 0)) refuse("a fan-in of " + std::to_string(fan_in) + "; it must be greater than 0");
  if (density && !(*density > 0 && *density <= 1))
    refuse("a density of " + std::to_string(*density) + "; allowed: above 0, up to 1");
  if (!(copies >= 0 && copies <= 1))
    refuse("a share of copies of " + std::to_string(copies) + "; allowed: 0 to 1");
}

double RandomWiring::read_probability(int layer) const {
  const double below = layer == 0 ? sources : width;
  if (!density) return std::min(1.0, fan_in / below);
  return layer == 0 && dense_first ? std::min(1.0, *density * width / below) : *density;
}

DrawnWiring draw_wiring(const RandomWiring& wiring, int level, std::uint64_t seed, std::uint64_t index,
                        std::vector<LayerArrow>* arrows) {
  const auto sources = static_cast<std::size_t>(wiring.sources),
             width = static_cast<std::size_t>(wiring.width);
  RandomStream random(seed, "wiring volume", index);
  LayerState below = source_layer(wiring.sources), layer;
  for (int l = 0; l < wiring.depth; ++l) {
    layer.reached.assign(width, 0);
    layer.level.assign(width, 0);
    layer.combination.assign(width * sources, 0);
    const double q = wiring.read_probability(l);
    for (std::size_t unit = 0; unit < width; ++unit) {
      const bool copy = random.chance(wiring.copies);
      const auto read = [&](std::size_t source) {
        read_unit(layer, unit, below, source, copy ? 0 : 1, sources, random);
        if (arrows) arrows->push_back({l, static_cast<int>(source), static_cast<int>(unit), copy});
      };
      if (copy) read(random.below(static_cast<std::uint32_t>(below.reached.size())));
      else for_each_read(below.reached.size(), q, random, read);
    }
    std::swap(below, layer);
  }
  return judge_top(below, level, sources);
}

std::optional<WiringVolume> sample_volume(const RandomWiring& wiring, int level, std::uint64_t samples,
                                          std::uint64_t seed, const ProgressListener& listener, double z) {
  wiring.validate();
  if (samples < 1) throw ConfigError("wiring volume: 0 samples; at least 1");
  if (level < 0) throw ConfigError("wiring volume: level " + std::to_string(level) + "; at least 0");
  struct Counts {
    std::uint64_t compositional = 0, spanning = 0;
  };
  Counts all;
  constexpr std::uint64_t samples_a_round = 64 * samples_a_task;
  for (std::uint64_t start = 0; start < samples; start += samples_a_round) {
    const std::uint64_t end = std::min(samples, start + samples_a_round);
    std::vector<Counts> counts((end - start + samples_a_task - 1) / samples_a_task);
    parallel_for(counts.size(), [&](std::size_t task) {
      const std::uint64_t first = start + task * samples_a_task;
      for (std::uint64_t i = first; i < std::min(end, first + samples_a_task); ++i) {
        const DrawnWiring drawn = draw_wiring(wiring, level, seed, i);
        counts[task].compositional += drawn.compositional ? 1 : 0;
        counts[task].spanning += drawn.spanning ? 1 : 0;
      }
    });
    for (const Counts& one : counts) all.compositional += one.compositional, all.spanning += one.spanning;
    if (listener &&
        !listener({"wirings", static_cast<std::int64_t>(end), static_cast<std::int64_t>(samples), {}}))
      return std::nullopt;
  }
  WiringVolume volume{
      wilson_share(all.compositional, samples, z), wilson_share(all.spanning, samples, z), {}, samples};
  if (all.spanning > 0) volume.ratio = wilson_share(all.compositional, all.spanning, z);
  return volume;
}

}  // namespace skein::experiments
