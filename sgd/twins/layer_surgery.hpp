#pragma once

#include <cstddef>
#include <span>

#include "sgd/mlp/matrix_mlp.hpp"

namespace skein::sgd {

/// Steps of rebuilding a layered MLP in place. Layers count from 0; the matrix of layer l leads into it.

/// Sets a weight, which exists from then on.
void set_weight(MatrixMlp& mlp, std::size_t layer, Eigen::Index unit, Eigen::Index source, double value);

/// A new last unit of a hidden layer, without weights; returns its number.
Eigen::Index append_unit(MatrixMlp& mlp, std::size_t layer, UnitKind kind);

/// The units of a hidden layer in the order given, each at most once; units not named go.
void reorder(MatrixMlp& mlp, std::size_t layer, std::span<const Eigen::Index> order);

/// The MLP without columns that have no weights at all and no origin.
MatrixMlp without_empty_columns(MatrixMlp mlp);

}  // namespace skein::sgd
