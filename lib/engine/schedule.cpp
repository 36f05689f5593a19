#include "lib/engine/schedule.hpp"

#include <string>

#include "lib/base/error.hpp"

namespace skein {

Plan::Schedule::Schedule(Network net, PlanOptions options)
    : network(std::move(net)),
      trainable(std::move(options.trainable)),
      effort(options.one_shot ? ContractionEffort::chains : ContractionEffort::search),
      kernels(skein::kernels(options.instruction_set.value_or(best_instruction_set()))) {
  if (!trainable.empty() && trainable.size() != static_cast<std::size_t>(network.slot_count()))
    throw ConfigError("plan: " + std::to_string(trainable.size()) +
                      " trainable flags given, the network has " + std::to_string(network.slot_count()) +
                      " weights");
}

const Contraction& Plan::Schedule::contraction() const {
  std::call_once(contracted_,
                 [&] { contraction_ = contract(network, network.outputs(), trainable, effort); });
  return contraction_;
}

const Program& Plan::Schedule::program(ProgramKind kind) const {
  Lazy& lazy = programs_[static_cast<std::size_t>(kind)];
  std::call_once(lazy.made, [&] { lazy.program = make_program(contraction(), kind); });
  return lazy.program;
}

const GridPrograms& Plan::Schedule::grid_programs() const {
  std::call_once(grid_programs_made_,
                 [&] { grid_programs_ = make_grid_programs(contraction(), network.signature()); });
  return grid_programs_;
}

void FoldedWeights::set(const Network& network, const Contraction& net, const Program& program,
                        const Kernels& kernels, std::span<const float> weights) {
  if (weights.size() != static_cast<std::size_t>(network.slot_count()))
    throw ConfigError("engine: " + std::to_string(weights.size()) + " weights given, the network has " +
                      std::to_string(network.slot_count()));
  coefficients.assign(net.coefficient_count, 0.0);
  kernels.fold(net.fold(), weights.data(), coefficients.data());
  program.pack(std::span(coefficients).first(net.edge_count()), packed);
}

}  // namespace skein
