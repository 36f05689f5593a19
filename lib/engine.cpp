#include "lib/engine.hpp"

#include <algorithm>
#include <string>

#include "lib/error.hpp"
#include "lib/forward_pass.hpp"

namespace skein {

Plan::Plan(Network network, PlanOptions options)
    : schedule_(std::make_shared<const Schedule>(std::move(network), std::move(options))) {}

const Network& Plan::network() const { return schedule_->network; }
InstructionSet Plan::instruction_set() const { return schedule_->kernels.set; }

namespace {

void copy_rows(const std::vector<Row>& from, const float* rows, std::size_t first, std::size_t count,
               std::size_t samples, std::span<float> to) {
  for (std::size_t i = 0; i < from.size(); ++i)
    std::copy_n(rows + from[i], count, to.data() + i * samples + first);
}

}  // namespace

void colour_tile(std::size_t tile, std::span<const Row> outputs, const Kernels& kernels, const float* rows,
                 std::size_t first, std::size_t count, float* spare, Picture& picture) {
  const float* const hsv[3] = {rows + outputs[0], rows + outputs[1], rows + outputs[2]};
  float* rgb = picture.rgb.data() + first;
  const std::size_t plane = picture.pixels();
  if (count % sample_block == 0) {
    float* const planes[3] = {rgb, rgb + plane, rgb + 2 * plane};
    return kernels.colour(hsv, planes, count);
  }
  float* const planes[3] = {spare, spare + tile, spare + 2 * tile};
  kernels.colour(hsv, planes, SampleRows::padded(count));
  for (std::size_t c = 0; c < 3; ++c) std::copy_n(planes[c], count, rgb + c * plane);
}

void evaluate(const Plan& plan, std::span<const float> weights, const SampleSource& source,
              std::span<float> outputs) {
  const Plan::Schedule& schedule = plan.schedule();
  const Program& program = schedule.program(ProgramKind::forward);
  const SampleRows samples(schedule.network, source);
  if (outputs.size() != program.output_rows.size() * samples.count())
    throw ConfigError("engine: room for " + std::to_string(outputs.size()) + " outputs given, " +
                      std::to_string(program.output_rows.size() * samples.count()) + " are computed");
  FoldedWeights folded;
  folded.set(schedule.network, schedule.contraction(), program, schedule.kernels, weights);
  forward_pass(program, schedule.kernels, samples, folded.packed,
               [&](std::size_t first, std::size_t count, const float* rows, float*) {
                 copy_rows(program.output_rows, rows, first, count, samples.count(), outputs);
               });
}

Picture draw(const Plan& plan, std::span<const float> weights, const Grid& grid) {
  const Plan::Schedule& schedule = plan.schedule();
  if (schedule.network.output_count() != 3)
    throw ConfigError("engine: only a network with three outputs draws, this one has " +
                      std::to_string(schedule.network.output_count()));
  const Program& program = schedule.program(ProgramKind::forward);
  const SampleRows samples(schedule.network, grid);
  FoldedWeights folded;
  folded.set(schedule.network, schedule.contraction(), program, schedule.kernels, weights);
  Picture picture(grid.width, grid.height);
  forward_pass(program, schedule.kernels, samples, folded.packed,
               [&](std::size_t first, std::size_t count, const float* rows, float* spare) {
                 colour_tile(program.tile, program.output_rows, schedule.kernels, rows, first, count, spare,
                             picture);
               });
  return picture;
}

void feature_maps(const Plan& plan, std::span<const float> weights, const SampleSource& source,
                  std::span<const ValueIndex> values, std::span<float> maps) {
  const Plan::Schedule& schedule = plan.schedule();
  for (const ValueIndex value : values)
    if (value >= static_cast<ValueIndex>(schedule.network.value_count()))
      throw ConfigError("engine: value " + std::to_string(value) + " asked for, the network has " +
                        std::to_string(schedule.network.value_count()));
  const SampleRows samples(schedule.network, source);
  if (maps.size() != values.size() * samples.count())
    throw ConfigError("engine: room for " + std::to_string(maps.size()) + " numbers of maps given, " +
                      std::to_string(values.size() * samples.count()) + " are computed");
  const Contraction net = contract(schedule.network, values, {}, ContractionEffort::none);
  const Program program = make_program(net, ProgramKind::forward);
  FoldedWeights folded;
  folded.set(schedule.network, net, program, schedule.kernels, weights);
  forward_pass(program, schedule.kernels, samples, folded.packed,
               [&](std::size_t first, std::size_t count, const float* rows, float*) {
                 copy_rows(program.output_rows, rows, first, count, samples.count(), maps);
               });
}

}  // namespace skein
