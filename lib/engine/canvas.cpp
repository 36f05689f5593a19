#include "lib/engine/canvas.hpp"

#include <string>

#include "lib/base/error.hpp"
#include "lib/engine/forward_pass.hpp"

namespace skein {

void check_draws(const Network& network) {
  if (network.output_count() != 3)
    throw ConfigError("engine: only a network with three outputs draws, this one has " +
                      std::to_string(network.output_count()));
}

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

struct Canvas::State {
  State(Plan p, const Grid& g) : plan(std::move(p)), grid(g), samples(plan.network(), g) {
    check_draws(plan.network());
  }

  Plan plan;
  Grid grid;
  SampleRows samples;
  FoldedWeights folded;
};

Canvas::Canvas(Plan plan, const Grid& grid) : state_(std::make_unique<State>(std::move(plan), grid)) {}
Canvas::~Canvas() = default;
Canvas::Canvas(Canvas&&) noexcept = default;
Canvas& Canvas::operator=(Canvas&&) noexcept = default;

const Grid& Canvas::grid() const { return state_->grid; }

void Canvas::set_weights(std::span<const float> weights) {
  const Plan::Schedule& schedule = schedule_of(state_->plan);
  state_->folded.set(schedule.network, schedule.contraction(), schedule.program(ProgramKind::forward),
                     schedule.kernels, weights);
}

void Canvas::draw_rows(int first_row, int rows, Picture& picture) {
  const Plan::Schedule& schedule = schedule_of(state_->plan);
  const Program& program = schedule.program(ProgramKind::forward);
  const Grid& grid = state_->grid;
  if (state_->folded.packed.size() != program.packed_edges.size())
    throw ConfigError("canvas: no weights have been set");
  if (picture.width != grid.width || picture.height < rows || first_row < 0 || rows < 0 ||
      first_row + rows > grid.height)
    throw ConfigError("canvas: rows " + std::to_string(first_row) + " to " +
                      std::to_string(first_row + rows) + " of a grid of " + std::to_string(grid.width) +
                      " x " + std::to_string(grid.height) + " do not fit a picture of " +
                      std::to_string(picture.width) + " x " + std::to_string(picture.height));
  const auto width = static_cast<std::size_t>(grid.width);
  const std::size_t offset = static_cast<std::size_t>(first_row) * width;
  forward_pass(
      program, schedule.kernels, state_->samples, state_->folded.packed,
      [&](std::size_t first, std::size_t count, const float* values, float* spare) {
        colour_tile(program.tile, program.output_rows, schedule.kernels, values, first - offset, count, spare,
                    picture);
      },
      offset, static_cast<std::size_t>(rows) * width);
}

Picture draw(const Plan& plan, std::span<const float> weights, const Grid& grid) {
  Canvas canvas(plan, grid);
  canvas.set_weights(weights);
  Picture picture(grid.width, grid.height);
  canvas.draw(picture);
  return picture;
}

}  // namespace skein
