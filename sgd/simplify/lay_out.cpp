#include <algorithm>
#include <utility>

#include "sgd/simplify/direct_wiring.hpp"
#include "sgd/simplify/interpolative.hpp"

namespace skein::sgd {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using Places = std::vector<Index>;

namespace {

/// What a level carries past its units: `mixes` (carriers x `values`) of the values from below that are read
/// above, of which those at `pivots` stand for themselves, and the columns that the carriers have.
struct Carried {
  Places values, pivots, columns;
  MatrixXd mixes;
};

Carried carried_at(const DirectWiring& wiring, std::size_t level, const Places& columns,
                   const DirectMaps& maps) {
  Carried carried;
  Places readers;
  for (Index r = 0; r < wiring.weights.rows(); ++r)
    if (wiring.level_of_reader(r) > level) readers.push_back(r);
  for (Index v = 0; v < wiring.values() && wiring.level_of_value(v) < level; ++v)
    if (!wiring.weights(readers, v).isZero(0)) carried.values.push_back(v);
  const auto count = std::ssize(carried.values);
  if (count <= std::ssize(columns)) {
    carried.pivots = carried.values;
    carried.mixes = MatrixXd::Identity(count, count);
    return carried;
  }
  const VectorXd scale = root_mean_squares(maps.sums)(readers).cwiseMax(1e-12).cwiseInverse();
  const Interpolative basis =
      interpolate(scale.asDiagonal() * wiring.weights(readers, carried.values),
                  root_mean_squares(maps.values)(carried.values), std::ssize(columns));
  for (const Index pivot : basis.pivots)
    carried.pivots.push_back(carried.values[static_cast<std::size_t>(pivot)]);
  carried.mixes = basis.factor;
  return carried;
}

/// Columns of a level that can carry: caches, and identity units that compute nothing.
Places free_columns(const DirectWiring& wiring, std::size_t level) {
  const auto& layer = wiring.hidden[level - 1];
  Places columns, idle;
  for (Index c = 0; c < std::ssize(layer); ++c)
    if (layer[static_cast<std::size_t>(c)].kind.cache) columns.push_back(c);
  for (Index u = 0; u < std::ssize(wiring.units); ++u)
    if (wiring.units[static_cast<std::size_t>(u)].level == level &&
        wiring.activation(u) == Activation::identity && wiring.weights.row(u).isZero(0) &&
        wiring.weights.col(wiring.inputs() + u).isZero(0))
      idle.push_back(wiring.units[static_cast<std::size_t>(u)].column);
  columns.insert(columns.end(), idle.begin(), idle.end());
  return columns;
}

/// A copy stays in the column that its value had below; others take what is free, sums from behind, where the
/// identity units are.
void choose_columns(Carried& carried, const Carried& below, Places free) {
  carried.columns.assign(carried.pivots.size(), -1);
  const auto take = [&](std::size_t carrier, Places::iterator column) {
    carried.columns[carrier] = *column;
    free.erase(column);
  };
  const auto is_copy = [&](std::size_t c) {
    return (carried.mixes.row(static_cast<Index>(c)).array() != 0).count() == 1;
  };
  for (std::size_t c = 0; c < carried.pivots.size(); ++c)
    for (std::size_t b = 0; b < below.pivots.size() && is_copy(c) && carried.columns[c] < 0; ++b)
      if (below.pivots[b] == carried.pivots[c])
        if (const auto same = std::ranges::find(free, below.columns[b]); same != free.end()) take(c, same);
  for (std::size_t c = 0; c < carried.pivots.size(); ++c)
    if (carried.columns[c] < 0) take(c, is_copy(c) ? free.begin() : free.end() - 1);
}

}  // namespace

MatrixMlp lay_out(const DirectWiring& wiring, const DirectMaps& maps) {
  MatrixMlp mlp{wiring.signature, {}, wiring.hidden, {}, {}, {}};
  Carried below;
  Index columns_below = wiring.inputs();
  for (std::size_t level = 1; level <= wiring.depth() + 1; ++level) {
    const bool last = level == wiring.depth() + 1;
    const Index rows = last ? wiring.outputs() : std::ssize(wiring.hidden[level - 1]);
    MatrixXd weights = MatrixXd::Zero(rows, columns_below);
    // What a row over all values is over the columns of the level below.
    const auto write = [&](Index row, const Eigen::RowVectorXd& over_values) {
      for (Index v = 0; v < wiring.values(); ++v)
        if (over_values(v) != 0 && wiring.level_of_value(v) == level - 1)
          weights(row, v < wiring.inputs()
                           ? v
                           : wiring.units[static_cast<std::size_t>(v - wiring.inputs())].column) +=
              over_values(v);
      for (std::size_t c = 0; c < below.pivots.size(); ++c)
        weights(row, below.columns[c]) += over_values(below.pivots[c]);
    };
    const auto [first, end] = wiring.readers_at(level);
    for (Index r = first; r < end; ++r)
      write(last ? r - first : wiring.units[static_cast<std::size_t>(r)].column, wiring.weights.row(r));
    Carried here;
    if (!last) {
      const Places free = free_columns(wiring, level);
      here = carried_at(wiring, level, free, maps);
      choose_columns(here, below, free);
      for (std::size_t c = 0; c < here.pivots.size(); ++c) {
        Eigen::RowVectorXd mix = Eigen::RowVectorXd::Zero(wiring.values());
        mix(here.values) = here.mixes.row(static_cast<Index>(c));
        write(here.columns[c], mix);
        mlp.hidden[level - 1][static_cast<std::size_t>(here.columns[c])].origin.reset();
      }
    }
    mlp.masks.emplace_back((weights.array() != 0).cast<std::uint8_t>());
    mlp.copies.emplace_back(MatrixMlp::Mask::Zero(weights.rows(), weights.cols()));
    mlp.weights.push_back(std::move(weights));
    columns_below = rows;
    below = std::move(here);
  }
  return mlp;
}

}  // namespace skein::sgd
