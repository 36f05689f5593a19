#include <algorithm>
#include <array>
#include <numeric>
#include <string>

#include "lib/base/error.hpp"
#include "lib/engine/engine.hpp"
#include "lib/engine/forward_pass.hpp"
#include "lib/engine/shard_memory.hpp"

namespace skein {

namespace {

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
  } else if (const auto* own = std::get_if<SampleLoss>(&target)) {
    if (!own->call) throw ConfigError("loss: a loss of one's own without a function");
  } else {
    const std::size_t wanted = static_cast<std::size_t>(network.output_count()) * whole_count(samples);
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
  std::vector<float> packed_lines;                    // weights of GridPrograms::lines
  std::vector<double> shard_losses, shard_gradients;  // (shards), (shards, accumulators)
  std::vector<double> adjoint, by_slot;               // (coefficients), (slots)

  const GridPrograms* parts = nullptr;
  std::size_t run = 0;  ///< pixels of a line that go through `parts` together; 0: the plan's program is used

  State(Plan p, SampleSource s, Target t)
      : plan(std::move(p)), source(std::move(s)), target(std::move(t)), samples(plan.network(), source) {
    check_target(plan.network(), source, target);
    const auto* grid = std::get_if<Grid>(&source);
    auto* picture = std::get_if<Picture>(&target);
    if (!grid || !picture) return;
    parts = &schedule_of(plan).grid_programs();
    run = parts->run_of(*grid);
    if (run == 0 || !parts->by_columns) return;
    samples = SampleRows(plan.network(), source, true);
    transpose(*picture);
  }

  /// The sum of squared errors of a computed tile; with a gradient, half of it by each output goes to its
  /// seed row.
  double errors(const Program& program, float* rows, bool with_gradient, std::size_t first, std::size_t count,
                float* spare) const;
  double accumulate(const Program& program, bool with_gradient);
  /// The same with a gradient, by `parts`.
  double accumulate_on_grid();
  double on_band(std::size_t band, std::size_t end, ShardMemory& pixels, ShardMemory& lines) const;
  /// Adds the shards' accumulators of a program, the first at `offset`, to the edges' adjoints.
  void add_up(const Program& program, std::size_t offset);
  void gradient_by_slots(std::span<const float> weights, std::span<float> gradient);
  /// The same by a loss of one's own.
  double own_losses(const SampleLoss& own, const Program& program, float* rows, bool with_gradient,
                    std::size_t first, std::size_t count) const;
  double scale() const {
    const double errors =
        std::holds_alternative<SampleLoss>(target) ? 1.0 : static_cast<double>(plan.network().output_count());
    return 1.0 / (static_cast<double>(samples.count()) * errors);
  }
  double loss() const { return std::accumulate(shard_losses.begin(), shard_losses.end(), 0.0) * scale(); }
};

double Loss::State::errors(const Program& program, float* rows, bool with_gradient, std::size_t first,
                           std::size_t count, float* spare) const {
  if (const auto* own = std::get_if<SampleLoss>(&target))
    return own_losses(*own, program, rows, with_gradient, first, count);
  const Kernels& kernels = schedule_of(plan).kernels;
  const auto* picture = std::get_if<Picture>(&target);
  const bool whole = count % sample_block == 0 && !samples.is_subset();
  const std::size_t plane_size = whole_count(source);
  const float* numbers = picture ? picture->rgb.data() : std::get<std::vector<float>>(target).data();
  const auto plane = [&](std::size_t o, float* copy) {
    const float* from = numbers + o * plane_size;
    if (whole) return from + first;
    for (std::size_t p = 0; p < count; ++p) copy[p] = from[samples.whole_index(first + p)];
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

double Loss::State::own_losses(const SampleLoss& own, const Program& program, float* rows, bool with_gradient,
                               std::size_t first, std::size_t count) const {
  const std::size_t outputs = program.output_rows.size();
  const Scratch scratch(2 * outputs);
  const std::span<float> values(scratch.data(), outputs), slopes(scratch.data() + outputs, outputs);
  double sum = 0;
  for (std::size_t p = 0; p < count; ++p) {
    for (std::size_t o = 0; o < outputs; ++o) values[o] = rows[program.output_rows[o] + p];
    sum += own.call(samples.whole_index(first + p), values, slopes);
    if (with_gradient)
      for (std::size_t o = 0; o < outputs; ++o) rows[program.seed_rows[o] + p] = slopes[o] / 2;
  }
  if (with_gradient)
    for (const Row seed : program.seed_rows)
      std::fill(rows + seed + count, rows + seed + SampleRows::padded(count), 0.0f);
  return sum;
}

double Loss::State::accumulate(const Program& program, bool with_gradient) {
  const Kernels& kernels = schedule_of(plan).kernels;
  const Shards shards(samples.count(), program.tile);
  const std::size_t accumulators = with_gradient ? program.accumulator_count : 0;
  shard_losses.assign(shards.count(), 0.0);
  if (with_gradient) shard_gradients.resize(shards.count() * accumulators);
  parallel_for(shards.count(), [&](std::size_t shard) {
    ShardMemory memory(program, accumulators, shard_gradients.data() + shard * accumulators);
    shards.each_tile(shard, [&](std::size_t first, std::size_t count) {
      float* rows = memory.rows();
      float* spare = forward_tile(program, kernels, samples, folded.packed.data(), first, count, rows);
      shard_losses[shard] += errors(program, rows, with_gradient, first, count, spare);
      if (!with_gradient) return;
      kernels.backward(program.gradients(), folded.packed.data(), rows, SampleRows::padded(count));
      memory.add_edges(program, kernels, SampleRows::padded(count));
    });
    memory.drain(kernels);
  });
  return loss();
}

double Loss::State::accumulate_on_grid() {
  const Kernels& kernels = schedule_of(plan).kernels;
  const std::size_t tile = parts->pixels.tile / run * run;
  const std::size_t band = std::max(parts->lines.tile * run / tile, std::size_t{1}) * tile;
  const Shards shards(samples.count(), tile);
  const std::size_t of_pixels = parts->pixels.accumulator_count, of_lines = parts->lines.accumulator_count;
  shard_losses.assign(shards.count(), 0.0);
  shard_gradients.resize(shards.count() * (of_pixels + of_lines));
  parallel_for(shards.count(), [&](std::size_t shard) {
    double* totals = shard_gradients.data() + shard * (of_pixels + of_lines);
    ShardMemory pixels(parts->pixels, of_pixels, totals), lines(parts->lines, of_lines, totals + of_pixels);
    for (std::size_t first = shards.begin(shard); first < shards.begin(shard + 1); first += band)
      shard_losses[shard] += on_band(first, std::min(first + band, shards.begin(shard + 1)), pixels, lines);
    pixels.drain(kernels);
    lines.drain(kernels);
  });
  return loss();
}

double Loss::State::on_band(std::size_t band, std::size_t end, ShardMemory& pixels,
                            ShardMemory& lines) const {
  const Kernels& kernels = schedule_of(plan).kernels;
  const std::size_t runs = (end - band) / run, tile = parts->pixels.tile / run * run;
  float* const line = lines.rows();
  forward_tile(parts->lines, kernels, samples, packed_lines.data(), band, runs, line, run);
  const Scratch scratch(parts->pixels.units.size() + parts->started.size() + accumulator_padding);
  float* const starts = scratch.data();
  float* const sums = starts + parts->pixels.units.size();
  std::fill_n(starts, parts->pixels.units.size(), 0.0f);
  double squares = 0;
  for (std::size_t first = band, r = 0; first < end; first += tile) {
    const std::size_t count = std::min(tile, end - first);
    float* spare = pixels.rows() + parts->pixels.row_count * parts->pixels.stride;
    samples.fill(parts->pixels, kernels, first, count, pixels.rows(), spare);
    for (std::size_t p = 0; p < count; p += run, ++r) {
      for (std::size_t i = 0; i < parts->started.size(); ++i)
        starts[parts->started[i]] = line[parts->lines.output_rows[i] + r];
      float* const at = pixels.rows() + p;
      kernels.forward(parts->pixels.forward(starts), folded.packed.data(), at, run);
      squares += errors(parts->pixels, at, true, first + p, run, spare);
      kernels.backward(parts->pixels.gradients(), folded.packed.data(), at, run);
      kernels.row_sums(parts->started_slopes.data(), parts->started.size(), at, run, sums);
      for (std::size_t i = 0; i < parts->started.size(); ++i) line[parts->lines.seed_rows[i] + r] = sums[i];
    }
    pixels.add_edges(parts->pixels, kernels, count);
  }
  for (const Row seed : parts->lines.seed_rows)
    std::fill(line + seed + runs, line + seed + SampleRows::padded(runs), 0.0f);
  kernels.backward(parts->lines.gradients(), packed_lines.data(), line, SampleRows::padded(runs));
  lines.add_edges(parts->lines, kernels, SampleRows::padded(runs));
  return squares;
}

void Loss::State::add_up(const Program& program, std::size_t offset) {
  constexpr std::size_t slice = 1024;
  const std::size_t count = program.accumulator_count,
                    of_shard = shard_gradients.size() / shard_losses.size();
  parallel_for((count + slice - 1) / slice, [&](std::size_t s) {
    const std::size_t begin = s * slice, end = std::min(count, begin + slice);
    std::array<double, slice> sums{};
    for (std::size_t shard = offset; shard < shard_gradients.size(); shard += of_shard)
      for (std::size_t i = begin; i < end; ++i) sums[i - begin] += shard_gradients[shard + i];
    for (std::size_t i = begin; i < end; ++i)
      if (const std::uint32_t edge = program.accumulator_edges[i]; edge != Program::no_edge)
        adjoint[edge] += sums[i - begin];
  });
}

void Loss::State::gradient_by_slots(std::span<const float> weights, std::span<float> gradient) {
  const Plan::Schedule& schedule = schedule_of(plan);
  by_slot.assign(weights.size(), 0.0);
  schedule.kernels.unfold(schedule.contraction().fold(), weights.data(), folded.coefficients.data(),
                          adjoint.data(), by_slot.data());
  const double factor = 2.0 * scale();
  std::ranges::transform(by_slot, gradient.begin(), [&](double g) { return static_cast<float>(g * factor); });
}

Loss::Loss(Plan plan, SampleSource samples, Target target)
    : state_(std::make_unique<State>(std::move(plan), std::move(samples), std::move(target))) {}
Loss::~Loss() = default;
Loss::Loss(Loss&&) noexcept = default;
Loss& Loss::operator=(Loss&&) noexcept = default;
const Plan& Loss::plan() const { return state_->plan; }

void Loss::set_subset(std::vector<std::uint32_t> chosen) {
  if (!state_->samples.is_subset())
    throw ConfigError("loss: samples can be changed only where a subset of them was given");
  SampleSource source = subset_of(state_->source, std::move(chosen));
  SampleRows samples(state_->plan.network(), source);
  state_->source = std::move(source);
  state_->samples = std::move(samples);
}

double Loss::value(std::span<const float> weights) {
  const Plan::Schedule& schedule = schedule_of(state_->plan);
  const Program& program = schedule.program(ProgramKind::forward);
  state_->folded.set(schedule.network, schedule.contraction(), program, schedule.kernels, weights);
  return state_->accumulate(program, false);
}

double Loss::value_and_gradient(std::span<const float> weights, std::span<float> gradient) {
  const Plan::Schedule& schedule = schedule_of(state_->plan);
  if (gradient.size() != weights.size())
    throw ConfigError("loss: room for " + std::to_string(gradient.size()) + " gradients given, there are " +
                      std::to_string(weights.size()) + " weights");
  const Contraction& net = schedule.contraction();
  const GridPrograms* parts = state_->run ? state_->parts : nullptr;
  const Program& program = parts ? parts->pixels : schedule.program(ProgramKind::training);
  state_->folded.set(schedule.network, net, program, schedule.kernels, weights);
  state_->adjoint.assign(net.coefficient_count, 0.0);
  double loss = 0;
  if (parts) {
    parts->lines.pack(std::span(state_->folded.coefficients).first(net.edge_count()), state_->packed_lines);
    loss = state_->accumulate_on_grid();
    state_->add_up(parts->lines, program.accumulator_count);
  } else {
    loss = state_->accumulate(program, true);
  }
  state_->add_up(program, 0);
  state_->gradient_by_slots(weights, gradient);
  return loss;
}

}  // namespace skein
