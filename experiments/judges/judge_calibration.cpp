#include "experiments/judges/judge_calibration.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "bridge/layerize.hpp"
#include "experiments/measures/evidence.hpp"
#include "experiments/targets/hand_built.hpp"

namespace skein::experiments {
namespace {

/// One network's changed pictures.
struct Looked {
  std::vector<ChangeTraits> steps;
  int picture = 0;
  std::optional<Fracture> fracture;
};

Looked look_at(const CalibrationNetwork& network) {
  ScoreSettings settings;
  settings.directions = 0;
  settings.noise_draws = 0;
  Looked looked{.steps = {}, .picture = network.picture, .fracture = network.fracture};
  for (const Effect& effect : gather(network.subject, settings).weights.effects)
    if (effect.match.reached && effect.change) looked.steps.push_back(*effect.change);
  return looked;
}

/// The traits of all steps, one row each, with the answer and the weight of every row.
struct Table {
  Eigen::MatrixXd x;
  Eigen::VectorXd whole, weight;
};

Table table_of(const std::vector<Looked>& networks) {
  std::size_t count = 0;
  for (const Looked& network : networks) count += network.steps.size();
  const auto rows = static_cast<Eigen::Index>(count);
  Table table{Eigen::MatrixXd(rows, trait_count), Eigen::VectorXd(rows), Eigen::VectorXd(rows)};
  Eigen::Index row = 0;
  for (const Looked& network : networks)
    for (const ChangeTraits& traits : network.steps) {
      for (int t = 0; t < trait_count; ++t) table.x(row, t) = traits[static_cast<std::size_t>(t)];
      table.whole(row) = !network.fracture;
      table.weight(row) = (network.fracture ? 1.0 / static_cast<double>(fractures.size()) : 1.0) /
                          static_cast<double>(network.steps.size());
      ++row;
    }
  table.weight *= static_cast<double>(rows) / table.weight.sum();
  return table;
}

/// Clamps each trait to all but its outermost hundredths, and standardises it. The mean and spread that it
/// had.
std::pair<Eigen::RowVectorXd, Eigen::RowVectorXd> standardise(Table& table, JudgeCalibration& calibration) {
  Eigen::RowVectorXd mean(trait_count), spread(trait_count);
  for (int t = 0; t < trait_count; ++t) {
    auto column = table.x.col(t);
    std::vector<double> values(column.begin(), column.end());
    std::sort(values.begin(), values.end());
    const auto index = static_cast<std::size_t>(t);
    calibration.low[index] = values[values.size() / 100];
    calibration.high[index] = values[values.size() - 1 - values.size() / 100];
    column = column.cwiseMax(calibration.low[index]).cwiseMin(calibration.high[index]).eval();
    mean(t) = table.weight.dot(column) / table.weight.sum();
    spread(t) = std::max(
        1e-6, std::sqrt(table.weight.dot((column.array() - mean(t)).square().matrix()) / table.weight.sum()));
    column = ((column.array() - mean(t)) / spread(t)).eval();
  }
  return {mean, spread};
}

/// Weighted ridge logistic regression by Newton's method on the standardised traits.
JudgeCalibration fit(const std::vector<Looked>& networks) {
  constexpr double ridge = 0.02;
  JudgeCalibration result;
  Table table = table_of(networks);
  const auto [mean, spread] = standardise(table, result);
  const auto rows = static_cast<double>(table.x.rows());
  Eigen::MatrixXd x = Eigen::MatrixXd::Ones(table.x.rows(), trait_count + 1);
  x.leftCols(trait_count) = table.x;
  Eigen::VectorXd slope = Eigen::VectorXd::Zero(trait_count + 1);
  Eigen::VectorXd penalty = Eigen::VectorXd::Constant(trait_count + 1, ridge * rows);
  penalty(trait_count) = 1e-9;
  for (int step = 0; step < 50; ++step) {
    const Eigen::VectorXd chance = (1 / (1 + (-(x * slope).array()).exp())).matrix();
    const Eigen::VectorXd curvature = table.weight.array() * chance.array() * (1 - chance.array());
    Eigen::MatrixXd hessian = x.transpose() * curvature.asDiagonal() * x;
    hessian.diagonal() += penalty;
    const Eigen::VectorXd gradient =
        x.transpose() * (table.weight.array() * (table.whole - chance).array()).matrix() -
        penalty.cwiseProduct(slope);
    slope += hessian.ldlt().solve(gradient);
  }
  result.intercept = slope(trait_count);
  for (int t = 0; t < trait_count; ++t) {
    result.slope[static_cast<std::size_t>(t)] = slope(t) / spread(t);
    result.intercept -= slope(t) / spread(t) * mean(t);
  }
  return result;
}

std::vector<double> chances(const JudgeCalibration& judge, const Looked& network) {
  std::vector<double> result;
  for (const ChangeTraits& traits : network.steps) result.push_back(judged_whole(judge, traits));
  return result;
}

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// The chance that a step of `whole` is judged above one of `other`; ties count a half.
double area_under_curve(const std::vector<double>& whole, const std::vector<double>& other) {
  double wins = 0;
  for (const double w : whole)
    for (const double o : other) wins += w > o ? 1.0 : w == o ? 0.5 : 0.0;
  return wins / static_cast<double>(whole.size()) / static_cast<double>(other.size());
}

}  // namespace

std::vector<CalibrationNetwork> calibration_networks(std::uint64_t twin_seed, int sketches) {
  std::vector<neat::Genome> genomes{face().genome, flower().genome, sunset().genome};
  for (int s = 1; s <= sketches; ++s) genomes.push_back(random_sketch(static_cast<std::uint64_t>(s)).genome);
  std::vector<CalibrationNetwork> networks;
  for (std::size_t g = 0; g < genomes.size(); ++g) {
    const sgd::Mlp mlp = bridge::layerize(genomes[g]);
    networks.push_back({subject_of(mlp), static_cast<int>(g), {}});
    for (const Fracture fracture : fractures)
      networks.push_back(
          {subject_of(fractured_twin(mlp, fracture, twin_seed)), static_cast<int>(g), fracture});
  }
  return networks;
}

CalibrationResult calibrate_structure_judge(std::uint64_t twin_seed, int sketches) {
  std::vector<Looked> networks;
  for (const CalibrationNetwork& network : calibration_networks(twin_seed, sketches))
    networks.push_back(look_at(network));
  CalibrationResult result{.calibration = fit(networks)};
  const std::size_t pictures = networks.size() / (1 + fractures.size());
  for (std::size_t p = 0; p < pictures; ++p) {
    const auto first = networks.begin() + static_cast<std::ptrdiff_t>(p * (1 + fractures.size()));
    const auto last = first + 1 + fractures.size();
    std::vector<Looked> others(networks.begin(), first);
    others.insert(others.end(), last, networks.end());
    const JudgeCalibration judge = fit(others);
    const auto whole = chances(judge, *first);
    std::vector<double> broken;
    for (auto twin = first + 1; twin != last; ++twin) {
      const auto judged = chances(judge, *twin);
      const double change = mean(judged) - mean(whole);
      const auto fracture = static_cast<std::size_t>(*twin->fracture);
      result.fell[fracture] += (change < 0) / static_cast<double>(pictures);
      result.difference[fracture] += change / static_cast<double>(pictures);
      broken.insert(broken.end(), judged.begin(), judged.end());
    }
    result.area += area_under_curve(whole, broken) / static_cast<double>(pictures);
  }
  for (const Looked& network : networks) result.steps += network.steps.size();
  return result;
}

}  // namespace skein::experiments
