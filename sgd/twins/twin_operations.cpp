#include "sgd/twins/twin_operations.hpp"

#include <Eigen/Dense>
#include <numeric>

namespace skein::sgd {

using Eigen::Index;

namespace {

/// A random rotation, uniform over the orthogonal group (QR of a Gaussian matrix with the signs of R's
/// diagonal taken out; Mezzadri 2007).
Eigen::MatrixXd random_orthogonal(int size, RandomStream& random) {
  Eigen::MatrixXd gaussian(size, size);
  for (int r = 0; r < size; ++r)
    for (int c = 0; c < size; ++c) gaussian(r, c) = random.normal();
  const Eigen::HouseholderQR<Eigen::MatrixXd> qr(gaussian);
  Eigen::MatrixXd q = qr.householderQ();
  for (int c = 0; c < size; ++c)
    if (qr.matrixQR()(c, c) < 0) q.col(c) = -q.col(c);
  return q;
}

/// Random weights from one to four values of the layer below.
void random_sources(MatrixMlp& mlp, std::size_t layer, Index unit, RandomStream& random) {
  const Index below = mlp.weights[layer].cols();
  for (std::uint32_t e = 1 + random.below(4); e > 0 && below > 0; --e) {
    const double weight = random.normal();
    set_weight(mlp, layer, unit, random.below(static_cast<std::uint32_t>(below)), weight);
  }
}

}  // namespace

bool is_linear(const MlpUnit& unit) { return unit.kind.activation == Activation::identity; }

bool is_cache(const MlpUnit& unit) { return unit.kind.cache; }

void split(MatrixMlp& mlp, std::size_t layer, Index unit, int parts, RandomStream& random) {
  std::vector<Index> members{unit};
  for (int p = 1; p < parts; ++p) {
    const Index clone = append_unit(mlp, layer, mlp.hidden[layer][static_cast<std::size_t>(unit)].kind);
    members.push_back(clone);
    mlp.weights[layer].row(clone) = mlp.weights[layer].row(unit);
    mlp.masks[layer].row(clone) = mlp.masks[layer].row(unit);
    mlp.copies[layer].row(clone) = mlp.copies[layer].row(unit);
  }
  for (Index r = 0; r < mlp.weights[layer + 1].rows(); ++r) {
    if (mlp.masks[layer + 1](r, unit) == 0) continue;
    std::vector<double> share(members.size());
    for (double& part : share) part = random.uniform(0.5, 1.5);
    const double sum = std::accumulate(share.begin(), share.end(), 0.0);
    const double whole = mlp.weights[layer + 1](r, unit);
    for (std::size_t p = 0; p < members.size(); ++p) {
      set_weight(mlp, layer + 1, r, members[p], whole * share[p] / sum);
      mlp.copies[layer + 1](r, members[p]) = 0;
    }
  }
}

void useless(MatrixMlp& mlp, std::size_t layer, UnitKind kind, RandomStream& random) {
  random_sources(mlp, layer, append_unit(mlp, layer, kind), random);
}

void cancelling_pair(MatrixMlp& mlp, std::size_t layer, UnitKind kind, RandomStream& random) {
  const Index first = append_unit(mlp, layer, kind), second = append_unit(mlp, layer, kind);
  random_sources(mlp, layer, first, random);
  mlp.weights[layer].row(second) = mlp.weights[layer].row(first);
  mlp.masks[layer].row(second) = mlp.masks[layer].row(first);
  const Index readers = mlp.weights[layer + 1].rows();
  for (std::uint32_t e = 1 + random.below(3); e > 0 && readers > 0; --e) {
    const Index reader = random.below(static_cast<std::uint32_t>(readers));
    const double weight = random.normal();
    set_weight(mlp, layer + 1, reader, first, weight);
    set_weight(mlp, layer + 1, reader, second, -weight);
  }
}

void rotate(MatrixMlp& mlp, std::size_t layer, bool (*chooses)(const MlpUnit&), RandomStream& random) {
  std::vector<Index> chosen;
  for (Index u = 0; u < std::ssize(mlp.hidden[layer]); ++u)
    if (chooses(mlp.hidden[layer][static_cast<std::size_t>(u)])) chosen.push_back(u);
  if (chosen.size() < 2) return;
  const Eigen::MatrixXd q = random_orthogonal(static_cast<int>(chosen.size()), random);
  const Eigen::MatrixXd in = mlp.weights[layer](chosen, Eigen::all),
                        out = mlp.weights[layer + 1](Eigen::all, chosen).transpose();
  const MatrixMlp::Mask reads = mlp.masks[layer](chosen, Eigen::all),
                        is_read = mlp.masks[layer + 1](Eigen::all, chosen).transpose();
  for (Index c = 0; c < in.cols(); ++c) {
    if (reads.col(c).isZero()) continue;
    const Eigen::VectorXd after = q * in.col(c);
    for (std::size_t i = 0; i < chosen.size(); ++i)
      set_weight(mlp, layer, chosen[i], c, after(static_cast<Index>(i)));
  }
  for (Index r = 0; r < out.cols(); ++r) {
    if (is_read.col(r).isZero()) continue;
    const Eigen::VectorXd after = q * out.col(r);
    for (std::size_t i = 0; i < chosen.size(); ++i)
      set_weight(mlp, layer + 1, r, chosen[i], after(static_cast<Index>(i)));
  }
  for (const Index u : chosen) {
    mlp.copies[layer].row(u).setZero();
    mlp.copies[layer + 1].col(u).setZero();
    mlp.hidden[layer][static_cast<std::size_t>(u)].origin.reset();
  }
}

void flip(MatrixMlp& mlp, RandomStream& random) {
  for (std::size_t layer = 0; layer < mlp.depth(); ++layer)
    for (Index u = 0; u < std::ssize(mlp.hidden[layer]); ++u) {
      if (parity(mlp.activation(layer, u)) >= 0 || !random.chance(0.5)) continue;
      mlp.weights[layer].row(u) *= -1;
      mlp.copies[layer].row(u).setZero();
      mlp.weights[layer + 1].col(u) *= -1;
      mlp.copies[layer + 1].col(u).setZero();
    }
}

void permute(MatrixMlp& mlp, RandomStream& random) {
  for (std::size_t layer = 0; layer < mlp.depth(); ++layer) {
    const auto& units = mlp.hidden[layer];
    std::vector<Index> order(units.size(), -1);
    for (std::size_t u = 0; u < units.size(); ++u) {
      if (order[u] >= 0) continue;
      std::vector<Index> same;
      for (std::size_t v = u; v < units.size(); ++v)
        if (units[v].kind == units[u].kind) same.push_back(static_cast<Index>(v));
      std::vector<Index> shuffled = same;
      random.shuffle(std::span(shuffled));
      for (std::size_t i = 0; i < same.size(); ++i) order[static_cast<std::size_t>(same[i])] = shuffled[i];
    }
    reorder(mlp, layer, order);
  }
}

}  // namespace skein::sgd
