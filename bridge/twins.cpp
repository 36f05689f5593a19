#include "bridge/twins.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "bridge/layer_surgery.hpp"
#include "lib/error.hpp"
#include "lib/random.hpp"
#include "sgd/matrices.hpp"

namespace skein::bridge {

namespace {

using sgd::UnitKind;

void check_layer(const sgd::Mlp& mlp, int layer) {
  if (layer < 0 || layer >= mlp.wiring.depth())
    throw ConfigError("twin: hidden layer " + std::to_string(layer) + " of " +
                      std::to_string(mlp.wiring.depth()));
}

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

/// Random weights from one to four values of the layer below.
void random_sources(OpenMlp& mlp, int layer, int unit, RandomStream& random) {
  OpenMatrix& in = mlp.into(layer);
  for (std::uint32_t e = 1 + random.below(4); e > 0 && in.columns > 0; --e)
    in.set(unit, static_cast<int>(random.below(static_cast<std::uint32_t>(in.columns))), random.normal());
}

void useless(OpenMlp& mlp, int layer, UnitKind kind, RandomStream& random) {
  random_sources(mlp, layer, mlp.append_unit(layer, {kind, std::nullopt}), random);
}

void cancelling_pair(OpenMlp& mlp, int layer, UnitKind kind, RandomStream& random) {
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

bool linear(const sgd::MlpUnit& unit) { return unit.kind.activation == Activation::identity; }
bool cache(const sgd::MlpUnit& unit) { return unit.kind.cache; }

/// Rotates the units of a layer that `chooses` names; all of them are linear.
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

/// Fills the columns of `kind` that a layer has free in the architecture.
void fill(OpenMlp& mlp, int layer, UnitKind kind, int columns, const HideSettings& settings,
          RandomStream& random) {
  std::vector<int> here;  // units that were there, worth splitting
  for (int u = 0; u < mlp.units(layer); ++u)
    if (mlp.unit(layer, u).kind == kind) here.push_back(u);
  int free = columns - static_cast<int>(here.size());
  if (free < 0)
    throw ConfigError("hide: layer " + std::to_string(layer + 1) + " has " + std::to_string(here.size()) +
                      " units " + std::string(name(kind)) + ", the architecture has " +
                      std::to_string(columns) + " columns");
  while (free > 0) {
    const std::vector<double> odds{settings.split && !here.empty() ? 2.0 : 0.0,
                                   settings.cancel && free > 1 ? 1.0 : 0.0, settings.useless ? 0.5 : 0.0};
    if (odds[0] + odds[1] + odds[2] == 0) return;  // an odd column that only a pair could fill stays empty
    const std::size_t way = random.pick(odds);
    if (way == 0) split(mlp, layer, here[random.below(static_cast<std::uint32_t>(here.size()))], 2, random);
    else if (way == 1) cancelling_pair(mlp, layer, kind, random);
    else useless(mlp, layer, kind, random);
    free -= way == 1 ? 2 : 1;
  }
}

}  // namespace

sgd::Mlp permute_units(const sgd::Mlp& mlp, std::uint64_t seed) {
  OpenMlp twin = open(mlp);
  RandomStream random(seed, "permute units");
  permute(twin, random);
  return close(twin);
}

sgd::Mlp flip_signs(const sgd::Mlp& mlp, std::uint64_t seed) {
  OpenMlp twin = open(mlp);
  RandomStream random(seed, "flip signs");
  flip(twin, random);
  return close(twin);
}

sgd::Mlp split_unit(const sgd::Mlp& mlp, int layer, int unit, int parts, std::uint64_t seed) {
  check_layer(mlp, layer);
  OpenMlp twin = open(mlp);
  if (unit < 0 || unit >= twin.units(layer) || parts < 2)
    throw ConfigError("twin: unit " + std::to_string(unit) + " of " + std::to_string(twin.units(layer)) +
                      " cannot be split into " + std::to_string(parts));
  RandomStream random(seed, "split unit");
  split(twin, layer, unit, parts, random);
  return close(twin);
}

sgd::Mlp add_cancelling_pair(const sgd::Mlp& mlp, int layer, UnitKind kind, std::uint64_t seed) {
  check_layer(mlp, layer);
  OpenMlp twin = open(mlp);
  RandomStream random(seed, "cancelling pair");
  cancelling_pair(twin, layer, kind, random);
  return close(twin);
}

sgd::Mlp add_useless_units(const sgd::Mlp& mlp, int layer, UnitKind kind, int count, std::uint64_t seed) {
  check_layer(mlp, layer);
  OpenMlp twin = open(mlp);
  RandomStream random(seed, "useless units");
  for (int i = 0; i < count; ++i) useless(twin, layer, kind, random);
  return close(twin);
}

sgd::Mlp rotate_linear_units(const sgd::Mlp& mlp, int layer, std::uint64_t seed) {
  check_layer(mlp, layer);
  OpenMlp twin = open(mlp);
  RandomStream random(seed, "rotate linear units");
  rotate(twin, layer, linear, random);
  return close(twin);
}

sgd::Mlp rotate_layer(const sgd::Mlp& mlp, int layer, std::uint64_t seed) {
  check_layer(mlp, layer);
  OpenMlp twin = open(mlp);
  // Step 1. A layer of linear units that pass on what is below.
  const int count = twin.units(layer);
  const auto above = static_cast<std::ptrdiff_t>(layer) + 1;
  twin.hidden.insert(twin.hidden.begin() + above,
                     std::vector<sgd::MlpUnit>(static_cast<std::size_t>(count), {UnitKind{}, std::nullopt}));
  const auto size = static_cast<std::size_t>(count) * static_cast<std::size_t>(count);
  twin.matrices.insert(twin.matrices.begin() + above,
                       {count, count, std::vector<double>(size), std::vector<std::uint8_t>(size),
                        std::vector<std::uint8_t>(size)});
  for (int u = 0; u < count; ++u) twin.into(layer + 1).set(u, u, 1.0);
  // Step 2. Rotated.
  RandomStream random(seed, "rotate layer");
  rotate(twin, layer + 1, linear, random);
  return close(twin);
}

void validate(const HideSettings& settings) {
  if (!(settings.widen >= 1 && settings.widen <= 100))
    throw ConfigError("hide: widen is " + std::to_string(settings.widen) + ", allowed is 1 to 100");
  if (!settings.split && !settings.cancel && !settings.useless)
    throw ConfigError(
        "hide: splits, cancelling pairs and useless units are all off; one is needed to fill columns");
}

sgd::Mlp hide(const sgd::Mlp& mlp, std::uint64_t seed, const HideSettings& settings) {
  validate(settings);
  sgd::Architecture wide = sgd::architecture_of(mlp.wiring);
  for (auto& [kind, count] : wide.columns) count = static_cast<int>(std::ceil(count * settings.widen));
  if (settings.architecture) wide = *settings.architecture;
  OpenMlp twin = open(without_empty_columns(mlp));
  for (int layer = 0; layer < twin.depth(); ++layer) {
    RandomStream random(seed, "hide", static_cast<std::uint64_t>(layer));
    for (const auto& [kind, columns] : wide.columns) fill(twin, layer, kind, columns, settings, random);
    if (settings.rotate) rotate(twin, layer, cache, random);
  }
  for (auto& layer : twin.hidden)
    for (sgd::MlpUnit& unit : layer) unit.origin.reset();
  for (OpenMatrix& matrix : twin.matrices) std::ranges::fill(matrix.copy, std::uint8_t{0});
  twin = open(sgd::arrange(close(twin), wide));
  RandomStream random(seed, "hide signs and order");
  if (settings.flip) flip(twin, random);
  if (settings.permute) permute(twin, random);
  if (settings.dense)
    for (OpenMatrix& matrix : twin.matrices) std::ranges::fill(matrix.exists, std::uint8_t{1});
  return close(twin);
}

}  // namespace skein::bridge
