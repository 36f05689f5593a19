#include <algorithm>
#include <string>

#include "lib/engine.hpp"
#include "lib/error.hpp"
#include "lib/forward_pass.hpp"

namespace skein {

namespace {

constexpr std::size_t tiles_between_drains = 64;  ///< keeps the float accumulators' error near one rounding

void check_target(const Network& network, const SampleSource& samples, const Target& target) {
  if (const auto* picture = std::get_if<Picture>(&target)) {
    const auto* subset = std::get_if<PixelSubset>(&samples);
    const Grid* grid = subset ? &subset->grid : std::get_if<Grid>(&samples);
    if (!grid) throw ConfigError("loss: a picture is compared on a grid, not on a table of samples");
    if (network.output_count() != 3)
      throw ConfigError("loss: a picture needs three outputs, the network has " +
                        std::to_string(network.output_count()));
    if (grid->width != picture->width || grid->height != picture->height)
      throw ConfigError("loss: a target of " + std::to_string(picture->width) + " x " +
                        std::to_string(picture->height) + " on a grid of " + std::to_string(grid->width) +
                        " x " + std::to_string(grid->height));
  } else {
    const std::size_t wanted = static_cast<std::size_t>(network.output_count()) * sample_count(samples);
    const std::size_t given = std::get<std::vector<float>>(target).size();
    if (given != wanted)
      throw ConfigError("loss: " + std::to_string(given) +
                        " target numbers given, outputs and samples make " + std::to_string(wanted));
  }
}

}  // namespace

struct Loss::State {
  Plan plan;
  SampleSource source;
  Target target;
  SampleRows samples;
  FoldedWeights folded;
  std::vector<double> shard_losses, shard_gradients;  // (shards), (shards, accumulators)
  std::vector<double> adjoint, by_slot;               // (coefficients), (slots)

  State(Plan p, SampleSource s, Target t)
      : plan(std::move(p)), source(std::move(s)), target(std::move(t)), samples(plan.network(), source) {
    check_target(plan.network(), source, target);
  }

  /// The sum of squared errors of a computed tile; with a gradient, half of it by each output goes to its
  /// seed row.
  double errors(const Program& program, float* rows, bool with_gradient, std::size_t first, std::size_t count,
                float* spare) const;
  double accumulate(const Program& program, bool with_gradient);
  void gradient_by_slots(std::span<const float> weights, std::span<float> gradient);
  double scale() const {
    return 1.0 / (static_cast<double>(samples.count()) * static_cast<double>(plan.network().output_count()));
  }
};

double Loss::State::errors(const Program& program, float* rows, bool with_gradient, std::size_t first,
                           std::size_t count, float* spare) const {
  const Kernels& kernels = plan.schedule().kernels;
  const auto* picture = std::get_if<Picture>(&target);
  const bool whole = count % sample_block == 0 && !std::holds_alternative<PixelSubset>(source);
  const std::size_t plane_size = picture ? picture->pixels() : samples.count();
  const float* numbers = picture ? picture->rgb.data() : std::get<std::vector<float>>(target).data();
  const auto plane = [&](std::size_t o, float* copy) {
    const float* from = numbers + o * plane_size;
    if (whole) return from + first;
    for (std::size_t p = 0; p < count; ++p) copy[p] = from[picture ? samples.pixel(first + p) : first + p];
    std::fill(copy + count, copy + SampleRows::padded(count), 0.0f);
    return static_cast<const float*>(copy);
  };
  const auto seed = [&](std::size_t o) {
    return with_gradient ? rows + program.seed_rows[o] : spare + (picture ? 3 + o : 3) * program.tile;
  };
  if (picture) {
    const float* const hsv[3] = {rows + program.output_rows[0], rows + program.output_rows[1],
                                 rows + program.output_rows[2]};
    const float* const wanted[3] = {plane(0, spare), plane(1, spare + program.tile),
                                    plane(2, spare + 2 * program.tile)};
    float* const gradient[3] = {seed(0), seed(1), seed(2)};
    return kernels.colour_errors(hsv, wanted, gradient, count);
  }
  double sum = 0;
  for (std::size_t o = 0; o < program.output_rows.size(); ++o)
    sum += kernels.errors(rows + program.output_rows[o], plane(o, spare), seed(o), count);
  return sum;
}

double Loss::State::accumulate(const Program& program, bool with_gradient) {
  const Kernels& kernels = plan.schedule().kernels;
  const Shards shards(samples.count(), program.tile);
  const std::size_t accumulators = with_gradient ? program.accumulator_count : 0;
  shard_losses.assign(shards.count(), 0.0);
  shard_gradients.assign(shards.count() * accumulators, 0.0);
  parallel_for(shards.count(), [&](std::size_t shard) {
    const Scratch scratch(tile_floats(program) + accumulators + accumulator_padding);
    float* rows = scratch.data();
    float* sums = rows + tile_floats(program);
    double* totals = shard_gradients.data() + shard * accumulators;
    std::fill_n(sums, accumulators + accumulator_padding, 0.0f);
    std::size_t undrained = 0;
    shards.each_tile(shard, [&](std::size_t first, std::size_t count) {
      float* spare = forward_tile(program, kernels, samples, folded.packed.data(), first, count, rows);
      shard_losses[shard] += errors(program, rows, with_gradient, first, count, spare);
      if (!with_gradient) return;
      kernels.backward(program.gradients(), folded.packed.data(), rows, SampleRows::padded(count));
      kernels.edges(program.edges(), rows, sums, SampleRows::padded(count));
      if (++undrained == tiles_between_drains) {
        kernels.drain(sums, accumulators, totals);
        undrained = 0;
      }
    });
    kernels.drain(sums, accumulators, totals);
  });
  double loss = 0;
  for (const double part : shard_losses) loss += part;
  return loss * scale();
}

void Loss::State::gradient_by_slots(std::span<const float> weights, std::span<float> gradient) {
  const Plan::Schedule& schedule = plan.schedule();
  const Contraction& net = schedule.contraction();
  const Program& program = schedule.program(ProgramKind::training);
  adjoint.assign(net.coefficient_count, 0.0);
  const std::size_t accumulators = program.accumulator_count;
  for (std::size_t first = 0; first < shard_gradients.size(); first += accumulators)
    for (std::size_t i = 0; i < accumulators; ++i)
      if (const std::uint32_t edge = program.accumulator_edges[i]; edge != Program::no_edge)
        adjoint[edge] += shard_gradients[first + i];
  by_slot.assign(weights.size(), 0.0);
  schedule.kernels.unfold(net.fold(), weights.data(), folded.coefficients.data(), adjoint.data(),
                          by_slot.data());
  const double factor = 2.0 * scale();
  std::ranges::transform(by_slot, gradient.begin(), [&](double g) { return static_cast<float>(g * factor); });
}

Loss::Loss(Plan plan, SampleSource samples, Target target)
    : state_(std::make_unique<State>(std::move(plan), std::move(samples), std::move(target))) {}
Loss::~Loss() = default;
Loss::Loss(Loss&&) noexcept = default;
Loss& Loss::operator=(Loss&&) noexcept = default;
const Plan& Loss::plan() const { return state_->plan; }

void Loss::set_pixels(std::vector<std::uint32_t> pixels) {
  auto* subset = std::get_if<PixelSubset>(&state_->source);
  if (!subset) throw ConfigError("loss: pixels can be changed only where a subset of pixels was given");
  SampleSource source = PixelSubset{subset->grid, std::move(pixels)};
  SampleRows samples(state_->plan.network(), source);
  state_->source = std::move(source);
  state_->samples = std::move(samples);
}

double Loss::value(std::span<const float> weights) {
  const Plan::Schedule& schedule = state_->plan.schedule();
  const Program& program = schedule.program(ProgramKind::forward);
  state_->folded.set(schedule.network, schedule.contraction(), program, schedule.kernels, weights);
  return state_->accumulate(program, false);
}

double Loss::value_and_gradient(std::span<const float> weights, std::span<float> gradient) {
  const Plan::Schedule& schedule = state_->plan.schedule();
  if (gradient.size() != weights.size())
    throw ConfigError("loss: room for " + std::to_string(gradient.size()) + " gradients given, there are " +
                      std::to_string(weights.size()) + " weights");
  const Program& program = schedule.program(ProgramKind::training);
  state_->folded.set(schedule.network, schedule.contraction(), program, schedule.kernels, weights);
  const double loss = state_->accumulate(program, true);
  state_->gradient_by_slots(weights, gradient);
  return loss;
}

}  // namespace skein
