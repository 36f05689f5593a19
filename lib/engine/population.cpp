#include "lib/engine/population.hpp"

#include "lib/engine/forward_pass.hpp"

namespace skein {

namespace {

Picture draw_once(const PopulationMember& member, const Grid& grid, const Kernels& kernels) {
  const Network& network = *member.network;
  check_draws(network);
  const Contraction net = contract(network, network.outputs(), {}, ContractionEffort::chains);
  const Program program = make_program(net, ProgramKind::forward);
  FoldedWeights folded;
  folded.set(network, net, program, kernels, member.weights);
  const SampleRows samples(network, grid);
  const Shards shards(samples.count(), program.tile);
  Picture picture(grid.width, grid.height);
  const Scratch scratch(tile_floats(program));
  for (std::size_t shard = 0; shard < shards.count(); ++shard)
    shards.each_tile(shard, [&](std::size_t first, std::size_t count) {
      float* spare =
          forward_tile(program, kernels, samples, folded.packed.data(), first, count, scratch.data());
      colour_tile(program.tile, program.output_rows, kernels, scratch.data(), first, count, spare, picture);
    });
  return picture;
}

}  // namespace

void draw_population(std::span<const PopulationMember> members, const Grid& grid,
                     const std::function<void(std::size_t, Picture&&)>& sink) {
  validate(grid);
  const Kernels& machine = kernels(best_instruction_set());
  parallel_for(members.size(), [&](std::size_t i) { sink(i, draw_once(members[i], grid, machine)); });
}

}  // namespace skein
