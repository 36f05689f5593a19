#include "lib/engine/engine.hpp"

#include <algorithm>
#include <string>

#include "lib/base/error.hpp"
#include "lib/engine/forward_pass.hpp"

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

void evaluate(const Plan& plan, std::span<const float> weights, const SampleSource& source,
              std::span<float> outputs) {
  const Plan::Schedule& schedule = schedule_of(plan);
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

void feature_maps(const Plan& plan, std::span<const float> weights, const SampleSource& source,
                  std::span<const ValueIndex> values, std::span<float> maps) {
  const Plan::Schedule& schedule = schedule_of(plan);
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
