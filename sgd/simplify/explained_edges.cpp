#include "sgd/simplify/explained_edges.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "lib/base/parallel.hpp"
#include "sgd/mlp/sensitivities.hpp"
#include "sgd/simplify/similar_units.hpp"
#include "sgd/simplify/weighted_products.hpp"

namespace skein::sgd {

namespace {

using Eigen::Index;
constexpr double never = std::numeric_limits<double>::infinity();

/// The weights of one unit with the inverse of its H, both shrinking as weights go.
struct Row {
  std::size_t layer = 0;
  Index unit = 0;
  std::vector<Index> sources;
  Eigen::VectorXd weights;
  Eigen::MatrixXd inverse;
  bool felt = false;        ///< whether the picture feels the unit at all
  bool keeps_last = false;  ///< a unit that would become a constant other than zero
  std::size_t cheapest = 0;
  double price = never;

  void find_cheapest() {
    price = never;
    if (sources.empty() || (sources.size() == 1 && keeps_last)) return;
    for (std::size_t i = 0; i < sources.size(); ++i) {
      const auto at = static_cast<Index>(i);
      const double here = felt ? weights(at) * weights(at) / inverse(at, at) : 0;
      if (here < price) price = here, cheapest = i;
    }
  }

  void drop(std::size_t i) {
    const auto gone = static_cast<Index>(i);
    if (felt) {
      weights -= inverse.col(gone) * (weights(gone) / inverse(gone, gone));
      inverse -= (inverse.col(gone) * inverse.row(gone) / inverse(gone, gone)).eval();
    }
    std::vector<Index> rest;
    for (Index k = 0; k < weights.size(); ++k)
      if (k != gone) rest.push_back(k);
    weights = weights(rest).eval();
    if (felt) inverse = inverse(rest, rest).eval();
    sources.erase(sources.begin() + gone);
    find_cheapest();
  }
};

Row row_of(const MatrixMlp& mlp, const Maps& maps, const Eigen::MatrixXd& felt, std::size_t layer, Index unit,
           double damping) {
  Row row{layer, unit, {}, {}, {}, false, false, 0, never};
  for (Index s = 0; s < mlp.weights[layer].cols(); ++s)
    if (mlp.masks[layer](unit, s)) row.sources.push_back(s);
  row.weights = mlp.weights[layer](unit, row.sources).transpose();
  const bool output = layer == mlp.depth();
  const bool read = output || !mlp.masks[layer + 1].col(unit).isZero();
  row.keeps_last = read && activate(mlp.activation(layer, unit), 0.0) != 0;
  const Eigen::VectorXd pull = felt.col(unit);
  row.felt = read && pull.sum() > 0 && !row.sources.empty();
  if (row.felt) {
    Eigen::MatrixXd products =
        weighted_products(maps.values[layer], row.sources, pull / static_cast<double>(pull.size()));
    const double mean = products.trace() / static_cast<double>(products.rows());
    row.felt = mean > 0;
    products.diagonal().array() += damping * mean;
    if (row.felt)
      row.inverse = products.ldlt().solve(Eigen::MatrixXd::Identity(products.rows(), products.cols()));
  }
  row.find_cheapest();
  return row;
}

std::vector<Row> rows_of(const MatrixMlp& mlp, const Maps& maps, double damping) {
  const auto felt = sensitivities(mlp, maps);
  std::vector<std::pair<std::size_t, Index>> places;
  for (std::size_t l = 0; l < mlp.weights.size(); ++l)
    for (Index u = 0; u < mlp.weights[l].rows(); ++u)
      if (!mlp.masks[l].row(u).isZero()) places.emplace_back(l, u);
  std::vector<Row> rows(places.size());
  parallel_for(places.size(), [&](std::size_t i) {
    rows[i] = row_of(mlp, maps, felt[places[i].first], places[i].first, places[i].second, damping);
  });
  return rows;
}

/// Refits each unit's weights, layer after layer from below, to the sums that the unit had in `wanted`, by
/// least squares weighted with how much the picture feels them; so what went below is made up for above. Returns the
/// maps that the network then has.
Maps refit(MatrixMlp& mlp, const Eigen::MatrixXd& inputs, const Maps& wanted,
           const std::vector<Eigen::MatrixXd>& felt, double damping) {
  Maps maps;
  maps.values.push_back(inputs);
  for (std::size_t l = 0; l < mlp.weights.size(); ++l) {
    const Eigen::MatrixXd& values = maps.values[l];
    const auto units = static_cast<std::size_t>(mlp.weights[l].rows());
    parallel_for(units, [&](std::size_t u) {
      const auto unit = static_cast<Index>(u);
      std::vector<Index> sources;
      for (Index s = 0; s < mlp.weights[l].cols(); ++s)
        if (mlp.masks[l](unit, s)) sources.push_back(s);
      if (sources.empty()) return;
      const Eigen::VectorXd now = mlp.weights[l](unit, sources).transpose();
      const Eigen::VectorXd missing = wanted.sums[l].col(unit) - values(Eigen::all, sources) * now;
      const Eigen::MatrixXd all = weighted_products(values, sources, missing, felt[l].col(unit));
      const Eigen::Index count = std::ssize(sources);
      Eigen::MatrixXd products = all.topLeftCorner(count, count);
      const double mean = products.trace() / static_cast<double>(count);
      if (!(mean > 0)) return;
      products.diagonal().array() += damping * mean;
      const Eigen::VectorXd by_missing = all.row(count).head(count).transpose();
      const Eigen::VectorXd better = now + products.ldlt().solve(by_missing);
      if (better.allFinite()) mlp.weights[l](unit, sources) = better.transpose();
    });
    add_layer(mlp, l, maps);
  }
  return maps;
}

void write_row(MatrixMlp& mlp, const Row& row) {
  auto weights = mlp.weights[row.layer].row(row.unit);
  auto mask = mlp.masks[row.layer].row(row.unit);
  weights.setZero();
  mask.setZero();
  for (std::size_t i = 0; i < row.sources.size(); ++i) {
    weights(row.sources[i]) = row.weights(static_cast<Index>(i));
    mask(row.sources[i]) = 1;
  }
  mlp.copies[row.layer].row(row.unit) = mlp.copies[row.layer].row(row.unit).cwiseProduct(mask).eval();
}

enum class Idle : std::uint8_t { taken, left };

/// Drops the row's `cheapest` weight and takes the weights that then serve nothing, or leaves them. Returns
/// how many went: none when that would be over `most`, or cut the last path to an output.
std::int64_t drop_cheapest(MatrixMlp& mlp, std::vector<Row>& rows, Row& row, std::int64_t most, Idle idle) {
  const Index source = row.sources[row.cheapest];
  std::uint8_t& mask = mlp.masks[row.layer](row.unit, source);
  mask = 0;
  const bool alone = idle == Idle::left || row.layer == 0 || !mlp.masks[row.layer].col(source).isZero();
  if (alone && feeds_an_output(mlp)) {
    row.drop(row.cheapest);
    return 1;
  }
  MatrixMlp rest = mlp;
  const std::int64_t gone = 1 + drop_dead_edges(rest);
  if (gone > most || !feeds_an_output(rest)) {
    mask = 1;
    return 0;
  }
  mlp = std::move(rest);
  for (Row& r : rows)
    for (std::size_t i = r.sources.size(); i-- > 0;)
      if (!mlp.masks[r.layer](r.unit, r.sources[i])) r.drop(i);
  return gone;
}

/// Drops about `count` weights, at most `spare`, with the maps as they are. Returns how many went.
std::int64_t drop_some(MatrixMlp& mlp, const Maps& maps, std::int64_t count, std::int64_t spare,
                       double dearest, double damping, Idle idle) {
  std::vector<Row> rows = rows_of(mlp, maps, damping);
  std::int64_t dropped = 0;
  while (dropped < count) {
    const auto row = std::ranges::min_element(rows, {}, &Row::price);
    if (row == rows.end() || row->price == never || row->price > dearest) break;
    const std::int64_t gone = drop_cheapest(mlp, rows, *row, spare - dropped, idle);
    if (gone == 0) row->price = never;
    dropped += gone;
  }
  for (const Row& row : rows) write_row(mlp, row);
  return dropped;
}

}  // namespace

bool feeds_an_output(const MatrixMlp& mlp) {
  std::vector<std::uint8_t> fed(static_cast<std::size_t>(mlp.masks.front().cols()), 1), next;
  for (const auto& mask : mlp.masks) {
    const auto units = static_cast<std::size_t>(mask.rows());
    next.assign(units, 0);
    std::uint8_t* const here = next.data();
    for (std::size_t s = 0; s < fed.size(); ++s) {
      if (fed[s] == 0) continue;
      const std::uint8_t* const readers = mask.data() + s * units;  // columns lie one after the other
      for (std::size_t u = 0; u < units; ++u) here[u] |= readers[u];
    }
    fed.swap(next);
  }
  return std::ranges::find(fed, std::uint8_t{1}) != fed.end();
}

std::int64_t drop_dead_edges(MatrixMlp& mlp) {
  const std::int64_t before = mlp.weight_count();
  for (std::size_t l = 0; l < mlp.depth(); ++l)
    for (Index u = 0; u < mlp.weights[l].rows(); ++u)
      if (mlp.masks[l].row(u).isZero() && activate(mlp.activation(l, u), 0.0) == 0) remove_unit(mlp, l, u);
  for (std::size_t l = mlp.depth(); l-- > 0;)
    for (Index u = 0; u < mlp.weights[l].rows(); ++u)
      if (mlp.masks[l + 1].col(u).isZero()) remove_unit(mlp, l, u);
  return before - mlp.weight_count();
}

std::int64_t drop_zero_edges(MatrixMlp& mlp, const Eigen::MatrixXd& inputs, double tolerance,
                             std::int64_t least_weights) {
  const std::int64_t before = mlp.weight_count();
  const Maps maps = maps_of(mlp, inputs);
  MatrixMlp pruned = mlp;
  for (std::size_t l = 0; l < mlp.weights.size(); ++l) {
    const Eigen::RowVectorXd sources = maps.values[l].colwise().norm(), sums = maps.sums[l].colwise().norm();
    for (Index u = 0; u < mlp.weights[l].rows(); ++u)
      for (Index s = 0; s < mlp.weights[l].cols(); ++s)
        if (std::abs(mlp.weights[l](u, s)) * sources(s) <= tolerance * sums(u)) {
          pruned.weights[l](u, s) = 0;
          pruned.masks[l](u, s) = pruned.copies[l](u, s) = 0;
        }
  }
  drop_dead_edges(pruned);
  if (pruned.weight_count() >= least_weights && feeds_an_output(pruned)) mlp = std::move(pruned);
  return before - mlp.weight_count();
}

std::int64_t drop_explained_edges(MatrixMlp& mlp, const Eigen::MatrixXd& inputs,
                                  const EdgeSettings& settings) {
  const Maps wanted = maps_of(mlp, inputs);
  const auto felt = sensitivities(mlp, wanted);
  Maps maps = wanted;
  std::int64_t dropped = 0;
  double dearest = settings.dearest;
  while (true) {
    const std::int64_t spare = mlp.weight_count() - settings.least_weights;
    if (spare <= 0) return dropped;
    const auto portion =
        std::max<std::int64_t>(1, std::llround(settings.portion * static_cast<double>(spare)));
    const MatrixMlp before = mlp;
    const std::int64_t most = std::max(portion, std::min<std::int64_t>(spare, 8));
    std::int64_t gone = drop_some(mlp, maps, most, spare, dearest, settings.damping, Idle::taken);
    if (gone == 0) gone = drop_some(mlp, maps, most, spare, dearest, settings.damping, Idle::left);
    if (gone == 0) return dropped;
    Maps refitted = refit(mlp, inputs, wanted, felt, settings.damping);
    const Eigen::MatrixXd change = refitted.values.back() - wanted.values.back();
    if (change.array().square().mean() > settings.most_change) {
      // The second order did not foresee this: give back what went, and offer only what is cheaper yet.
      mlp = before;
      dearest /= 100;
      if (dearest < 1e-20) return dropped;
      continue;
    }
    maps = std::move(refitted);
    dropped += gone;
  }
}

}  // namespace skein::sgd
