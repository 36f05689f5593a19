#include "experiments/parts/role_swap.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"
#include "lib/base/random.hpp"
#include "lib/picture/colour.hpp"

namespace skein::experiments {
namespace {

constexpr ValueIndex place_inputs = 3;  // x, y and d come first
constexpr ValueIndex plain_inputs = 4;

/// The same network that reads x, y and d twice; edges of the piece read the second ones.
Network with_own_coordinates(const Pieced& net) {
  Signature signature = net.network.signature();
  if (signature != picture_signature())
    throw ConfigError("moving a piece needs a network that draws pictures");
  if (net.piece.size() != static_cast<std::size_t>(net.network.slot_count()))
    throw ConfigError("a piece of " + std::to_string(net.piece.size()) + " weights for a network of " +
                      std::to_string(net.network.slot_count()));
  for (const char* name : {"own x", "own y", "own d"}) signature.inputs.emplace_back(name);
  const auto moved = [](ValueIndex value) { return value < plain_inputs ? value : value + place_inputs; };
  NetworkBuilder builder(signature);
  for (int u = 0; u < net.network.unit_count(); ++u) {
    std::vector<Edge> edges;
    for (const Edge& edge : net.network.edges_of(u)) {
      const bool own = edge.source < place_inputs && net.piece[edge.slot];
      edges.push_back({own ? edge.source + plain_inputs : moved(edge.source), edge.slot});
    }
    builder.add_unit(net.network.units()[static_cast<std::size_t>(u)], edges);
  }
  std::vector<ValueIndex> outputs;
  for (const ValueIndex output : net.network.outputs()) outputs.push_back(moved(output));
  return std::move(builder).finish(std::move(outputs), net.network.slot_count());
}

SampleTable coordinates(double dx, double dy, int size) {
  const Grid grid{size, size};
  SampleTable table{7, grid.pixels(), std::vector<float>(7 * grid.pixels())};
  for (std::size_t p = 0; p < table.count; ++p) {
    const double x = grid.x(static_cast<int>(p) % size), y = grid.y(static_cast<int>(p) / size);
    const auto away = [](double a, double b) { return distance_scale * std::sqrt(a * a + b * b); };
    const std::array<double, 7> row{x, y, away(x, y), 1, x - dx, y - dy, away(x - dx, y - dy)};
    for (std::size_t i = 0; i < row.size(); ++i)
      table.values[i * table.count + p] = static_cast<float>(row[i]);
  }
  return table;
}

/// Sums over the pixels at which the wanted picture differs from what stands still, and over the others.
RoleSwap compared(const Picture& drawn, const Picture& still, const Picture& wanted,
                  const Picture& standing) {
  constexpr double visible = 0.02;  // of a channel
  double error = 0, of_standing = 0, inside = 0, elsewhere = 0;
  std::size_t own = 0, others = 0;
  const std::size_t pixels = wanted.pixels();
  for (std::size_t p = 0; p < pixels; ++p) {
    double most = 0, wanted_change = 0, change = 0, wrong = 0, right = 0;
    for (int c = 0; c < 3; ++c) {
      const double w = static_cast<double>(wanted.channel(c)[p]),
                   s = static_cast<double>(standing.channel(c)[p]);
      const double d = static_cast<double>(drawn.channel(c)[p]), b = static_cast<double>(still.channel(c)[p]);
      most = std::max(most, std::abs(w - s));
      wanted_change += std::abs(w - s), change += std::abs(d - b);
      wrong += (d - w) * (d - w), right += (s - w) * (s - w);
    }
    if (most > visible) error += wrong, of_standing += right, inside += wanted_change, ++own;
    else elsewhere += change, ++others;
  }
  if (own == 0) return {std::nan(""), std::nan("")};
  const double wanted_per_pixel = inside / static_cast<double>(own);
  return {std::clamp(1 - error / of_standing, 0.0, 1.0),
          others == 0 ? 0 : elsewhere / static_cast<double>(others) / wanted_per_pixel};
}

}  // namespace

Picture with_piece_moved(const Pieced& net, double dx, double dy, int size) {
  const Network own = with_own_coordinates(net);
  const SampleTable table = coordinates(dx, dy, size);
  std::vector<float> raw(3 * table.count);
  evaluate(Plan(own, {.one_shot = true}), net.weights, table, raw);
  Picture picture(size, size);
  for (std::size_t p = 0; p < table.count; ++p) {
    const auto rgb = hsv_to_rgb(raw[p], raw[table.count + p], raw[2 * table.count + p]);
    for (std::size_t c = 0; c < 3; ++c) picture.channel(static_cast<int>(c))[p] = rgb[c];
  }
  return picture;
}

std::optional<RoleSwap> role_swap(const Pieced& net, const Pieced& genome, int size) {
  const Picture still = with_piece_moved(net, 0, 0, size), standing = with_piece_moved(genome, 0, 0, size);
  RoleSwap mean;
  int shifts = 0;
  for (const auto& [dx, dy] :
       {std::pair{role_shift, 0.0}, {-role_shift, 0.0}, {0.0, role_shift}, {0.0, -role_shift}}) {
    const RoleSwap one = compared(with_piece_moved(net, dx, dy, size), still,
                                  with_piece_moved(genome, dx, dy, size), standing);
    if (!std::isfinite(one.moved)) continue;
    mean.moved += one.moved, mean.outside += one.outside, ++shifts;
  }
  if (shifts == 0) return {};
  return RoleSwap{mean.moved / shifts, mean.outside / shifts};
}

namespace {

std::optional<RoleSwap> mean_swap(const MaskedNet& net, const std::vector<std::vector<std::uint8_t>>& pieces,
                                  const Pieced& genome) {
  RoleSwap mean;
  for (const auto& piece : pieces) {
    const auto one = role_swap({net.network, net.weights, piece}, genome, parts_size);
    if (!one) return {};
    mean.moved += one->moved / static_cast<double>(pieces.size());
    mean.outside += one->outside / static_cast<double>(pieces.size());
  }
  return mean;
}

/// As many weights as a piece has, anywhere.
std::vector<std::uint8_t> random_piece(const std::vector<std::uint8_t>& piece, RandomStream random) {
  std::vector<std::uint8_t> drawn = piece;
  random.shuffle(std::span(drawn));
  return drawn;
}

}  // namespace

std::vector<PartSwap> role_swaps(const MaskedNet& net, const Subnetworks& found, const PartsTarget& target,
                                 std::uint64_t seed) {
  if (!target.genome) return {};
  const neat::Phenotype phenotype = neat::express(*target.genome);
  std::vector<PartSwap> swaps(found.parts.size());
  parallel_for(swaps.size(), [&](std::size_t p) {
    const PartSubnetwork& part = found.parts[p];
    swaps[p].name = part.name;
    const auto known = std::ranges::find(target.parts.parts, part.name, &Part::name);
    if (known == target.parts.parts.end() || part.masks.empty() || !part.shows_alone) return;
    std::vector<std::uint8_t> own(phenotype.weights.size());
    for (std::size_t slot = 0; slot < own.size(); ++slot)
      own[slot] = std::ranges::binary_search(known->links, phenotype.link_of_slot[slot]);
    const Pieced genome{phenotype.network, phenotype.weights, own};
    std::vector<std::vector<std::uint8_t>> learned, random;
    for (std::size_t k = 0; k < part.masks.size(); ++k) {
      learned.push_back(part.masks[k].mask);
      random.push_back(random_piece(part.masks[k].mask, RandomStream(seed, "random pieces", 1000 * p + k)));
    }
    swaps[p].learned = mean_swap(net, learned, genome);
    swaps[p].random = mean_swap(net, random, genome);
  });
  return swaps;
}

}  // namespace skein::experiments
