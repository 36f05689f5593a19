#include "sgd/train/train.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"
#include "sgd/train/mean_of_last.hpp"

namespace skein::sgd {

namespace {

constexpr std::int64_t most_steps = 1'000'000'000;

/// Different samples, chosen by step number alone so that a rewound training sees the same ones.
std::vector<std::uint32_t> batch_of(const TrainSettings& settings, std::size_t samples, std::int64_t step) {
  RandomStream random(settings.seed, "training pixels", static_cast<std::uint64_t>(step));
  std::vector<std::uint32_t> all(samples);
  std::iota(all.begin(), all.end(), 0u);
  for (std::size_t i = 0; i < settings.batch; ++i)
    std::swap(all[i], all[i + random.below(static_cast<std::uint32_t>(samples - i))]);
  all.resize(settings.batch);
  std::ranges::sort(all);
  return all;
}

bool all_finite(std::span<const float> numbers) {
  return std::ranges::all_of(numbers, [](float x) { return std::isfinite(x); });
}

void require_size(const Weights& weights, const Network& network, const char* what) {
  if (weights.size() != static_cast<std::size_t>(network.slot_count()))
    throw ConfigError(std::to_string(weights.size()) + " " + what + " for a network of " +
                      std::to_string(network.slot_count()));
}

/// The samples in pieces that are small enough for the maps of every unit to be held at once.
std::vector<SampleSource> pieces_of(const SampleSource& samples) {
  constexpr std::size_t piece = 1024;
  if (is_subset(samples)) return {samples};
  const SampleSource shared = subset_of(samples, {});
  const std::size_t count = sample_count(samples);
  std::vector<SampleSource> pieces;
  for (std::size_t first = 0; first < count; first += piece) {
    std::vector<std::uint32_t> chosen(std::min(piece, count - first));
    std::iota(chosen.begin(), chosen.end(), static_cast<std::uint32_t>(first));
    pieces.push_back(subset_of(shared, std::move(chosen)));
  }
  return pieces;
}

/// The first layer with a value that is not finite anywhere, as text; empty when there is none.
std::string first_bad_layer(const Plan& plan, const Weights& weights, const SampleSource& samples) {
  const Network& network = plan.network();
  const auto units = static_cast<std::size_t>(network.unit_count());
  std::vector<ValueIndex> values(units);
  std::iota(values.begin(), values.end(), static_cast<ValueIndex>(network.input_count()));
  std::int32_t layer = 0;
  for (const auto& piece : pieces_of(samples)) {
    const std::size_t count = sample_count(piece);
    std::vector<float> maps(units * count);
    feature_maps(plan, weights, piece, values, maps);
    for (std::size_t u = 0; u < units; ++u)
      if (!all_finite(std::span(maps).subspan(u * count, count)) &&
          (layer == 0 || network.units()[u].layer < layer))
        layer = network.units()[u].layer;
  }
  return layer == 0 ? "" : "layer " + std::to_string(layer) + " is the first with a value that is not finite";
}

/// What the loss runs over: all samples, or room for those drawn at each step.
SampleSource training_samples(const Problem& problem, const TrainSettings& settings) {
  if (settings.batch == 0) return problem.samples;
  const std::size_t count = sample_count(problem.samples);
  if (is_subset(problem.samples))
    throw ConfigError("samples per step is " + std::to_string(settings.batch) +
                      "; they are drawn from a whole grid or table, not from a subset");
  if (settings.batch > count)
    throw ConfigError("samples per step is " + std::to_string(settings.batch) + "; there are " +
                      std::to_string(count));
  return subset_of(problem.samples, batch_of(settings, count, 0));
}

TrainState fresh_state(const Problem& problem, const TrainSettings& settings, Weights weights) {
  TrainState state;
  state.initial = weights;
  state.weights = std::move(weights);
  state.optimizer = Optimizer(settings.optimizer, static_cast<std::size_t>(problem.network.slot_count()),
                              problem.layout, problem.trainable)
                        .start();
  return state;
}

}  // namespace

Problem problem_on(const Wiring& wiring, Examples examples, bool freeze_copies) {
  Lowered lowered = lower(wiring);
  return {std::move(lowered.network), std::move(lowered.layout),
          freeze_copies ? trainable_without_copies(wiring) : std::vector<std::uint8_t>{},
          std::move(examples.samples), std::move(examples.target)};
}

Problem picture_problem(const Wiring& wiring, const Picture& target, bool freeze_copies) {
  return problem_on(wiring, target, freeze_copies);
}

void TrainSettings::validate() const {
  if (steps < 0 || steps > most_steps)
    throw ConfigError("steps is " + std::to_string(steps) + "; it must lie between 0 and " +
                      std::to_string(most_steps));
  sgd::validate(optimizer);
  sparsity.validate();
  penalty.validate();
  rates().validate();
  if (rewind_step < 0 || (rewind_step > 0 && rewind_step >= steps))
    throw ConfigError("rewind step is " + std::to_string(rewind_step) +
                      "; it must come before the last of the " + std::to_string(steps) + " steps");
  if (report_every < 1)
    throw ConfigError("progress every " + std::to_string(report_every) + " steps; it must be 1 or more");
}

bool TrainSettings::settled(std::int64_t steps_taken) const {
  return sparsity.at(steps_taken, steps) <= sparsity.keep &&
         (!penalty.active() || penalty.at(steps_taken, steps) >= penalty.strength);
}

RateSchedule TrainSettings::rates() const { return {schedule, learning_rate, steps, warmup, schedule_floor}; }

double TrainState::mean_loss(std::size_t count) const { return mean_of_last(losses, count); }

Trainer::Trainer(Problem problem, TrainSettings settings, TrainState state)
    : problem_(std::move(problem)),
      settings_(std::move(settings)),
      rates_(settings_.rates()),
      optimizer_(settings_.optimizer, static_cast<std::size_t>(problem_.network.slot_count()),
                 problem_.layout, problem_.trainable),
      sparse_(problem_.layout, static_cast<std::size_t>(problem_.network.slot_count()), problem_.trainable),
      penalty_(settings_.penalty.kind, problem_.layout,
               static_cast<std::size_t>(problem_.network.slot_count()), problem_.trainable),
      loss_(Plan(problem_.network, {problem_.trainable}), training_samples(problem_, settings_),
            problem_.target),
      state_(std::move(state)),
      gradient_(static_cast<std::size_t>(problem_.network.slot_count())) {
  settings_.validate();
  require_size(state_.weights, problem_.network, "weights");
  require_size(state_.initial, problem_.network, "initial weights");
  if (state_.step > 0) require_size(state_.best, problem_.network, "best weights");
  if (!state_.rewind.empty()) require_size(state_.rewind, problem_.network, "weights to rewind to");
  const OptimizerState fresh = optimizer_.start();
  if (state_.optimizer.first.size() != fresh.first.size() ||
      state_.optimizer.second.size() != fresh.second.size())
    throw ConfigError("the state of the optimizer is not that of " + std::string(name(settings_.optimizer)) +
                      " on " + std::to_string(fresh.first.size()) + " weights");
}

Trainer::Trainer(Problem problem, TrainSettings settings, Weights weights)
    : Trainer(problem, settings, fresh_state(problem, settings, std::move(weights))) {
  sparse_.apply(sparsity_at(0), state_.weights);
}

void Trainer::step() {
  if (settings_.batch > 0) loss_.set_subset(batch_of(settings_, sample_count(problem_.samples), state_.step));
  const double loss = loss_.value_and_gradient(state_.weights, gradient_);
  if (!std::isfinite(loss) || !all_finite(gradient_)) refuse_not_finite(loss);
  if (settings_.rewind_step > 0 && state_.step == settings_.rewind_step) state_.rewind = state_.weights;
  // While weights are still being taken away, nothing counts for long as the best.
  const bool settling = state_.step > 0 && !settings_.settled(state_.step - 1);
  if (loss < state_.best_loss || settling) {
    state_.best_loss = loss;
    state_.best_step = state_.step;
    state_.best = state_.weights;
  }
  state_.losses.push_back(static_cast<float>(loss));
  if (settings_.normalize_gradient) {
    double square = 0;
    for (const float g : gradient_) square += static_cast<double>(g) * g;
    const double norm = std::sqrt(square);
    if (norm > 0)
      for (float& g : gradient_) g = static_cast<float>(g / norm);
  }
  const double rate = rates_.at(state_.step);
  optimizer_.step(state_.optimizer, rate, gradient_, state_.weights);
  penalty_.apply(rate * settings_.penalty.at(state_.step, settings_.steps), state_.weights);
  ++state_.step;
  sparse_.apply(sparsity_at(state_.step), state_.weights);
}

double Trainer::sparsity_at(std::int64_t step) const { return settings_.sparsity.at(step, settings_.steps); }

void Trainer::refuse_not_finite(double loss) {
  std::string cause;
  if (!all_finite(state_.weights)) cause = "a weight is not finite";
  else cause = first_bad_layer(loss_.plan(), state_.weights, problem_.samples);
  if (cause.empty())
    cause = std::isfinite(loss) ? "the backward pass overflowed" : "the squared error overflowed";
  throw NumericError("training stopped at step " + std::to_string(state_.step) + ": the " +
                     (std::isfinite(loss) ? "gradient" : "loss") + " is not finite; " + cause +
                     "; a lower learning rate than " + std::to_string(settings_.learning_rate) + " may help");
}

bool Trainer::report(const ProgressListener& listener) const {
  if (!listener) return true;
  return listener({"train",
                   state_.step,
                   settings_.steps,
                   {{"loss", state_.mean_loss()},
                    {"best_loss", state_.best_loss},
                    {"rate", rates_.at(std::max<std::int64_t>(0, state_.step - 1))}}});
}

bool Trainer::advance(std::int64_t steps, const ProgressListener& listener) {
  const std::int64_t end = std::min(settings_.steps, state_.step + steps);
  while (state_.step < end) {
    step();
    if ((state_.step % settings_.report_every == 0 || state_.step == settings_.steps) && !report(listener))
      return false;
  }
  return true;
}

Mlp trained_mlp(const Wiring& wiring, const TrainSettings& settings, const TrainState& state) {
  return {wiring, state.step > 0 ? state.best : state.weights, state.initial, state.rewind,
          state.rewind.empty() ? 0 : settings.rewind_step};
}

}  // namespace skein::sgd
