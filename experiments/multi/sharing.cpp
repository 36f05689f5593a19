#include "experiments/multi/sharing.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <span>
#include <utility>

#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"
#include "sgd/mlp/matrix_mlp.hpp"
#include "sgd/mlp/sample_inputs.hpp"

namespace skein::experiments {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;

/// A network with what it is to draw, and every unit's map.
class Ablation {
 public:
  Ablation(const sgd::Mlp& network, const Picture& picture)
      : mlp_(sgd::to_matrices(network)),
        maps_(sgd::maps_of(mlp_, sgd::sample_inputs(mlp_.signature, Grid{picture.width, picture.height}))),
        wanted_(static_cast<Index>(picture.pixels()), 3) {
    for (int c = 0; c < 3; ++c)
      for (Index p = 0; p < wanted_.rows(); ++p)
        wanted_(p, c) = static_cast<double>(picture.channel(c)[static_cast<std::size_t>(p)]);
    plain_ = (wanted_.rowwise() - wanted_.colwise().mean()).array().square().mean();
    if (!(plain_ > 0)) throw ConfigError("a picture of one colour needs no unit");
    loss_ = loss_of(maps_.values.back());
  }

  const sgd::MatrixMlp& mlp() const { return mlp_; }
  double plain() const { return plain_; }

  /// The loss when these units (layer, column) are replaced by their means.
  double without(const std::vector<std::pair<std::size_t, Index>>& units) const {
    std::size_t lowest = mlp_.depth();
    for (const auto& [layer, unit] : units) lowest = std::min(lowest, layer);
    MatrixXd values = maps_.values[lowest + 1];
    for (std::size_t layer = lowest; layer < mlp_.depth(); ++layer) {
      if (layer > lowest) values = sgd::layer_values(mlp_, layer, values);
      for (const auto& [of_layer, unit] : units)
        if (of_layer == layer) values.col(unit).setConstant(maps_.values[layer + 1].col(unit).mean());
    }
    return loss_of(sgd::outputs_of(mlp_, values, mlp_.depth()));
  }

  double rise(std::size_t layer, Index unit) const {
    MatrixXd values = maps_.values[layer + 1];
    values.col(unit).setConstant(values.col(unit).mean());
    return (loss_of(sgd::outputs_of(mlp_, values, layer + 1)) - loss_) / plain_;
  }

 private:
  double loss_of(const MatrixXd& outputs) const {
    return (sgd::colours(outputs) - wanted_).array().square().mean();
  }

  sgd::MatrixMlp mlp_;
  sgd::Maps maps_;
  MatrixXd wanted_;  // (pixels, 3), RGB
  double plain_ = 0, loss_ = 0;
};

/// Every hidden unit, layer after layer.
std::vector<std::pair<std::size_t, Index>> units_of(const sgd::MatrixMlp& mlp) {
  std::vector<std::pair<std::size_t, Index>> units;
  for (std::size_t layer = 0; layer < mlp.depth(); ++layer)
    for (Index unit = 0; unit < mlp.weights[layer].rows(); ++unit) units.emplace_back(layer, unit);
  return units;
}

std::vector<Ablation> ablations_of(const std::vector<sgd::Mlp>& networks,
                                   const std::vector<Picture>& pictures) {
  if (networks.empty() || networks.size() != pictures.size())
    throw ConfigError("as many networks are needed as pictures");
  std::vector<Ablation> ablations;
  for (std::size_t k = 0; k < networks.size(); ++k) {
    if (networks[k].wiring.hidden != networks.front().wiring.hidden)
      throw ConfigError("networks that share units have the same layers");
    ablations.emplace_back(networks[k], pictures[k]);
  }
  return ablations;
}

}  // namespace

UnitUse unit_use(const std::vector<sgd::Mlp>& networks, const std::vector<Picture>& pictures) {
  const std::vector<Ablation> ablations = ablations_of(networks, pictures);
  const auto units = units_of(ablations.front().mlp());
  UnitUse use{std::vector<double>(units.size() * pictures.size()), pictures.size()};
  parallel_for(use.rises.size(), [&](std::size_t i) {
    const auto& [layer, unit] = units[i / pictures.size()];
    use.rises[i] = ablations[i % pictures.size()].rise(layer, unit);
  });
  return use;
}

Sharing sharing_of(const UnitUse& use) {
  Sharing result;
  result.units = use.units();
  std::vector<double> needed_by(use.pictures, 0.0);
  std::size_t shared = 0;
  double spread = 0;
  for (std::size_t u = 0; u < use.units(); ++u) {
    std::size_t by = 0;
    double sum = 0, squares = 0;
    for (std::size_t k = 0; k < use.pictures; ++k) {
      const double rise = std::max(0.0, use.rises[u * use.pictures + k]);
      sum += rise, squares += rise * rise;
      if (rise < least_rise) continue;
      ++by;
      ++needed_by[k];
    }
    if (by == 0) continue;
    ++result.needed;
    shared += by > 1 ? 1 : 0;
    spread += sum * sum / squares;
  }
  if (result.needed == 0) return result;
  result.shared = static_cast<double>(shared) / static_cast<double>(result.needed);
  result.pictures_a_unit = spread / static_cast<double>(result.needed);
  // The chance that a unit is needed by none, and by one alone.
  double none = 1, one = 0;
  for (const double count : needed_by) {
    const double share = count / static_cast<double>(use.units());
    one = one * (1 - share) + none * share;
    none *= 1 - share;
  }
  if (none < 1) result.by_chance = 1 - one / (1 - none);
  return result;
}

double ablation_difference(const std::vector<sgd::Mlp>& networks, const std::vector<Picture>& pictures,
                           const UnitUse& use) {
  const std::vector<Ablation> ablations = ablations_of(networks, pictures);
  const auto units = units_of(ablations.front().mlp());
  if (use.pictures != pictures.size() || use.units() != units.size())
    throw ConfigError("the units' use is of other networks");
  std::vector<std::vector<std::pair<std::size_t, Index>>> own(pictures.size());
  for (std::size_t u = 0; u < units.size(); ++u) {
    const auto rises = std::span(use.rises).subspan(u * use.pictures, use.pictures);
    const auto most = std::ranges::max_element(rises);
    if (*most >= least_rise) own[static_cast<std::size_t>(most - rises.begin())].push_back(units[u]);
  }
  double sum = 0;
  for (std::size_t k = 0; k < pictures.size(); ++k) {
    if (own[k].empty()) continue;
    double others = 0, itself = 0;
    for (std::size_t q = 0; q < pictures.size(); ++q) {
      const double accuracy = std::clamp(1 - ablations[q].without(own[k]) / ablations[q].plain(), 0.0, 1.0);
      (q == k ? itself : others) += accuracy;
    }
    sum += itself - others / static_cast<double>(pictures.size() - 1);
  }
  return sum / static_cast<double>(pictures.size());
}

}  // namespace skein::experiments
