#include "experiments/landscape/fit.hpp"

#include <ctime>
#include <limits>

#include "lib/base/error.hpp"
#include "sgd/train/least_squares.hpp"

namespace skein::experiments {
namespace {

double thread_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

bool fit_by_gradient(Fit& result, const Picture& target, const FitSettings& settings,
                     const std::function<bool()>& go_on) {
  sgd::Trainer trainer(sgd::picture_problem(result.mlp.wiring, target), settings.train, result.mlp.weights);
  const bool ended = trainer.run([&](const Progress&) { return !go_on || go_on(); }) || trainer.done();
  if (!ended) return false;
  const sgd::TrainState& state = trainer.state();
  if (state.step > 0) result.mlp.weights = state.best;
  result.first_loss = state.losses.empty() ? 0.0 : static_cast<double>(state.losses.front());
  result.loss = state.mean_loss();
  result.best_loss = state.best_loss;
  result.steps = state.step;
  return true;
}

bool fit_by_squares(Fit& result, const Picture& target, const FitSettings& settings,
                    const std::function<bool()>& go_on) {
  const Weights& start = result.mlp.weights;
  const Eigen::VectorXd at =
      Eigen::Map<const Eigen::VectorXf>(start.data(), static_cast<Eigen::Index>(start.size())).cast<double>();
  const auto found = sgd::levenberg_marquardt(sgd::picture_squares(result.mlp.wiring, target), at,
                                              {.steps = settings.train.steps}, go_on);
  if (!found) return false;
  for (std::size_t slot = 0; slot < start.size(); ++slot)
    result.mlp.weights[slot] = static_cast<float>(found->at(static_cast<Eigen::Index>(slot)));
  result.first_loss = found->first;
  result.loss = result.best_loss = found->squares;
  result.steps = found->steps;
  return true;
}

}  // namespace

std::optional<Fit> fit(const sgd::Mlp& start, const Picture& target, const FitSettings& settings,
                       const std::function<bool()>& go_on) {
  const double began = thread_seconds();
  Fit result;
  result.mlp.wiring = start.wiring;
  result.mlp.weights = start.weights;
  try {
    const auto by = settings.second_order ? fit_by_squares : fit_by_gradient;
    if (!by(result, target, settings, go_on)) return std::nullopt;
  } catch (const NumericError&) {
    result.diverged = true;
    result.first_loss = result.loss = result.best_loss = std::numeric_limits<double>::infinity();
  }
  result.seconds = thread_seconds() - began;
  return result;
}

}  // namespace skein::experiments
