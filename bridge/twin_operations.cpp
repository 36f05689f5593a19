#include "bridge/twin_operations.hpp"

#include <Eigen/Dense>
#include <numeric>

namespace skein::bridge {

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
void random_sources(OpenMlp& mlp, int layer, int unit, RandomStream& random) {
  OpenMatrix& in = mlp.into(layer);
  for (std::uint32_t e = 1 + random.below(4); e > 0 && in.columns > 0; --e)
    in.set(unit, static_cast<int>(random.below(static_cast<std::uint32_t>(in.columns))), random.normal());
}

}  // namespace

bool is_linear(const sgd::MlpUnit& unit) { return unit.kind.activation == Activation::identity; }

bool is_cache(const sgd::MlpUnit& unit) { return unit.kind.cache; }

void split(OpenMlp& mlp, int layer, int unit, int parts, RandomStream& random) {
  std::vector<int> members{unit};
  for (int p = 1; p < parts; ++p) {
    const int clone = mlp.append_unit(layer, {mlp.unit(layer, unit).kind, std::nullopt});
    members.push_back(clone);
    OpenMatrix& in = mlp.into(layer);
    for (int c = 0; c < in.columns; ++c) {
      in.weight[in.at(clone, c)] = in.weight[in.at(unit, c)];
      in.exists[in.at(clone, c)] = in.exists[in.at(unit, c)];
      in.copy[in.at(clone, c)] = in.copy[in.at(unit, c)];
    }
  }
  OpenMatrix& out = mlp.out_of(layer);
  for (int r = 0; r < out.rows; ++r) {
    if (out.exists[out.at(r, unit)] == 0) continue;
    std::vector<double> share;
    for (int p = 0; p < parts; ++p) share.push_back(random.uniform(0.5, 1.5));
    const double sum = std::accumulate(share.begin(), share.end(), 0.0);
    const double whole = out.weight[out.at(r, unit)];
    for (int p = 0; p < parts; ++p) {
      const int member = members[static_cast<std::size_t>(p)];
      out.set(r, member, whole * share[static_cast<std::size_t>(p)] / sum);
      out.copy[out.at(r, member)] = 0;
    }
  }
}

void useless(OpenMlp& mlp, int layer, sgd::UnitKind kind, RandomStream& random) {
  random_sources(mlp, layer, mlp.append_unit(layer, {kind, std::nullopt}), random);
}

void cancelling_pair(OpenMlp& mlp, int layer, sgd::UnitKind kind, RandomStream& random) {
  const int first = mlp.append_unit(layer, {kind, std::nullopt});
  const int second = mlp.append_unit(layer, {kind, std::nullopt});
  random_sources(mlp, layer, first, random);
  OpenMatrix& in = mlp.into(layer);
  for (int c = 0; c < in.columns; ++c)
    if (in.exists[in.at(first, c)] != 0) in.set(second, c, in.weight[in.at(first, c)]);
  OpenMatrix& out = mlp.out_of(layer);
  for (std::uint32_t e = 1 + random.below(3); e > 0 && out.rows > 0; --e) {
    const int row = static_cast<int>(random.below(static_cast<std::uint32_t>(out.rows)));
    const double weight = random.normal();
    out.set(row, first, weight);
    out.set(row, second, -weight);
  }
}

void rotate(OpenMlp& mlp, int layer, bool (*chooses)(const sgd::MlpUnit&), RandomStream& random) {
  std::vector<int> chosen;
  for (int u = 0; u < mlp.units(layer); ++u)
    if (chooses(mlp.unit(layer, u))) chosen.push_back(u);
  const auto count = static_cast<int>(chosen.size());
  if (count < 2) return;
  const Eigen::MatrixXd q = random_orthogonal(count, random);
  OpenMatrix& in = mlp.into(layer);
  for (int c = 0; c < in.columns; ++c) {
    Eigen::VectorXd before(count);
    bool any = false;
    for (int i = 0; i < count; ++i) {
      const std::size_t place = in.at(chosen[static_cast<std::size_t>(i)], c);
      before(i) = in.weight[place];
      any = any || in.exists[place] != 0;
      in.copy[place] = 0;
    }
    if (!any) continue;
    const Eigen::VectorXd after = q * before;
    for (int i = 0; i < count; ++i) in.set(chosen[static_cast<std::size_t>(i)], c, after(i));
  }
  OpenMatrix& out = mlp.out_of(layer);
  for (int r = 0; r < out.rows; ++r) {
    Eigen::VectorXd before(count);
    bool any = false;
    for (int i = 0; i < count; ++i) {
      const std::size_t place = out.at(r, chosen[static_cast<std::size_t>(i)]);
      before(i) = out.weight[place];
      any = any || out.exists[place] != 0;
      out.copy[place] = 0;
    }
    if (!any) continue;
    const Eigen::VectorXd after = q * before;  // row times the transpose of q
    for (int i = 0; i < count; ++i) out.set(r, chosen[static_cast<std::size_t>(i)], after(i));
  }
  for (const int u : chosen) mlp.unit(layer, u).origin.reset();
}

void flip(OpenMlp& mlp, RandomStream& random) {
  for (int layer = 0; layer < mlp.depth(); ++layer)
    for (int u = 0; u < mlp.units(layer); ++u) {
      if (parity(mlp.unit(layer, u).kind.activation) >= 0 || !random.chance(0.5)) continue;
      OpenMatrix& in = mlp.into(layer);
      OpenMatrix& out = mlp.out_of(layer);
      for (int c = 0; c < in.columns; ++c) {
        in.weight[in.at(u, c)] *= -1;
        in.copy[in.at(u, c)] = 0;
      }
      for (int r = 0; r < out.rows; ++r) {
        out.weight[out.at(r, u)] *= -1;
        out.copy[out.at(r, u)] = 0;
      }
    }
}

void permute(OpenMlp& mlp, RandomStream& random) {
  for (int layer = 0; layer < mlp.depth(); ++layer) {
    const auto units = static_cast<std::size_t>(mlp.units(layer));
    std::vector<int> order(units, -1);
    for (std::size_t u = 0; u < units; ++u) {
      if (order[u] >= 0) continue;
      std::vector<int> same;
      for (std::size_t v = u; v < units; ++v)
        if (mlp.hidden[static_cast<std::size_t>(layer)][v].kind ==
            mlp.hidden[static_cast<std::size_t>(layer)][u].kind)
          same.push_back(static_cast<int>(v));
      std::vector<int> shuffled = same;
      random.shuffle(std::span(shuffled));
      for (std::size_t i = 0; i < same.size(); ++i) order[static_cast<std::size_t>(same[i])] = shuffled[i];
    }
    mlp.reorder(layer, order);
  }
}

}  // namespace skein::bridge
