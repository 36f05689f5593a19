#include "experiments/judge_calibration.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "bridge/layerize.hpp"
#include "experiments/evidence.hpp"
#include "experiments/fractured_twins.hpp"
#include "experiments/hand_built.hpp"

namespace skein::experiments {
namespace {

/// One changed picture: its traits, whether its network was whole, and which picture it was.
struct Example {
  Traits traits{};
  bool whole = true;
  int picture = 0;
};

std::vector<Example> examples_of(const std::vector<CalibrationNetwork>& networks, std::uint64_t seed) {
  std::vector<Example> examples;
  for (const CalibrationNetwork& network : networks) {
    ScoreSettings settings{.seed = seed};
    settings.weights = 96;
    settings.directions = 0;
    settings.noise_draws = 0;
    for (const Effect& effect : gather(network.subject, settings).weights.effects)
      if (effect.match.reached) examples.push_back({effect.traits, network.whole, network.picture});
  }
  return examples;
}

/// Weighted ridge logistic regression by Newton's method on standardised traits.
JudgeCalibration fit(const std::vector<Example>& examples) {
  JudgeCalibration result;
  const auto count = static_cast<Eigen::Index>(examples.size());
  Eigen::MatrixXd x = Eigen::MatrixXd::Ones(count, trait_count + 1);
  Eigen::VectorXd y(count), weight(count);
  std::array<double, trait_count> mean{}, spread{};
  for (int t = 0; t < trait_count; ++t) {
    const auto index = static_cast<std::size_t>(t);
    std::vector<double> values;
    for (const Example& example : examples) values.push_back(example.traits[index]);
    std::sort(values.begin(), values.end());
    result.low[index] = values[values.size() / 100];
    result.high[index] = values[values.size() - 1 - values.size() / 100];
    for (const double value : values)
      mean[index] += std::clamp(value, result.low[index], result.high[index]) / static_cast<double>(count);
    for (const double value : values)
      spread[index] += std::pow(std::clamp(value, result.low[index], result.high[index]) - mean[index], 2) /
                       static_cast<double>(count);
    spread[index] = std::max(1e-6, std::sqrt(spread[index]));
    for (Eigen::Index i = 0; i < count; ++i)
      x(i, t) = (std::clamp(examples[static_cast<std::size_t>(i)].traits[index], result.low[index],
                            result.high[index]) -
                 mean[index]) /
                spread[index];
  }
  for (Eigen::Index i = 0; i < count; ++i) {
    const Example& example = examples[static_cast<std::size_t>(i)];
    y(i) = example.whole;
    const auto alike = std::count_if(examples.begin(), examples.end(), [&](const Example& other) {
      return other.whole == example.whole && other.picture == example.picture;
    });
    weight(i) = 1.0 / static_cast<double>(alike);
  }
  weight *= static_cast<double>(count) / weight.sum();
  constexpr double ridge =
      0.02;  // tuned: the best area under the curve on pictures left out, of 0.002, 0.02, 0.2
  Eigen::VectorXd slope = Eigen::VectorXd::Zero(trait_count + 1);
  Eigen::VectorXd penalty = Eigen::VectorXd::Constant(trait_count + 1, ridge * static_cast<double>(count));
  penalty(trait_count) = 1e-9;
  for (int step = 0; step < 50; ++step) {
    const Eigen::VectorXd chance = (1 / (1 + (-(x * slope).array()).exp())).matrix();
    const Eigen::VectorXd curvature = weight.array() * chance.array() * (1 - chance.array());
    Eigen::MatrixXd hessian = x.transpose() * curvature.asDiagonal() * x;
    hessian.diagonal() += penalty;
    const Eigen::VectorXd gradient =
        x.transpose() * (weight.array() * (y - chance).array()).matrix() - penalty.cwiseProduct(slope);
    slope += hessian.ldlt().solve(gradient);
  }
  result.intercept = slope(trait_count);
  for (std::size_t t = 0; t < trait_count; ++t) {
    result.slope[t] = slope(static_cast<Eigen::Index>(t)) / spread[t];
    result.intercept -= result.slope[t] * mean[t];
  }
  return result;
}

}  // namespace

std::vector<CalibrationNetwork> calibration_networks(std::uint64_t seed) {
  std::vector<CalibrationNetwork> networks;
  int picture = 0;
  for (const auto& genome : {face().genome, flower().genome, sunset().genome}) {
    const sgd::Mlp mlp = bridge::layerize(genome);
    networks.push_back({subject_of(mlp), picture, true});
    for (const Fracture fracture : fractures)
      networks.push_back({subject_of(fractured_twin(mlp, fracture, seed)), picture, false});
    ++picture;
  }
  return networks;
}

CalibrationResult calibrate_structure_judge(std::uint64_t seed) {
  const auto examples = examples_of(calibration_networks(seed), seed);
  CalibrationResult result{.calibration = fit(examples), .steps = examples.size()};
  int pictures = 0;
  for (const Example& example : examples) pictures = std::max(pictures, example.picture + 1);
  for (int left_out = 0; left_out < pictures; ++left_out) {
    std::vector<Example> others;
    std::vector<double> whole, debris;
    for (const Example& example : examples)
      if (example.picture != left_out) others.push_back(example);
    const JudgeCalibration judge = fit(others);
    for (const Example& example : examples)
      if (example.picture == left_out)
        (example.whole ? whole : debris).push_back(judged_whole(judge, example.traits));
    double right = 0, wins = 0;
    for (const double w : whole) {
      right += (w > 0.5) / static_cast<double>(whole.size()) / 2;
      for (const double d : debris) wins += w > d ? 1.0 : w == d ? 0.5 : 0.0;
    }
    for (const double d : debris) right += (d <= 0.5) / static_cast<double>(debris.size()) / 2;
    result.accuracy += right / pictures;
    result.area += wins / static_cast<double>(whole.size()) / static_cast<double>(debris.size()) / pictures;
  }
  return result;
}

}  // namespace skein::experiments
