#include "sgd/train/shared_training.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "lib/base/error.hpp"

namespace skein::sgd {
namespace {

void refuse_unknown(const std::vector<SharedProblem>& problems, std::size_t numbers,
                    const TrainSettings& settings) {
  settings.validate();
  if (problems.empty()) throw ConfigError("shared training: there is no problem");
  if (std::holds_alternative<Muon>(settings.optimizer))
    throw ConfigError("shared training: Muon needs the matrices of one network; use adam or sgd");
  if (settings.batch > 0 || settings.rewind_step > 0 || settings.sparsity.keep < 1 ||
      settings.penalty.active())
    throw ConfigError("shared training: it has no batches, no rewinding, no sparsity and no penalty");
  const auto fits = [&](const std::vector<std::uint32_t>& of_slots, bool may_lack) {
    return std::ranges::all_of(of_slots, [&](std::uint32_t number) {
      return number < numbers || (may_lack && number == no_number);
    });
  };
  for (const SharedProblem& one : problems) {
    const auto slots = static_cast<std::size_t>(one.problem.network.slot_count());
    if (one.first.size() != slots || !(one.second.empty() || one.second.size() == slots) ||
        !fits(one.first, false) || !fits(one.second, true))
      throw ConfigError("shared training: the slots of a problem do not fit the " + std::to_string(numbers) +
                        " numbers");
    if (!one.problem.trainable.empty()) throw ConfigError("shared training: it has no frozen weights");
  }
}

double norm_of(std::span<const float> gradient) {
  double square = 0;
  for (const float g : gradient) square += static_cast<double>(g) * g;
  return std::sqrt(square);
}

/// One problem with its room.
struct Part {
  Loss loss;
  Weights weights;
  std::vector<float> gradient;
};

}  // namespace

Weights SharedProblem::weights_of(const Weights& numbers) const {
  Weights weights(first.size());
  for (std::size_t slot = 0; slot < first.size(); ++slot) {
    weights[slot] = numbers[first[slot]];
    if (!second.empty() && second[slot] != no_number) weights[slot] += numbers[second[slot]];
  }
  return weights;
}

std::optional<SharedTraining> train_shared(const std::vector<SharedProblem>& problems, Weights start,
                                           const TrainSettings& settings, const ProgressListener& listener) {
  refuse_unknown(problems, start.size(), settings);
  std::vector<Part> parts;
  for (const SharedProblem& one : problems)
    parts.push_back({Loss(Plan(one.problem.network), one.problem.samples, one.problem.target),
                     {},
                     std::vector<float>(one.first.size())});
  const Optimizer optimizer(settings.optimizer, start.size());
  const RateSchedule rates = settings.rates();
  OptimizerState state = optimizer.start();
  SharedTraining trained{start, std::vector<double>(problems.size()), 0};
  double best = std::numeric_limits<double>::infinity();
  std::vector<double> losses(problems.size());
  std::vector<float> gradient(start.size());
  for (std::int64_t step = 0; step < settings.steps; ++step) {
    std::ranges::fill(gradient, 0.0f);
    double sum = 0;
    for (std::size_t k = 0; k < problems.size(); ++k) {
      Part& part = parts[k];
      part.weights = problems[k].weights_of(start);
      losses[k] = part.loss.value_and_gradient(part.weights, part.gradient);
      const double norm = norm_of(part.gradient);
      if (!std::isfinite(losses[k]) || !std::isfinite(norm))
        throw NumericError("training stopped at step " + std::to_string(step) + ": the " +
                           (std::isfinite(losses[k]) ? "gradient" : "loss") + " of problem " +
                           std::to_string(k + 1) + " is not finite; a lower learning rate than " +
                           std::to_string(settings.learning_rate) + " may help");
      const bool divide = settings.normalize_gradient && norm > 0;
      for (std::size_t slot = 0; slot < part.gradient.size(); ++slot) {
        const float by_weight = divide ? static_cast<float>(part.gradient[slot] / norm) : part.gradient[slot];
        gradient[problems[k].first[slot]] += by_weight;
        if (!problems[k].second.empty() && problems[k].second[slot] != no_number)
          gradient[problems[k].second[slot]] += by_weight;
      }
      sum += losses[k];
    }
    if (sum < best) {
      best = sum;
      trained.numbers = start;
      trained.losses = losses;
    }
    optimizer.step(state, rates.at(step), gradient, start);
    trained.steps = step + 1;
    if (listener && (step + 1) % settings.report_every == 0 &&
        !listener({"train", step + 1, settings.steps, {{"loss", sum / static_cast<double>(losses.size())}}}))
      return std::nullopt;
  }
  return trained;
}

}  // namespace skein::sgd
