#pragma once

#include <algorithm>

#include "lib/engine/forward_pass.hpp"

namespace skein {

/// One thread's working memory for a shard: rows, and the accumulators with the totals they are drained to.
class ShardMemory {
 public:
  static constexpr std::size_t tiles_between_drains =
      64;  ///< keeps the accumulators' error near one rounding

  ShardMemory(const Program& program, std::size_t accumulators, double* totals)
      : scratch_(tile_floats(program) + accumulators + accumulator_padding),
        accumulators_(scratch_.data() + tile_floats(program)),
        count_(accumulators),
        totals_(totals) {
    std::fill_n(accumulators_, count_ + accumulator_padding, 0.0f);
    std::fill_n(totals_, count_, 0.0);
  }
  float* rows() const { return scratch_.data(); }
  void add_edges(const Program& program, const Kernels& kernels, std::size_t samples) {
    kernels.edges(program.edges(), rows(), accumulators_, samples);
    if (++undrained_ == tiles_between_drains) drain(kernels);
  }
  void drain(const Kernels& kernels) {
    kernels.drain(accumulators_, count_, totals_);
    undrained_ = 0;
  }

 private:
  Scratch scratch_;
  float* accumulators_;
  std::size_t count_;
  double* totals_;
  std::size_t undrained_ = 0;
};

}  // namespace skein
