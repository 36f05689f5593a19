#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sgd/mlp.hpp"

namespace skein::bridge {

/// One layer's weights while a layered MLP is rebuilt, shape (rows, columns) = (out, in).
struct OpenMatrix {
  int rows = 0;
  int columns = 0;
  std::vector<double> weight;  ///< zero where none exists
  std::vector<std::uint8_t> exists;
  std::vector<std::uint8_t> copy;

  std::size_t at(int row, int column) const {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) +
           static_cast<std::size_t>(column);
  }
  void set(int row, int column, double value);
  void add_row();
  void add_column();
};

/// A layered MLP taken apart for rebuilding: units and full matrices in double precision.
struct OpenMlp {
  Signature signature;
  std::vector<sgd::UnitOrigin> inputs;
  std::vector<std::vector<sgd::MlpUnit>> hidden;
  std::vector<OpenMatrix> matrices;  ///< hidden.size() + 1

  int depth() const { return static_cast<int>(hidden.size()); }
  int units(int layer) const { return static_cast<int>(hidden[static_cast<std::size_t>(layer)].size()); }
  sgd::MlpUnit& unit(int layer, int u) {
    return hidden[static_cast<std::size_t>(layer)][static_cast<std::size_t>(u)];
  }
  /// The weights into and out of a hidden layer.
  OpenMatrix& into(int layer) { return matrices[static_cast<std::size_t>(layer)]; }
  OpenMatrix& out_of(int layer) { return matrices[static_cast<std::size_t>(layer) + 1]; }
  /// A new last column of a layer, without weights; returns its number.
  int append_unit(int layer, const sgd::MlpUnit& unit);
  /// The columns of a layer in the order given (each once).
  void reorder(int layer, std::span<const int> order);
};

OpenMlp open(const sgd::Mlp& mlp);

/// Weights rounded to single precision; no initial weights or snapshot.
sgd::Mlp close(const OpenMlp& open);

/// The MLP without columns that have no weights at all and no origin.
sgd::Mlp without_empty_columns(const sgd::Mlp& mlp);

}  // namespace skein::bridge
