#include "experiments/swarm/cma_es.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"

namespace skein::experiments {
namespace {

/// Hansen 2016, table 1.
struct Strategy {
  explicit Strategy(int dimensions) : n(dimensions) {
    population = 4 + static_cast<int>(std::floor(3 * std::log(n)));
    const int parents = population / 2;
    weights.resize(parents);
    for (int i = 0; i < parents; ++i) weights[i] = std::log((population + 1) / 2.0) - std::log(i + 1.0);
    weights /= weights.sum();
    effective = 1 / weights.squaredNorm();
    for_path = (4 + effective / n) / (n + 4 + 2 * effective / n);
    for_step = (effective + 2) / (n + effective + 5);
    rank_one = 2 / ((n + 1.3) * (n + 1.3) + effective);
    rank_mu = std::min(1 - rank_one, 2 * (effective - 2 + 1 / effective) / ((n + 2) * (n + 2) + effective));
    damping = 1 + 2 * std::max(0.0, std::sqrt((effective - 1) / (n + 1)) - 1) + for_step;
    length = std::sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));
  }
  double n;
  int population = 0;
  Eigen::VectorXd weights;
  double effective = 0, for_path = 0, for_step = 0, rank_one = 0, rank_mu = 0, damping = 0;
  double length = 0;  ///< that a standard normal vector is expected to have
};

struct CmaState {
  Eigen::VectorXd mean, path, step_path;
  Eigen::MatrixXd covariance, axes;
  Eigen::VectorXd scales;  ///< square roots of the eigenvalues, along `axes`
  double sigma = 1;
  int generation = 0;

  void decompose() {
    covariance = (covariance + covariance.transpose()).eval() / 2;
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(covariance);
    axes = solver.eigenvectors();
    scales = solver.eigenvalues().cwiseMax(1e-300).cwiseSqrt();
  }
};

/// Moves mean, step and covariance towards the better half of a generation; `steps` are its (x - mean) / sigma, the
/// best first.
void adapt(const Strategy& s, const std::vector<Eigen::VectorXd>& steps, CmaState& state) {
  ++state.generation;
  Eigen::VectorXd mean = Eigen::VectorXd::Zero(state.mean.size());
  for (Eigen::Index i = 0; i < s.weights.size(); ++i)
    mean += s.weights[i] * steps[static_cast<std::size_t>(i)];
  state.mean += state.sigma * mean;
  const Eigen::VectorXd white =
      state.axes * (state.axes.transpose() * mean).cwiseQuotient(state.scales).eval();
  state.step_path =
      (1 - s.for_step) * state.step_path + std::sqrt(s.for_step * (2 - s.for_step) * s.effective) * white;
  const double grown = 1 - std::pow(1 - s.for_step, 2 * state.generation);
  const bool calm = state.step_path.norm() / std::sqrt(grown) < (1.4 + 2 / (s.n + 1)) * s.length;
  state.path = (1 - s.for_path) * state.path;
  if (calm) state.path += std::sqrt(s.for_path * (2 - s.for_path) * s.effective) * mean;
  const double lost = calm ? 0 : s.rank_one * s.for_path * (2 - s.for_path);
  state.covariance *= 1 - s.rank_one - s.rank_mu + lost;
  state.covariance += s.rank_one * state.path * state.path.transpose();
  for (Eigen::Index i = 0; i < s.weights.size(); ++i) {
    const Eigen::VectorXd& step = steps[static_cast<std::size_t>(i)];
    state.covariance += s.rank_mu * s.weights[i] * step * step.transpose();
  }
  state.sigma *= std::exp(std::min(1.0, s.for_step / s.damping * (state.step_path.norm() / s.length - 1)));
}

Coordinates point_of(const Eigen::VectorXd& x) { return {x.data(), x.data() + x.size()}; }

void keep_best(Optimum& found, const std::vector<Coordinates>& points, const std::vector<double>& utilities) {
  for (std::size_t i = 0; i < points.size(); ++i)
    if (found.best.empty() || utilities[i] > found.utility) {
      found.best = points[i];
      found.utility = utilities[i];
    }
  found.evaluations += static_cast<std::int64_t>(points.size());
  ++found.iterations;
}

}  // namespace

void CmaSettings::validate() const {
  if (!(spread > 0) || !std::isfinite(spread))
    throw ConfigError("CMA-ES: the first spread is " + std::to_string(spread) + "; it must be positive");
  if (evaluations < 1)
    throw ConfigError("CMA-ES: " + std::to_string(evaluations) + " evaluations; at least 1 is needed");
}

Optimum cma_es(const Coordinates& start, const BatchUtility& evaluate, const CmaSettings& settings) {
  settings.validate();
  if (start.empty()) throw ConfigError("CMA-ES: a space of no dimensions");
  const auto n = static_cast<Eigen::Index>(start.size());
  const Strategy strategy(static_cast<int>(n));
  CmaState state{Eigen::Map<const Eigen::VectorXd>(start.data(), n),
                 Eigen::VectorXd::Zero(n),
                 Eigen::VectorXd::Zero(n),
                 Eigen::MatrixXd::Identity(n, n),
                 {},
                 {},
                 settings.spread};
  Optimum found;
  while (found.evaluations < settings.evaluations && found.utility < settings.enough) {
    state.decompose();
    const auto count = static_cast<std::size_t>(
        std::min<std::int64_t>(strategy.population, settings.evaluations - found.evaluations));
    std::vector<Eigen::VectorXd> steps;
    std::vector<Coordinates> points;
    for (std::size_t i = 0; i < count; ++i) {
      RandomStream random(settings.seed, "cma-es", static_cast<std::uint64_t>(found.evaluations) + i);
      Eigen::VectorXd z(n);
      for (double& value : z) value = random.normal();
      steps.push_back(state.axes * state.scales.cwiseProduct(z));
      points.push_back(point_of(state.mean + state.sigma * steps.back()));
    }
    const std::vector<double> utilities = ranked(evaluate(points), points.size());
    keep_best(found, points, utilities);
    if (count < static_cast<std::size_t>(strategy.population)) break;
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::greater{}, [&](std::size_t i) { return utilities[i]; });
    std::vector<Eigen::VectorXd> best_first;
    for (const std::size_t i : order) best_first.push_back(steps[i]);
    adapt(strategy, best_first, state);
    if (!state.mean.allFinite() || !state.covariance.allFinite() || !std::isfinite(state.sigma)) break;
  }
  return found;
}

Optimum random_search(std::size_t dimensions, const BatchUtility& evaluate, std::int64_t evaluations,
                      int batch, std::uint64_t seed) {
  if (dimensions == 0 || evaluations < 1 || batch < 1)
    throw ConfigError("random search: dimensions, evaluations and batch must be 1 or more");
  Optimum found;
  while (found.evaluations < evaluations) {
    const auto count = std::min<std::int64_t>(batch, evaluations - found.evaluations);
    std::vector<Coordinates> points;
    for (std::int64_t i = 0; i < count; ++i) {
      RandomStream random(seed, "random search", static_cast<std::uint64_t>(found.evaluations + i));
      Coordinates point(dimensions);
      for (double& value : point) value = random.normal();
      points.push_back(std::move(point));
    }
    keep_best(found, points, ranked(evaluate(points), points.size()));
  }
  return found;
}

}  // namespace skein::experiments
