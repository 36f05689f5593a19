#include "sgd/mlp/matrices.hpp"

#include <algorithm>

#include "lib/base/error.hpp"

namespace skein::sgd {

Matrices matrices_of(const Wiring& wiring, std::span<const float> weights) {
  if (std::ssize(weights) != wiring.weight_count())
    throw ConfigError("mlp: " + std::to_string(weights.size()) + " weights for a wiring of " +
                      std::to_string(wiring.weight_count()));
  Matrices matrices;
  std::size_t slot = 0;
  for (const auto& mask : wiring.masks) {
    auto& matrix = matrices.emplace_back(mask.size(), 0.0f);
    for (std::size_t i = 0; i < mask.size(); ++i)
      if (mask[i] != 0) matrix[i] = weights[slot++];
  }
  return matrices;
}

Weights weights_of(const Wiring& wiring, const Matrices& matrices) {
  if (matrices.size() != wiring.masks.size()) throw ConfigError("mlp: one matrix per layer is needed");
  Weights weights;
  for (std::size_t l = 0; l < matrices.size(); ++l) {
    if (matrices[l].size() != wiring.masks[l].size())
      throw ConfigError("mlp: the matrix of layer " + std::to_string(l + 1) + " has " +
                        std::to_string(matrices[l].size()) + " entries, its mask " +
                        std::to_string(wiring.masks[l].size()));
    for (std::size_t i = 0; i < matrices[l].size(); ++i)
      if (wiring.masks[l][i] != 0) weights.push_back(matrices[l][i]);
  }
  return weights;
}

namespace {

/// The column in `kinds` of each unit of a layer.
std::vector<std::size_t> columns_of(const std::vector<MlpUnit>& layer, const std::vector<UnitKind>& kinds) {
  std::vector<std::size_t> columns;
  std::vector<bool> taken(kinds.size(), false);
  for (const MlpUnit& unit : layer) {
    std::size_t column = 0;
    while (column < kinds.size() && (taken[column] || kinds[column] != unit.kind)) ++column;
    if (column == kinds.size())
      throw ConfigError("mlp: a layer has more " + std::string(name(unit.kind)) +
                        " units than the architecture has columns for");
    taken[column] = true;
    columns.push_back(column);
  }
  return columns;
}

/// `from` with its rows and columns moved into a matrix of `width` columns and `size` entries.
template <class T>
std::vector<T> moved(const std::vector<T>& from, const std::vector<std::size_t>& rows,
                     const std::vector<std::size_t>& columns, std::size_t width, std::size_t size) {
  std::vector<T> to(size, T{});
  for (std::size_t r = 0; r < rows.size(); ++r)
    for (std::size_t c = 0; c < columns.size(); ++c)
      to[rows[r] * width + columns[c]] = from[r * columns.size() + c];
  return to;
}

}  // namespace

Mlp arrange(const Mlp& mlp, const Architecture& architecture) {
  validate(mlp);
  if (architecture.depth != mlp.wiring.depth())
    throw ConfigError("mlp: " + std::to_string(mlp.wiring.depth()) +
                      " layers do not fit an architecture of " + std::to_string(architecture.depth));
  const auto kinds = architecture.kinds();
  const auto identity_order = [](std::size_t count) {
    std::vector<std::size_t> order(count);
    for (std::size_t i = 0; i < count; ++i) order[i] = i;
    return order;
  };
  Mlp result;
  result.rewind_step = mlp.rewind_step;
  result.wiring = dense_wiring(architecture, mlp.wiring.signature);
  result.wiring.inputs = mlp.wiring.inputs;
  const Matrices weights = matrices_of(mlp.wiring, mlp.weights);
  const bool initial = !mlp.initial.empty(), rewind = !mlp.rewind.empty();
  const Matrices before = initial ? matrices_of(mlp.wiring, mlp.initial) : Matrices{};
  const Matrices at_rewind = rewind ? matrices_of(mlp.wiring, mlp.rewind) : Matrices{};
  Matrices new_weights, new_before, new_rewind;
  std::vector<std::size_t> columns = identity_order(mlp.wiring.signature.inputs.size());
  for (int layer = 0; layer <= mlp.wiring.depth(); ++layer) {
    const auto l = static_cast<std::size_t>(layer);
    const bool last = layer == mlp.wiring.depth();
    const auto rows =
        last ? identity_order(mlp.wiring.signature.outputs.size()) : columns_of(mlp.wiring.hidden[l], kinds);
    if (!last)
      for (std::size_t u = 0; u < rows.size(); ++u)
        result.wiring.hidden[l][rows[u]].origin = mlp.wiring.hidden[l][u].origin;
    const auto width = static_cast<std::size_t>(result.wiring.shape(layer).columns);
    const std::size_t size = result.wiring.masks[l].size();
    const auto move = [&](const auto& matrix) { return moved(matrix, rows, columns, width, size); };
    result.wiring.masks[l] = move(mlp.wiring.masks[l]);
    result.wiring.copies[l] = move(mlp.wiring.copies[l]);
    new_weights.push_back(move(weights[l]));
    if (initial) new_before.push_back(move(before[l]));
    if (rewind) new_rewind.push_back(move(at_rewind[l]));
    columns = rows;
  }
  result.weights = weights_of(result.wiring, new_weights);
  if (initial) result.initial = weights_of(result.wiring, new_before);
  if (rewind) result.rewind = weights_of(result.wiring, new_rewind);
  return result;
}

std::optional<Architecture> uniform_architecture(const Wiring& wiring) {
  if (wiring.hidden.empty()) return std::nullopt;
  Architecture result{wiring.depth(), {}};
  for (const MlpUnit& unit : wiring.hidden.front()) {
    if (result.columns.empty() || result.columns.back().first != unit.kind)
      result.columns.emplace_back(unit.kind, 0);
    ++result.columns.back().second;
  }
  for (std::size_t i = 0; i < result.columns.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (result.columns[i].first == result.columns[j].first) return std::nullopt;
  const auto kinds = result.kinds();
  for (const auto& layer : wiring.hidden)
    if (!std::ranges::equal(layer, kinds, {}, &MlpUnit::kind)) return std::nullopt;
  return result;
}

}  // namespace skein::sgd
