#include "experiments/landscape/minibatch_walks.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "experiments/runs/shared_work.hpp"
#include "experiments/statistics/table.hpp"
#include "lib/base/error.hpp"
#include "lib/base/random.hpp"
#include "lib/engine/engine.hpp"
#include "sgd/train/train.hpp"

namespace skein::experiments {
namespace {

double norm_of(const Weights& weights) {
  double squares = 0;
  for (const float w : weights) squares += static_cast<double>(w) * static_cast<double>(w);
  return std::sqrt(squares);
}

double distance_between(const Weights& a, const Weights& b) {
  double squares = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = static_cast<double>(a[i]) - static_cast<double>(b[i]);
    squares += difference * difference;
  }
  return std::sqrt(squares);
}

double loss_on(const Picture& picture, const sgd::Mlp& mlp) {
  const sgd::Problem problem = sgd::picture_problem(mlp.wiring, picture);
  return Loss(Plan(problem.network), problem.samples, problem.target).value(mlp.weights);
}

/// Walks on; false when stopped.
bool walk(MinibatchWalk& one, sgd::Mlp& mlp, const Picture& noisy, const MinibatchSettings& settings,
          const std::function<bool()>& go_on) {
  sgd::TrainSettings train;
  train.steps = settings.steps;
  train.optimizer = sgd::Momentum{.momentum = 0};
  train.learning_rate = one.rate;
  train.normalize_gradient = false;
  train.batch = one.pixels;
  train.seed =
      RandomStream(settings.seed, "minibatch walk " + one.network, static_cast<std::uint64_t>(one.seed))
          .bits64();
  const Weights began = mlp.weights;
  try {
    sgd::Trainer trainer(sgd::picture_problem(mlp.wiring, noisy), train, mlp.weights);
    if (!trainer.run([&](const Progress&) { return go_on(); }) && !trainer.done()) return false;
    mlp.weights = trainer.state().weights;
  } catch (const NumericError&) {
    one.diverged = true;
    return true;
  }
  const double length = norm_of(began);
  one.moved = length > 0 ? distance_between(mlp.weights, began) / length : 0;
  return true;
}

template <class Numbers>
void refuse_twice(Numbers numbers, const std::string& option) {
  std::ranges::sort(numbers);
  if (const auto twice = std::ranges::adjacent_find(numbers); twice != numbers.end())
    throw ConfigError(option + ": " + number_text(static_cast<double>(*twice)) + " is given twice");
}

}  // namespace

void MinibatchSettings::validate() const {
  if (pixels.empty()) throw ConfigError("--minibatches: names none");
  if (std::ranges::find(pixels, 0u) != pixels.end())
    throw ConfigError("--minibatches 0: at least 1 pixel a step is needed");
  if (rates.empty()) throw ConfigError("--minibatch-rates: names none");
  for (const double rate : rates)
    if (!(rate > 0) || !std::isfinite(rate))
      throw ConfigError("--minibatch-rates " + number_text(rate) + ": must be above 0");
  refuse_twice(pixels, "--minibatches");
  refuse_twice(rates, "--minibatch-rates");
  if (steps < 1 || seeds < 1) throw ConfigError("a walk needs a step and a seed at least");
}

Picture noisy_picture(const Picture& picture, double noise, std::uint64_t seed) {
  Picture result = picture;
  RandomStream random(seed, "noise on the picture");
  for (float& value : result.rgb)
    value = static_cast<float>(std::clamp(static_cast<double>(value) + noise * random.normal(), 0.0, 1.0));
  return result;
}

std::optional<std::vector<MinibatchWalk>> minibatch_walks(const std::vector<NamedNetwork>& networks,
                                                          const BasinTarget& target,
                                                          const MinibatchSettings& settings,
                                                          const ProgressListener& listener) {
  settings.validate();
  std::vector<std::uint32_t> sizes = settings.pixels;
  std::ranges::sort(sizes);
  sizes.push_back(0);
  const Picture noisy = noisy_picture(target.picture, settings.picture_noise, settings.seed);
  std::vector<MinibatchWalk> walks;
  std::vector<std::size_t> of_network;
  for (std::size_t n = 0; n < networks.size(); ++n) {
    MinibatchWalk one;
    one.network = networks[n].name;
    one.loss_before = loss_on(target.picture, networks[n].mlp);
    one.before = inside_score(networks[n].mlp, target, settings.seed);
    for (const double rate : settings.rates)
      for (const std::uint32_t pixels : sizes)
        for (int seed = 0; seed < (pixels == 0 ? 1 : settings.seeds); ++seed) {
          one.rate = rate;
          one.pixels = pixels;
          one.seed = seed;
          walks.push_back(one);
          of_network.push_back(n);
        }
  }
  SharedWork work("minibatches", std::ssize(walks), 0, listener);
  const bool ended = work.each(
      walks.size(),
      [&](std::size_t w) -> std::optional<MinibatchWalk> {
        MinibatchWalk one = walks[w];
        sgd::Mlp mlp = networks[of_network[w]].mlp;
        if (!walk(one, mlp, noisy, settings, [&] { return work.go_on(); })) return std::nullopt;
        if (one.diverged) {
          one.loss_after = one.moved = std::numeric_limits<double>::infinity();
        } else {
          one.loss_after = loss_on(target.picture, mlp);
          one.after = inside_score(mlp, target, settings.seed);
        }
        return one;
      },
      [&](std::size_t w, MinibatchWalk one) { walks[w] = std::move(one); });
  if (!ended) return std::nullopt;
  return walks;
}

}  // namespace skein::experiments
