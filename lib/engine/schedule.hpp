#pragma once

#include <algorithm>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "lib/engine/engine.hpp"
#include "lib/plan/contraction.hpp"
#include "lib/plan/grid_programs.hpp"
#include "lib/plan/program.hpp"

namespace skein {

/// What a plan has worked out. Each program is made when it is first asked for, once.
struct Plan::Schedule {
  Schedule(Network network, PlanOptions options);

  const Network network;
  const std::vector<std::uint8_t> trainable;
  const ContractionEffort effort;
  const Kernels& kernels;

  const Contraction& contraction() const;
  const Program& program(ProgramKind kind) const;
  const GridPrograms& grid_programs() const;

 private:
  mutable std::once_flag contracted_;
  mutable Contraction contraction_;
  struct Lazy {
    std::once_flag made;
    Program program;
  };

  mutable Lazy programs_[3];
  mutable std::once_flag grid_programs_made_;
  mutable GridPrograms grid_programs_;
};

/// What the engine runs for a plan. Not for users of the library: this header is not installed.
inline const Plan::Schedule& schedule_of(const Plan& plan) { return *plan.schedule_; }

/// Weights ready for a program's kernels.
struct FoldedWeights {
  std::vector<double> coefficients;
  std::vector<float> packed;

  /// Throws ConfigError unless there is one weight per slot.
  void set(const Network& network, const Contraction& net, const Program& program, const Kernels& kernels,
           std::span<const float> weights);
};

/// How samples are cut into shards of whole tiles: by the problem alone, never by the number of threads.
class Shards {
 public:
  Shards(std::size_t samples, std::size_t tile) : samples_(samples), tile_(tile) {
    constexpr std::size_t few = 2048, many = 32768;  ///< samples worth a shard; and of a large problem
    count_ = samples > 16 * many ? std::clamp<std::size_t>(samples / many, 16, 64)
                                 : std::clamp<std::size_t>(samples / few, 1, 16);
    count_ = std::min(count_, tiles());
  }
  std::size_t count() const { return count_; }
  /// The first sample of a shard; of the one behind the last: how many samples there are.
  std::size_t begin(std::size_t shard) const { return std::min(shard * tiles() / count_ * tile_, samples_); }
  /// Calls `body(first, count)` for each tile of a shard, in order.
  template <class Body>
  void each_tile(std::size_t shard, const Body& body) const {
    for (std::size_t first = begin(shard); first < begin(shard + 1); first += tile_)
      body(first, std::min(tile_, samples_ - first));
  }

 private:
  std::size_t tiles() const { return (samples_ + tile_ - 1) / tile_; }
  std::size_t samples_, tile_, count_ = 0;
};

}  // namespace skein
