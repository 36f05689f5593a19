#include "sgd/mlp/mlp.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <map>

#include "lib/base/error.hpp"
#include "sgd/mlp/wiring_graph.hpp"

namespace skein::sgd {

namespace {

[[noreturn]] void refuse(const std::string& what) { throw ConfigError("wiring: " + what); }

}  // namespace

MatrixShape Wiring::shape(int layer) const {
  const auto units = [&](int l) {
    return static_cast<std::int32_t>(l < 0          ? signature.inputs.size()
                                     : l == depth() ? signature.outputs.size()
                                                    : hidden[static_cast<std::size_t>(l)].size());
  };
  return {units(layer), units(layer - 1)};
}

int Wiring::weight_count() const {
  std::int64_t count = 0;
  for (const auto& mask : masks) count += std::ranges::count_if(mask, [](std::uint8_t m) { return m != 0; });
  return static_cast<int>(count);
}

void validate(const Wiring& wiring) {
  const auto matrices = wiring.hidden.size() + 1;
  if (wiring.depth() > deepest_mlp)
    refuse(std::to_string(wiring.depth()) + " layers, at most " + std::to_string(deepest_mlp));
  if (wiring.signature.inputs.empty() || wiring.signature.outputs.empty()) refuse("no inputs or no outputs");
  if (!wiring.inputs.empty() && wiring.inputs.size() != wiring.signature.inputs.size())
    refuse(std::to_string(wiring.inputs.size()) + " origins for " +
           std::to_string(wiring.signature.inputs.size()) + " inputs");
  if (wiring.masks.size() != matrices || wiring.copies.size() != matrices)
    refuse(std::to_string(wiring.masks.size()) + " masks and " + std::to_string(wiring.copies.size()) +
           " copy masks, needed are " + std::to_string(matrices));
  std::int64_t total = 0;
  for (int layer = 0; layer <= wiring.depth(); ++layer) {
    const auto l = static_cast<std::size_t>(layer);
    const MatrixShape shape = wiring.shape(layer);
    if (shape.rows > widest_mlp || shape.columns > widest_mlp)
      refuse("layer " + std::to_string(layer + 1) + " is wider than " + std::to_string(widest_mlp));
    const std::int64_t size = static_cast<std::int64_t>(shape.rows) * shape.columns;
    total += size;
    if (std::ssize(wiring.masks[l]) != size || std::ssize(wiring.copies[l]) != size)
      refuse("the masks of layer " + std::to_string(layer + 1) + " do not have the size of its matrix, " +
             std::to_string(shape.rows) + " x " + std::to_string(shape.columns));
    for (std::size_t i = 0; i < wiring.masks[l].size(); ++i)
      if (wiring.masks[l][i] > 1 || wiring.copies[l][i] > wiring.masks[l][i])
        refuse("layer " + std::to_string(layer + 1) +
               " has a mask that is not 0 or 1, or a copy that does not exist");
  }
  if (total > largest_mlp)
    refuse(std::to_string(total) + " places for weights, at most " + std::to_string(largest_mlp));
}

void validate(const Mlp& mlp) {
  validate(mlp.wiring);
  const auto count = static_cast<std::size_t>(mlp.wiring.weight_count());
  const auto fits = [&](const Weights& weights) { return weights.empty() || weights.size() == count; };
  if (mlp.weights.size() != count || !fits(mlp.initial) || !fits(mlp.rewind))
    throw ConfigError("mlp: " + std::to_string(mlp.weights.size()) + " weights, " +
                      std::to_string(mlp.initial.size()) + " initial and " +
                      std::to_string(mlp.rewind.size()) + " to rewind to, the wiring has " +
                      std::to_string(count));
}

Wiring dense_wiring(const Architecture& architecture, const Signature& signature) {
  const std::int64_t width = architecture.width();
  if (architecture.depth * width * width > largest_mlp)
    throw ConfigError("architecture \"" + architecture.text() + "\" has more than " +
                      std::to_string(largest_mlp) + " weights");
  Wiring wiring;
  wiring.signature = signature;
  std::vector<MlpUnit> layer;
  for (const UnitKind kind : architecture.kinds()) layer.push_back({kind, std::nullopt});
  wiring.hidden.assign(static_cast<std::size_t>(architecture.depth), layer);
  for (int l = 0; l <= wiring.depth(); ++l) {
    const MatrixShape shape = wiring.shape(l);
    const auto size = static_cast<std::size_t>(shape.rows) * static_cast<std::size_t>(shape.columns);
    wiring.masks.emplace_back(size, std::uint8_t{1});
    wiring.copies.emplace_back(size, std::uint8_t{0});
  }
  validate(wiring);
  return wiring;
}

Architecture architecture_of(const Wiring& wiring) {
  std::map<std::string_view, std::pair<UnitKind, int>> fullest;
  for (const auto& layer : wiring.hidden) {
    std::map<std::string_view, int> here;
    for (const MlpUnit& unit : layer) {
      auto& [kind, most] = fullest[name(unit.kind)];
      kind = unit.kind;
      most = std::max(most, ++here[name(unit.kind)]);
    }
  }
  Architecture result{wiring.depth(), {}};
  for (const auto& [key, column] : fullest) result.columns.push_back(column);
  return result;
}

namespace {

/// Where a value comes in sums: (layer that computes it, branch, id, column). Values of no known node come
/// last.
using SumRank = std::array<std::int64_t, 4>;

/// ranks[0] for the inputs, ranks[l] for hidden layer l: the order in which a genome's own network adds up
/// the same values (by layer, then marking; inputs first), so that layering hardly changes a
/// rounding (see `lower`).
std::vector<std::vector<SumRank>> sum_ranks(const Wiring& wiring) {
  constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();
  std::map<std::pair<std::int32_t, std::int32_t>, SumRank> rank_of_node;
  const auto inputs = static_cast<std::int64_t>(wiring.signature.inputs.size());
  for (std::size_t i = 0; i < wiring.inputs.size(); ++i)
    rank_of_node[{wiring.inputs[i].branch, wiring.inputs[i].id}] = {0, 0, static_cast<std::int64_t>(i), 0};
  for (std::size_t l = 0; l < wiring.hidden.size(); ++l)
    for (const MlpUnit& unit : wiring.hidden[l])
      if (unit.origin && !unit.origin->copy)
        rank_of_node.try_emplace(
            {unit.origin->branch, unit.origin->id},
            SumRank{static_cast<std::int64_t>(l) + 1, unit.origin->branch, unit.origin->id, 0});
  std::vector<std::vector<SumRank>> ranks(1);
  for (std::int64_t i = 0; i < inputs; ++i) ranks[0].push_back({0, 0, i, 0});
  for (const auto& layer : wiring.hidden) {
    auto& here = ranks.emplace_back();
    for (const MlpUnit& unit : layer) {
      SumRank rank{never, 0, 0, 0};
      if (unit.origin)
        if (const auto found = rank_of_node.find({unit.origin->branch, unit.origin->id});
            found != rank_of_node.end())
          rank = found->second;
      rank[3] = static_cast<std::int64_t>(here.size());
      here.push_back(rank);
    }
  }
  return ranks;
}

}  // namespace

Lowered lower(const Wiring& wiring) {
  validate(wiring);
  const auto ranks = sum_ranks(wiring);
  Lowered result;
  NetworkBuilder builder(wiring.signature);
  ValueIndex below = 0;                                                 // first value of the layer below
  auto next = static_cast<ValueIndex>(wiring.signature.inputs.size());  // first value of this layer
  Slot slot = 0;
  std::vector<Edge> edges;
  for (int layer = 0; layer <= wiring.depth(); ++layer) {
    const auto l = static_cast<std::size_t>(layer);
    const MatrixShape shape = wiring.shape(layer);
    result.layout.layers.push_back(shape);
    for (std::int32_t row = 0; row < shape.rows; ++row) {
      edges.clear();
      for (std::int32_t column = 0; column < shape.columns; ++column) {
        if (wiring.masks[l][static_cast<std::size_t>(row) * static_cast<std::size_t>(shape.columns) +
                            static_cast<std::size_t>(column)] == 0)
          continue;
        edges.push_back({below + static_cast<ValueIndex>(column), slot++});
        result.layout.places.push_back({layer, row, column});
      }
      std::ranges::sort(edges, {}, [&](const Edge& edge) { return ranks[l][edge.source - below]; });
      const Activation activation = layer == wiring.depth()
                                        ? Activation::identity
                                        : wiring.hidden[l][static_cast<std::size_t>(row)].kind.activation;
      builder.add_unit({activation, layer + 1}, edges);
    }
    below = next;
    next += static_cast<ValueIndex>(shape.rows);
  }
  std::vector<ValueIndex> outputs;
  for (ValueIndex value = below; value < next; ++value) outputs.push_back(value);
  result.network = std::move(builder).finish(std::move(outputs), static_cast<int>(slot));
  return result;
}

std::vector<std::uint8_t> trainable_without_copies(const Wiring& wiring) {
  std::vector<std::uint8_t> result;
  for (std::size_t l = 0; l < wiring.masks.size(); ++l)
    for (std::size_t i = 0; i < wiring.masks[l].size(); ++i)
      if (wiring.masks[l][i] != 0) result.push_back(wiring.copies[l][i] != 0 ? 0 : 1);
  return result;
}

Mlp restrict_to(const Mlp& mlp, const std::vector<std::uint8_t>& keep) {
  validate(mlp);
  if (keep.size() != mlp.weights.size())
    throw ConfigError("mlp: " + std::to_string(keep.size()) + " keep flags for " +
                      std::to_string(mlp.weights.size()) + " weights");
  Mlp result = mlp;
  std::size_t slot = 0;
  for (std::size_t l = 0; l < result.wiring.masks.size(); ++l)
    for (std::size_t i = 0; i < result.wiring.masks[l].size(); ++i)
      if (mlp.wiring.masks[l][i] != 0 && keep[slot++] == 0)
        result.wiring.masks[l][i] = result.wiring.copies[l][i] = 0;
  const auto before = reaching_outputs(mlp.wiring), after = reaching_outputs(result.wiring);
  std::size_t value = mlp.wiring.signature.inputs.size();
  for (auto& layer : result.wiring.hidden)
    for (MlpUnit& unit : layer) {
      if (before[value] != 0 && after[value] == 0) unit.origin.reset();
      ++value;
    }
  const auto kept = [&](const Weights& weights) {
    Weights chosen;
    for (std::size_t s = 0; s < weights.size(); ++s)
      if (keep[s] != 0) chosen.push_back(weights[s]);
    return chosen;
  };
  result.weights = kept(mlp.weights);
  result.initial = kept(mlp.initial);
  result.rewind = kept(mlp.rewind);
  return result;
}

}  // namespace skein::sgd
