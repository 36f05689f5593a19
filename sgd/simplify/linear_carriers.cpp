#include "sgd/simplify/linear_carriers.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "sgd/simplify/interpolative.hpp"

namespace skein::sgd {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using Columns = std::vector<Index>;

/// The linear units of a layer with what they read (`in`, units x sources) and who reads them (`out`, readers
/// x units). `gram` holds the mean products of the sources' maps, so that sizes are those of maps.
struct Carriers {
  MatrixXd in, out, gram;
  VectorXd reader_size;  ///< root mean square of each reader's sum
  double tolerance = 0;

  VectorXd source_size() const { return gram.diagonal().cwiseMax(0).cwiseSqrt(); }
  double unit_size(Index unit) const {
    return std::sqrt(std::max(0.0, (in.row(unit) * gram * in.row(unit).transpose())(0)));
  }
  /// Sets to zero what is below the tolerance.
  void clean() {
    const VectorXd sources = source_size();
    for (Index u = 0; u < in.rows(); ++u) {
      const double size = unit_size(u);
      for (Index j = 0; j < in.cols(); ++j)
        if (std::abs(in(u, j)) * sources(j) <= tolerance * size) in(u, j) = 0;
      for (Index k = 0; k < out.rows(); ++k)
        if (std::abs(out(k, u)) * size <= tolerance * reader_size(k)) out(k, u) = 0;
    }
    for (Index u = 0; u < in.rows(); ++u)
      if (in.row(u).isZero(0) || out.col(u).isZero(0)) in.row(u).setZero(), out.col(u).setZero();
  }
  Index weights() const { return (in.array() != 0).count() + (out.array() != 0).count(); }
};

Columns linear_units(const MatrixMlp& mlp, std::size_t layer) {
  Columns units;
  for (Index u = 0; u < mlp.weights[layer].rows(); ++u)
    if (mlp.activation(layer, u) == Activation::identity) units.push_back(u);
  return units;
}

Carriers carriers_of(const MatrixMlp& mlp, std::size_t layer, const Columns& units, const MatrixXd& inputs,
                     double tolerance) {
  const Maps maps = maps_of(mlp, inputs);
  const MatrixXd& sources = maps.values[layer];
  const auto pixels = static_cast<double>(sources.rows());
  Carriers carriers{mlp.weights[layer](units, Eigen::all), mlp.weights[layer + 1](Eigen::all, units),
                    sources.transpose() * sources / pixels,
                    (maps.sums[layer + 1].array().square().colwise().sum() / pixels).sqrt().transpose(),
                    tolerance};
  return carriers;
}

/// The multiple of unit `q` to add to unit `p` by which the most weights vanish, with how many do.
std::pair<double, Index> best_multiple(const Carriers& c, Index p, Index q) {
  std::vector<double> multiples;
  Index lost = 0;
  for (Index j = 0; j < c.in.cols(); ++j) {
    if (c.in(q, j) == 0) continue;
    if (c.in(p, j) == 0) ++lost;
    else multiples.push_back(-c.in(p, j) / c.in(q, j));
  }
  for (Index k = 0; k < c.out.rows(); ++k) {
    if (c.out(k, p) == 0) continue;
    if (c.out(k, q) == 0) ++lost;
    else multiples.push_back(c.out(k, q) / c.out(k, p));
  }
  std::ranges::sort(multiples);
  std::pair<double, Index> best{0, 0};
  for (std::size_t first = 0; first < multiples.size();) {
    std::size_t last = first + 1;
    while (last < multiples.size() &&
           std::abs(multiples[last] - multiples[first]) <= 1e-4 * std::abs(multiples[first]))
      ++last;
    const Index gain = static_cast<Index>(last - first) - lost;
    if (gain > best.second) best = {multiples[(first + last) / 2], gain};
    first = last;
  }
  return best;
}

/// Elementary steps, the most profitable first, until none makes weights vanish.
void sparsify(Carriers& carriers) {
  const Index units = carriers.in.rows();
  for (Index step = 0; step < 4 * units * units; ++step) {
    Index from = 0, to = 0;
    std::pair<double, Index> best{0, 0};
    for (Index p = 0; p < units; ++p)
      for (Index q = 0; q < units; ++q)
        if (p != q)
          if (const auto found = best_multiple(carriers, p, q); found.second > best.second) {
            best = found;
            to = p;
            from = q;
          }
    if (best.second <= 0) return;
    const Index before = carriers.weights();
    Carriers tried = carriers;
    tried.in.row(to) += best.first * tried.in.row(from);
    tried.out.col(from) -= best.first * tried.out.col(to);
    tried.clean();
    if (tried.weights() >= before) return;
    carriers = std::move(tried);
  }
}

/// Puts the new units into the columns of the old ones: one that carries a single unit of the same column
/// below stays in that column, other carried ones prefer caches, sums prefer identities.
Columns choose_columns(const MatrixMlp& mlp, std::size_t layer, const Columns& units,
                       const Carriers& carriers) {
  Columns free = units, chosen(static_cast<std::size_t>(carriers.in.rows()), -1);
  const auto take = [&](Index unit, Columns::iterator column) {
    chosen[static_cast<std::size_t>(unit)] = *column;
    free.erase(column);
  };
  const auto only_source = [&](Index unit) {
    Index source = -1;
    for (Index j = 0; j < carriers.in.cols(); ++j)
      if (carriers.in(unit, j) != 0) source = source == -1 ? j : -2;
    return source;
  };
  for (Index u = 0; u < carriers.in.rows(); ++u)
    if (layer > 0)
      if (const auto found = std::ranges::find(free, only_source(u)); found != free.end()) take(u, found);
  for (Index u = 0; u < carriers.in.rows(); ++u) {
    if (chosen[static_cast<std::size_t>(u)] >= 0) continue;
    const bool copy = only_source(u) >= 0;
    const auto fits = std::ranges::find_if(free, [&](Index column) {
      return mlp.hidden[layer][static_cast<std::size_t>(column)].kind.cache == copy;
    });
    take(u, fits != free.end() ? fits : free.begin());
  }
  return chosen;
}

void write_carriers(MatrixMlp& mlp, std::size_t layer, const Columns& units, const Carriers& carriers) {
  const Columns columns = choose_columns(mlp, layer, units, carriers);
  for (const Index u : units) {
    mlp.weights[layer].row(u).setZero();
    mlp.masks[layer].row(u).setZero();
    mlp.copies[layer].row(u).setZero();
    mlp.weights[layer + 1].col(u).setZero();
    mlp.masks[layer + 1].col(u).setZero();
    mlp.copies[layer + 1].col(u).setZero();
    mlp.hidden[layer][static_cast<std::size_t>(u)].origin.reset();
  }
  for (Index i = 0; i < std::ssize(columns); ++i) {
    const Index u = columns[static_cast<std::size_t>(i)];
    mlp.weights[layer].row(u) = carriers.in.row(i);
    mlp.weights[layer + 1].col(u) = carriers.out.col(i);
    mlp.masks[layer].row(u) = (carriers.in.row(i).array() != 0).cast<std::uint8_t>();
    mlp.masks[layer + 1].col(u) = (carriers.out.col(i).array() != 0).cast<std::uint8_t>();
  }
}

/// Takes the rewritten carriers if fewer weights, but not too few, remain.
bool accept(MatrixMlp& mlp, std::size_t layer, const Columns& units, Carriers carriers,
            const Eigen::MatrixXd& inputs, const CarrierSettings& settings) {
  carriers.clean();
  sparsify(carriers);
  MatrixMlp rewritten = mlp;
  write_carriers(rewritten, layer, units, carriers);
  if (rewritten.weight_count() >= mlp.weight_count() || rewritten.weight_count() < settings.least_weights)
    return false;
  const MatrixXd change = outputs_of(rewritten, inputs) - outputs_of(mlp, inputs);
  if (!(change.array().square().mean() <= settings.most_change)) return false;
  mlp = std::move(rewritten);
  return true;
}

}  // namespace

bool combine_carriers(MatrixMlp& mlp, std::size_t layer, const Eigen::MatrixXd& inputs,
                      const CarrierSettings& settings) {
  const Columns units = linear_units(mlp, layer);
  if (units.empty()) return false;
  Carriers carriers = carriers_of(mlp, layer, units, inputs, settings.tolerance);
  // A basis of the readers' rows: out = T^T * out(pivots, :).
  const VectorXd sizes = carriers.reader_size.cwiseMax(1e-12).cwiseInverse();
  const Interpolative basis = interpolate(carriers.out.transpose(), sizes, std::ssize(units));
  const MatrixXd read = carriers.out(basis.pivots, Eigen::all);
  carriers.in = (read * carriers.in).eval();
  carriers.out = basis.factor.transpose();
  return accept(mlp, layer, units, std::move(carriers), inputs, settings);
}

void normalize_copies(MatrixMlp& mlp) {
  for (std::size_t layer = 0; layer < mlp.depth(); ++layer)
    for (const Index u : linear_units(mlp, layer)) {
      const auto sources = mlp.masks[layer].row(u).cast<std::int64_t>().sum();
      if (sources != 1) {
        mlp.copies[layer].row(u).setZero();
        continue;
      }
      Index source = 0;
      mlp.masks[layer].row(u).maxCoeff(&source);
      const double weight = mlp.weights[layer](u, source);
      if (weight == 0) continue;
      mlp.weights[layer](u, source) = 1;
      mlp.weights[layer + 1].col(u) *= weight;
      mlp.copies[layer](u, source) = 1;
    }
}

}  // namespace skein::sgd
