#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "lib/engine/engine.hpp"
#include "sgd/mlp/mlp.hpp"

namespace skein::experiments {

/// A network to be trained or drawn by the benches, always the same.
struct BenchCase {
  std::string name;
  Network network;
  Weights weights;
};

/// The named architecture with every weight, or with `nonzero` of them at random places; initial weights of
/// seed 0.
BenchCase layered_case(std::string name, const std::string& architecture, int nonzero = 0);
/// An MLP as it is.
BenchCase mlp_case(std::string name, const sgd::Mlp& mlp);

/// The cases of the speed table: dense networks of three sizes, a random sparse one, an evolved wiring.
std::vector<BenchCase> training_cases();

/// A picture of uniform noise of seed 0.
Picture noise_target(const Grid& grid);

/// Milliseconds of `rounds` runs, after one that is not counted.
struct Timing {
  double median = 0, low = 0, high = 0;
  int rounds = 0;
};
Timing time_rounds(int rounds, const std::function<void()>& work);

/// The same work on all threads and on one, in turns: a clock that moves between two measurements would pass
/// for a gain or a loss.
struct ThreadTiming {
  Timing all;
  double one_over_all = 0;  ///< time on one thread over that on all: the median of the turns' ratios
};
ThreadTiming time_threads(int rounds, const std::function<void()>& work);

/// Multiply-add peak in GFLOP/s of `threads` threads at once, best of three, registers only.
double measured_peak(const InstructionSet& set, int threads);

/// A hash of what the program computes on fixed work: pictures, layered twins, losses, gradients, perturbed
/// copies. The same for any number of threads; each instruction set has its own.
std::uint64_t behaviour_signature();

}  // namespace skein::experiments
