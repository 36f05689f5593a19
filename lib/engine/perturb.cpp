#include <algorithm>
#include <bit>
#include <string>

#include "lib/base/error.hpp"
#include "lib/engine/engine.hpp"
#include "lib/engine/forward_pass.hpp"

namespace skein {

namespace {

constexpr std::size_t most_copies = 32;  ///< drawn together: the base's share of the work is then small
constexpr std::size_t batch_bytes =
    8 * 1024 * 1024;  ///< of pictures held by one batch, unless one alone is larger
constexpr std::size_t pixels_to_share = std::size_t{1}
                                        << 18;  ///< from here on threads share a picture, not the batches

/// One perturbed copy: the steps of the base program that come out differently, writing to rows of their own
/// behind the base's and reading those where a source is itself different.
struct Copy {
  FoldedWeights folded;
  std::vector<RowSums> steps;
  std::vector<UnitRows> units;
  std::vector<Row> row_list;
  std::array<Row, 3> outputs{};
  Picture picture;
};

class PerturbedDrawing {
 public:
  PerturbedDrawing(const Plan& plan, std::span<const float> weights, const Grid& grid)
      : schedule_(schedule_of(plan)),
        program_(schedule_.program(ProgramKind::perturbed)),
        samples_(schedule_.network, grid),
        grid_(grid),
        weights_(weights),
        shards_(samples_.count(), program_.tile) {
    base_.set(schedule_.network, schedule_.contraction(), program_, schedule_.kernels, weights);
  }

  void draw_batch(std::span<const Perturbation> perturbations, std::size_t first,
                  const std::function<void(std::size_t, Picture&&)>& sink) const {
    std::vector<Copy> copies(perturbations.size());
    for (std::size_t i = 0; i < copies.size(); ++i) prepare(perturbations[i], copies[i]);
    if (grid_.pixels() >= pixels_to_share) {
      parallel_for(shards_.count(), [&](std::size_t shard) { draw_shard(copies, shard); });
    } else {
      for (std::size_t shard = 0; shard < shards_.count(); ++shard) draw_shard(copies, shard);
    }
    for (std::size_t i = 0; i < copies.size(); ++i) sink(first + i, std::move(copies[i].picture));
  }

 private:
  Row own_rows() const { return static_cast<Row>(program_.row_count * program_.stride); }

  void prepare(const Perturbation& perturbation, Copy& copy) const {
    Weights changed(weights_.begin(), weights_.end());
    for (const auto& [slot, value] : perturbation) {
      if (slot >= changed.size())
        throw ConfigError("perturbation: slot " + std::to_string(slot) + ", the network has " +
                          std::to_string(changed.size()) + " weights");
      changed[slot] = value;
    }
    copy.folded.set(schedule_.network, schedule_.contraction(), program_, schedule_.kernels, changed);
    copy.picture = Picture(grid_.width, grid_.height);
    std::vector<std::uint8_t> different(program_.row_count);
    for (const RowSums& step : program_.forward_steps)
      if (comes_out_differently(step, copy.folded, different)) add_step(step, copy, different);
    for (std::size_t o = 0; o < 3; ++o) copy.outputs[o] = row_of(program_.output_rows[o], different);
  }

  bool comes_out_differently(const RowSums& step, const FoldedWeights& folded,
                             const std::vector<std::uint8_t>& different) const {
    const auto base = base_.packed.begin() + step.first_weight;
    const auto changed = folded.packed.begin() + step.first_weight;
    const auto same_bits = [](float a, float b) {
      return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b);
    };
    const std::uint32_t own = own_terms(step);
    if (!std::equal(base, base + std::ptrdiff_t{step.terms} * step.units + own, changed, same_bits))
      return true;
    const auto sources = std::span(program_.row_list).subspan(step.first_row, step.terms + own);
    return std::ranges::any_of(sources, [&](Row row) { return different[row / program_.stride] != 0; });
  }

  /// Terms that only some of the step's units have.
  std::uint32_t own_terms(const RowSums& step) const {
    std::uint32_t own = 0;
    for (std::uint32_t r = 0; r < step.units; ++r) own += program_.units[step.first_unit + r].own_terms;
    return own;
  }

  Row row_of(Row row, const std::vector<std::uint8_t>& different) const {
    return different[row / program_.stride] ? row + own_rows() : row;
  }

  void add_step(const RowSums& step, Copy& copy, std::vector<std::uint8_t>& different) const {
    RowSums own = step;
    own.first_unit = static_cast<std::uint32_t>(copy.units.size());
    own.first_row = static_cast<std::uint32_t>(copy.row_list.size());
    for (std::uint32_t k = 0; k < step.terms + own_terms(step); ++k)
      copy.row_list.push_back(row_of(program_.row_list[step.first_row + k], different));
    for (std::uint32_t r = 0; r < step.units; ++r) {
      UnitRows unit = program_.units[step.first_unit + r];
      different[unit.value / program_.stride] = 1;
      unit.value += own_rows();
      copy.units.push_back(unit);
    }
    copy.steps.push_back(own);
  }

  void draw_shard(std::vector<Copy>& copies, std::size_t shard) const {
    const Kernels& kernels = schedule_.kernels;
    const Scratch scratch(2 * own_rows() + spare_rows * program_.tile);
    float* rows = scratch.data();
    float* spare = rows + 2 * own_rows();
    shards_.each_tile(shard, [&](std::size_t first, std::size_t count) {
      samples_.fill(program_, kernels, first, count, rows, spare);
      kernels.forward(program_.forward(), base_.packed.data(), rows, SampleRows::padded(count));
      for (Copy& copy : copies) {
        const SumsView own{copy.steps.data(), copy.steps.size(), copy.units.data(), copy.row_list.data(),
                           program_.chunk};
        kernels.forward(own, copy.folded.packed.data(), rows, SampleRows::padded(count));
        colour_tile(program_.tile, copy.outputs, kernels, rows, first, count, spare, copy.picture);
      }
    });
  }

  const Plan::Schedule& schedule_;
  const Program& program_;
  SampleRows samples_;
  Grid grid_;
  std::span<const float> weights_;
  Shards shards_;
  FoldedWeights base_;
};

}  // namespace

void draw_perturbed(const Plan& plan, std::span<const float> weights, const Grid& grid,
                    std::span<const Perturbation> perturbations,
                    const std::function<void(std::size_t, Picture&&)>& sink) {
  check_draws(plan.network());
  const PerturbedDrawing drawing(plan, weights, grid);
  const std::size_t picture_bytes = 3 * sizeof(float) * grid.pixels();
  const std::size_t batch = std::clamp<std::size_t>(batch_bytes / picture_bytes, 1, most_copies);
  const std::size_t batches = (perturbations.size() + batch - 1) / batch;
  const auto draw_one = [&](std::size_t b) {
    const std::size_t first = b * batch;
    drawing.draw_batch(perturbations.subspan(first, std::min(batch, perturbations.size() - first)), first,
                       sink);
  };
  if (grid.pixels() >= pixels_to_share) {
    for (std::size_t b = 0; b < batches; ++b) draw_one(b);
  } else {
    parallel_for(batches, draw_one);
  }
}

}  // namespace skein
