#include "bridge/layer_surgery.hpp"

#include <algorithm>

#include "sgd/matrices.hpp"

namespace skein::bridge {

void OpenMatrix::set(int row, int column, double value) {
  weight[at(row, column)] = value;
  exists[at(row, column)] = 1;
}

void OpenMatrix::add_row() {
  ++rows;
  const auto size = static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
  weight.resize(size, 0.0);
  exists.resize(size, 0);
  copy.resize(size, 0);
}

void OpenMatrix::add_column() {
  OpenMatrix wider{rows, columns + 1, {}, {}, {}};
  const auto size = static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns + 1);
  wider.weight.resize(size, 0.0);
  wider.exists.resize(size, 0);
  wider.copy.resize(size, 0);
  for (int r = 0; r < rows; ++r)
    for (int c = 0; c < columns; ++c) {
      wider.weight[wider.at(r, c)] = weight[at(r, c)];
      wider.exists[wider.at(r, c)] = exists[at(r, c)];
      wider.copy[wider.at(r, c)] = copy[at(r, c)];
    }
  *this = std::move(wider);
}

int OpenMlp::append_unit(int layer, const sgd::MlpUnit& unit) {
  hidden[static_cast<std::size_t>(layer)].push_back(unit);
  into(layer).add_row();
  out_of(layer).add_column();
  return units(layer) - 1;
}

void OpenMlp::reorder(int layer, std::span<const int> order) {
  const auto l = static_cast<std::size_t>(layer);
  const OpenMatrix below = matrices[l], above = matrices[l + 1];
  const auto units_before = hidden[l];
  const auto count = static_cast<int>(order.size());
  OpenMatrix in{count, below.columns, {}, {}, {}}, out{above.rows, count, {}, {}, {}};
  for (OpenMatrix* matrix : {&in, &out}) {
    const auto size = static_cast<std::size_t>(matrix->rows) * static_cast<std::size_t>(matrix->columns);
    matrix->weight.resize(size);
    matrix->exists.resize(size);
    matrix->copy.resize(size);
  }
  hidden[l].clear();
  const auto move = [](OpenMatrix& to, std::size_t there, const OpenMatrix& from, std::size_t here) {
    to.weight[there] = from.weight[here];
    to.exists[there] = from.exists[here];
    to.copy[there] = from.copy[here];
  };
  for (int u = 0; u < count; ++u) {
    const int old = order[static_cast<std::size_t>(u)];
    hidden[l].push_back(units_before[static_cast<std::size_t>(old)]);
    for (int c = 0; c < in.columns; ++c) move(in, in.at(u, c), below, below.at(old, c));
    for (int r = 0; r < out.rows; ++r) move(out, out.at(r, u), above, above.at(r, old));
  }
  matrices[l] = std::move(in);
  matrices[l + 1] = std::move(out);
}

OpenMlp open(const sgd::Mlp& mlp) {
  sgd::validate(mlp);
  OpenMlp result{mlp.wiring.signature, mlp.wiring.inputs, mlp.wiring.hidden, {}};
  const sgd::Matrices weights = sgd::matrices_of(mlp.wiring, mlp.weights);
  for (std::size_t l = 0; l < weights.size(); ++l) {
    const MatrixShape shape = mlp.wiring.shape(static_cast<int>(l));
    result.matrices.push_back({shape.rows,
                               shape.columns,
                               {weights[l].begin(), weights[l].end()},
                               mlp.wiring.masks[l],
                               mlp.wiring.copies[l]});
  }
  return result;
}

sgd::Mlp close(const OpenMlp& open) {
  sgd::Mlp mlp;
  mlp.wiring.signature = open.signature;
  mlp.wiring.inputs = open.inputs;
  mlp.wiring.hidden = open.hidden;
  for (const OpenMatrix& matrix : open.matrices) {
    mlp.wiring.masks.push_back(matrix.exists);
    mlp.wiring.copies.push_back(matrix.copy);
    for (std::size_t i = 0; i < matrix.weight.size(); ++i)
      if (matrix.exists[i] != 0) mlp.weights.push_back(static_cast<float>(matrix.weight[i]));
  }
  sgd::validate(mlp);
  return mlp;
}

sgd::Mlp without_empty_columns(const sgd::Mlp& mlp) {
  OpenMlp result = open(mlp);
  for (int layer = 0; layer < result.depth(); ++layer) {
    const OpenMatrix& in = result.into(layer);
    const OpenMatrix& out = result.out_of(layer);
    std::vector<int> kept;
    for (int u = 0; u < result.units(layer); ++u) {
      bool used = result.unit(layer, u).origin.has_value();
      for (int c = 0; c < in.columns && !used; ++c) used = in.exists[in.at(u, c)] != 0;
      for (int r = 0; r < out.rows && !used; ++r) used = out.exists[out.at(r, u)] != 0;
      if (used) kept.push_back(u);
    }
    result.reorder(layer, kept);
  }
  return close(result);
}

}  // namespace skein::bridge
