#include "sgd/twins/layer_surgery.hpp"

#include <vector>

namespace skein::sgd {

using Eigen::Index;

void set_weight(MatrixMlp& mlp, std::size_t layer, Index unit, Index source, double value) {
  mlp.weights[layer](unit, source) = value;
  mlp.masks[layer](unit, source) = 1;
}

Index append_unit(MatrixMlp& mlp, std::size_t layer, UnitKind kind) {
  const auto grow = [&](auto& matrices) {
    matrices[layer].conservativeResizeLike(
        std::decay_t<decltype(matrices[0])>::Zero(matrices[layer].rows() + 1, matrices[layer].cols()));
    matrices[layer + 1].conservativeResizeLike(std::decay_t<decltype(matrices[0])>::Zero(
        matrices[layer + 1].rows(), matrices[layer + 1].cols() + 1));
  };
  grow(mlp.weights);
  grow(mlp.masks);
  grow(mlp.copies);
  mlp.hidden[layer].push_back({kind, std::nullopt});
  return std::ssize(mlp.hidden[layer]) - 1;
}

void reorder(MatrixMlp& mlp, std::size_t layer, std::span<const Index> order) {
  const auto move = [&](auto& matrices) {
    matrices[layer] = matrices[layer](order, Eigen::all).eval();
    matrices[layer + 1] = matrices[layer + 1](Eigen::all, order).eval();
  };
  move(mlp.weights);
  move(mlp.masks);
  move(mlp.copies);
  const auto before = mlp.hidden[layer];
  mlp.hidden[layer].clear();
  for (const Index unit : order) mlp.hidden[layer].push_back(before[static_cast<std::size_t>(unit)]);
}

MatrixMlp without_empty_columns(MatrixMlp mlp) {
  for (std::size_t layer = 0; layer < mlp.depth(); ++layer) {
    std::vector<Index> kept;
    for (Index u = 0; u < std::ssize(mlp.hidden[layer]); ++u)
      if (mlp.hidden[layer][static_cast<std::size_t>(u)].origin || !mlp.masks[layer].row(u).isZero() ||
          !mlp.masks[layer + 1].col(u).isZero())
        kept.push_back(u);
    reorder(mlp, layer, kept);
  }
  return mlp;
}

}  // namespace skein::sgd
