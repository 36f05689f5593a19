#include "sgd/simplify/direct_wiring.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <utility>

#include "lib/network/activation.hpp"

namespace skein::sgd {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using Places = std::vector<Index>;

Places nonzero(const Eigen::RowVectorXd& row) {
  Places places;
  for (Index i = 0; i < row.size(); ++i)
    if (row(i) != 0) places.push_back(i);
  return places;
}

}  // namespace

VectorXd root_mean_squares(const MatrixXd& maps) {
  return (maps.colwise().squaredNorm() / static_cast<double>(maps.rows())).cwiseSqrt().transpose();
}

std::pair<Index, Index> DirectWiring::readers_at(std::size_t level) const {
  Index first = 0;
  while (first < weights.rows() && level_of_reader(first) < level) ++first;
  Index last = first;
  while (last < weights.rows() && level_of_reader(last) == level) ++last;
  return {first, last};
}

std::size_t DirectWiring::level_of_value(Index value) const {
  return value < inputs() ? 0 : units[static_cast<std::size_t>(value - inputs())].level;
}

std::size_t DirectWiring::level_of_reader(Index reader) const {
  return reader < std::ssize(units) ? units[static_cast<std::size_t>(reader)].level : depth() + 1;
}

Activation DirectWiring::activation(Index reader) const {
  if (reader >= std::ssize(units)) return Activation::identity;
  const Unit& unit = units[static_cast<std::size_t>(reader)];
  return hidden[unit.level - 1][static_cast<std::size_t>(unit.column)].kind.activation;
}

namespace {

/// Rows over all values with the variance that rounding the factors to single precision gives each entry.
struct Composed {
  MatrixXd mean, variance;
};

/// `weights` times what is below. Entries that rounding alone explains are zero.
Composed composed(const MatrixXd& weights, const Composed& below) {
  constexpr double rounding = 0x1p-24 / 1.7320508;  // standard deviation of a uniform error of half a unit
  constexpr double deviations = 10;                 // tuned: none of some 10^4 entries may pass by chance
  const MatrixXd squares = weights.cwiseAbs2();
  Composed here{weights * below.mean,
                squares * (below.variance + rounding * rounding * below.mean.cwiseAbs2())};
  const auto noise = deviations * here.variance.array().sqrt() +
                     0x1p-46 * (weights.cwiseAbs() * below.mean.cwiseAbs()).array();
  here.mean = (here.mean.array().abs() <= noise).select(0, here.mean).eval();
  return here;
}

}  // namespace

DirectWiring direct_wiring(const MatrixMlp& mlp) {
  DirectWiring wiring{mlp.signature, mlp.hidden, {}, {}};
  for (std::size_t l = 0; l < mlp.depth(); ++l)
    for (Index u = 0; u < mlp.weights[l].rows(); ++u)
      if (!mlp.hidden[l][static_cast<std::size_t>(u)].kind.cache) wiring.units.push_back({l + 1, u});
  const Index values = wiring.values();
  wiring.weights = MatrixXd::Zero(std::ssize(wiring.units) + mlp.weights.back().rows(), values);
  Composed below{MatrixXd::Zero(wiring.inputs(), values), MatrixXd::Zero(wiring.inputs(), values)};
  below.mean.leftCols(wiring.inputs()).setIdentity();
  Index unit = 0;
  for (std::size_t l = 0; l < mlp.depth(); ++l) {
    Composed here = composed(mlp.weights[l], below);
    for (Index u = 0; u < here.mean.rows(); ++u) {
      if (mlp.hidden[l][static_cast<std::size_t>(u)].kind.cache) continue;
      wiring.weights.row(unit) = here.mean.row(u);
      here.mean.row(u).setZero();
      here.variance.row(u).setZero();
      here.mean(u, wiring.inputs() + unit++) = 1;
    }
    below = std::move(here);
  }
  wiring.weights.bottomRows(mlp.weights.back().rows()) = composed(mlp.weights.back(), below).mean;
  return wiring;
}

DirectMaps maps_of(const DirectWiring& wiring, const MatrixXd& inputs) {
  DirectMaps maps{MatrixXd(inputs.rows(), wiring.weights.rows()), MatrixXd(inputs.rows(), wiring.values())};
  maps.values.leftCols(wiring.inputs()) = inputs;
  for (std::size_t level = 1; level <= wiring.depth() + 1; ++level) {
    const auto [first, last] = wiring.readers_at(level);
    if (first == last) continue;
    const Index known = std::min(wiring.inputs() + first, wiring.values());
    maps.sums.middleCols(first, last - first) =
        maps.values.leftCols(known) * wiring.weights.block(first, 0, last - first, known).transpose();
    for (Index r = first; r < last && r < std::ssize(wiring.units); ++r)
      for (Index p = 0; p < inputs.rows(); ++p)
        maps.values(p, wiring.inputs() + r) = activate(wiring.activation(r), maps.sums(p, r));
  }
  return maps;
}

namespace {

/// The maps of a wiring's values, as they become known from the inputs up.
class KnownValues {
 public:
  KnownValues(const DirectWiring& wiring, const MatrixXd& inputs)
      : maps_(inputs.rows(), wiring.values()), products_(MatrixXd::Zero(wiring.values(), wiring.values())) {
    for (Index i = 0; i < inputs.cols(); ++i) add(inputs.col(i));
  }
  void add(const VectorXd& map) {
    maps_.col(count_++) = map;
    products_.row(count_ - 1).head(count_) = (maps_.leftCols(count_).transpose() * map).transpose();
  }
  VectorXd sum(const Eigen::RowVectorXd& weights) const {
    return maps_.leftCols(count_) * weights.head(count_).transpose();
  }
  /// Fits the weights that are not zero to the sums wanted, by least squares.
  void fit(Eigen::Ref<Eigen::RowVectorXd, 0, Eigen::InnerStride<>> weights, const VectorXd& wanted) const {
    const Places sources = nonzero(weights);
    if (sources.empty()) return;
    MatrixXd products = products_(sources, sources);  // its lower triangle
    products.diagonal().array() += 1e-12 * products.trace() / static_cast<double>(products.rows());
    const VectorXd missing = maps_.leftCols(count_).transpose() * (wanted - sum(weights));
    const VectorXd better = weights(sources).transpose() + products.ldlt().solve(missing(sources));
    if (better.allFinite()) weights(sources) = better.transpose();
  }

 private:
  MatrixXd maps_;      ///< (pixels, values)
  MatrixXd products_;  ///< of maps, the lower triangle
  Index count_ = 0;
};

/// Takes away what unread units read.
void drop_unread(DirectWiring& wiring) {
  for (Index u = std::ssize(wiring.units); u-- > 0;)
    if (wiring.weights.col(wiring.inputs() + u).isZero(0)) wiring.weights.row(u).setZero();
}

/// Sets to zero the weights that contribute less than `tolerance` of their reader's sum, and what then nobody reads.
void clear_zero_weights(DirectWiring& wiring, const DirectMaps& wanted, double tolerance) {
  const VectorXd sizes = root_mean_squares(wanted.values), sums = root_mean_squares(wanted.sums);
  for (Index r = 0; r < wiring.weights.rows(); ++r) {
    const Eigen::RowVectorXd shares = wiring.weights.row(r).cwiseAbs().cwiseProduct(sizes.transpose());
    const double least = tolerance * std::max(sums(r), shares.maxCoeff());
    for (Index v = 0; v < wiring.values(); ++v)
      if (shares(v) <= least) wiring.weights(r, v) = 0;
  }
  drop_unread(wiring);
}

/// Refits each reader's weights, from below, to the sums that it had.
void refit_weights(DirectWiring& wiring, const MatrixXd& inputs, const DirectMaps& wanted) {
  KnownValues known(wiring, inputs);
  for (Index r = 0; r < wiring.weights.rows(); ++r) {
    auto weights = wiring.weights.row(r);
    known.fit(weights, wanted.sums.col(r));
    if (r >= std::ssize(wiring.units)) continue;
    VectorXd map = known.sum(weights);
    for (double& value : map) value = activate(wiring.activation(r), value);
    known.add(map);
  }
}

}  // namespace

void drop_zero_weights(DirectWiring& wiring, const MatrixXd& inputs, double tolerance) {
  const DirectMaps wanted = maps_of(wiring, inputs);
  clear_zero_weights(wiring, wanted, tolerance);
  refit_weights(wiring, inputs, wanted);
}

void fuse_sums(DirectWiring& wiring) {
  for (Index u = 0; u < std::ssize(wiring.units); ++u) {
    if (wiring.activation(u) != Activation::identity) continue;
    const Index value = wiring.inputs() + u;
    const Places sources = nonzero(wiring.weights.row(u)),
                 readers = nonzero(wiring.weights.col(value).transpose());
    std::size_t created = 0;
    for (const Index r : readers)
      for (const Index s : sources) created += wiring.weights(r, s) == 0 ? 1 : 0;
    if (readers.empty() || created >= sources.size()) continue;
    for (const Index r : readers) {
      wiring.weights.row(r) += wiring.weights(r, value) * wiring.weights.row(u);
      wiring.weights(r, value) = 0;
    }
    wiring.weights.row(u).setZero();
  }
}

bool straighten_carriers(MatrixMlp& mlp, const MatrixXd& inputs, const DirectSettings& settings) {
  const MatrixXd reference = outputs_of(mlp, inputs);
  const DirectWiring whole = direct_wiring(mlp);
  const DirectMaps wanted = maps_of(whole, inputs);
  MatrixXd tried;
  // Rounding leaves remainders of unknown size where weights cancelled: the widest tolerance that changes
  // nothing is taken.
  for (const double tolerance : {1e-3, 3e-4, 1e-4, 3e-5, 1e-5, 3e-6, 1e-6, 1e-7}) {
    DirectWiring wiring = whole;
    clear_zero_weights(wiring, wanted, tolerance);
    if (tried.size() > 0 && wiring.weights == tried) continue;  // the wider tolerance has come to nothing
    tried = wiring.weights;
    refit_weights(wiring, inputs, wanted);
    fuse_sums(wiring);
    const DirectMaps maps = maps_of(wiring, inputs);
    if (!(visible_difference(mlp.signature, maps.sums.rightCols(wiring.outputs()), reference) <=
          settings.most_change))
      continue;
    MatrixMlp laid = lay_out(wiring, maps);
    laid.inputs = mlp.inputs;
    if (laid.weight_count() >= mlp.weight_count()) return false;
    if (laid.weight_count() < settings.least_weights) continue;
    if (!(visible_difference(mlp.signature, outputs_of(laid, inputs), reference) <= settings.most_change))
      continue;
    mlp = std::move(laid);
    return true;
  }
  return false;
}

}  // namespace skein::sgd
