#include "experiments/swarm/align_networks.hpp"

#include <algorithm>
#include <cmath>

#include "lib/base/error.hpp"
#include "lib/graph/assignment.hpp"
#include "lib/network/activation.hpp"
#include "sgd/mlp/matrix_mlp.hpp"
#include "sgd/mlp/sample_inputs.hpp"

namespace skein::experiments {
namespace {

/// For every unit of the reference: the unit of the other layer that takes its place, and the sign it is given.
struct Matching {
  std::vector<Eigen::Index> unit;
  std::vector<double> sign;
};

double correlation(const Eigen::VectorXd& a, const Eigen::VectorXd& b) {
  const Eigen::VectorXd x = a.array() - a.mean(), y = b.array() - b.mean();
  const double length = x.norm() * y.norm();
  const double value = length > 0 ? x.dot(y) / length : 0;
  return std::isfinite(value) ? value : 0;
}

std::vector<Eigen::Index> units_of_kind(const std::vector<sgd::MlpUnit>& layer, sgd::UnitKind kind) {
  std::vector<Eigen::Index> units;
  for (std::size_t u = 0; u < layer.size(); ++u)
    if (layer[u].kind == kind) units.push_back(static_cast<Eigen::Index>(u));
  return units;
}

Matching match_layer(const std::vector<sgd::MlpUnit>& reference, const Eigen::MatrixXd& reference_maps,
                     const std::vector<sgd::MlpUnit>& layer, const Eigen::MatrixXd& maps) {
  Matching matching{std::vector<Eigen::Index>(reference.size(), -1),
                    std::vector<double>(reference.size(), 1)};
  for (const sgd::MlpUnit& first : reference) {
    const auto here = units_of_kind(reference, first.kind), there = units_of_kind(layer, first.kind);
    if (matching.unit[static_cast<std::size_t>(here[0])] >= 0) continue;  // that kind is done
    const bool odd = parity(first.kind.activation) < 0;
    std::vector<double> cost;
    for (const auto a : here)
      for (const auto b : there) {
        const double alike = correlation(reference_maps.col(a), maps.col(b));
        cost.push_back(odd ? -std::abs(alike) : -alike);
      }
    const auto chosen = assign(cost, static_cast<int>(here.size()), static_cast<int>(there.size()));
    for (std::size_t i = 0; i < here.size(); ++i) {
      const auto unit = static_cast<std::size_t>(here[i]);
      matching.unit[unit] = there[static_cast<std::size_t>(chosen[i])];
      if (odd && correlation(reference_maps.col(here[i]), maps.col(matching.unit[unit])) < 0)
        matching.sign[unit] = -1;
    }
  }
  return matching;
}

void arrange_layer(sgd::MatrixMlp& mlp, std::size_t layer, const Matching& matching) {
  const sgd::MatrixMlp old = mlp;
  for (std::size_t u = 0; u < matching.unit.size(); ++u) {
    const auto to = static_cast<Eigen::Index>(u), from = matching.unit[u];
    mlp.hidden[layer][u] = old.hidden[layer][static_cast<std::size_t>(from)];
    mlp.weights[layer].row(to) = matching.sign[u] * old.weights[layer].row(from);
    mlp.masks[layer].row(to) = old.masks[layer].row(from);
    mlp.copies[layer].row(to) = old.copies[layer].row(from);
    mlp.weights[layer + 1].col(to) = matching.sign[u] * old.weights[layer + 1].col(from);
    mlp.masks[layer + 1].col(to) = old.masks[layer + 1].col(from);
    mlp.copies[layer + 1].col(to) = old.copies[layer + 1].col(from);
  }
}

void require_same_kinds(const sgd::Wiring& wiring, const sgd::Wiring& reference) {
  if (wiring.signature != reference.signature) throw ConfigError("its inputs or outputs are others");
  if (wiring.depth() != reference.depth())
    throw ConfigError("it has " + std::to_string(wiring.depth()) + " layers, there are " +
                      std::to_string(reference.depth()));
  for (std::size_t l = 0; l < wiring.hidden.size(); ++l) {
    const auto& layer = reference.hidden[l];
    const bool same =
        wiring.hidden[l].size() == layer.size() && std::ranges::all_of(layer, [&](const sgd::MlpUnit& unit) {
          return units_of_kind(wiring.hidden[l], unit.kind).size() == units_of_kind(layer, unit.kind).size();
        });
    if (!same) throw ConfigError("its layer " + std::to_string(l + 1) + " has other kinds of units");
  }
}

}  // namespace

std::optional<std::string> wiring_difference(const sgd::Wiring& wiring, const sgd::Wiring& reference) {
  if (wiring.signature != reference.signature) return "its inputs or outputs are others";
  if (wiring.depth() != reference.depth())
    return "it has " + std::to_string(wiring.depth()) + " layers instead of " +
           std::to_string(reference.depth());
  for (std::size_t l = 0; l < wiring.masks.size(); ++l) {
    const std::string layer =
        l < wiring.hidden.size() ? "layer " + std::to_string(l + 1) : "the output layer";
    if (l < wiring.hidden.size()) {
      const auto &here = wiring.hidden[l], &there = reference.hidden[l];
      if (here.size() != there.size())
        return layer + " has " + std::to_string(here.size()) + " units instead of " +
               std::to_string(there.size());
      for (std::size_t u = 0; u < here.size(); ++u)
        if (here[u].kind != there[u].kind)
          return "unit " + std::to_string(u + 1) + " of " + layer + " is " +
                 std::string(sgd::name(here[u].kind)) + " instead of " +
                 std::string(sgd::name(there[u].kind));
    }
    if (wiring.masks[l] != reference.masks[l]) return "other weights exist in " + layer;
  }
  return {};
}

sgd::Mlp aligned_to(const sgd::Mlp& mlp, const sgd::Mlp& reference) {
  require_same_kinds(mlp.wiring, reference.wiring);
  constexpr int side = 32;
  sgd::MatrixMlp arranged = sgd::to_matrices(mlp);
  const sgd::MatrixMlp fixed = sgd::to_matrices(reference);
  const Eigen::MatrixXd inputs = sgd::sample_inputs(fixed.signature, Grid{side, side});
  const sgd::Maps own = sgd::maps_of(arranged, inputs), others = sgd::maps_of(fixed, inputs);
  for (std::size_t l = 0; l < fixed.depth(); ++l)
    arrange_layer(arranged, l,
                  match_layer(fixed.hidden[l], others.values[l + 1], arranged.hidden[l], own.values[l + 1]));
  sgd::Mlp result = sgd::to_mlp(arranged);
  if (const auto difference = wiring_difference(result.wiring, reference.wiring))
    throw ConfigError("its units can be matched, but then " + *difference);
  return result;
}

}  // namespace skein::experiments
