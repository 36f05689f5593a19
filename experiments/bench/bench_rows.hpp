#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "experiments/bench/bench_cases.hpp"
#include "lib/kernels/kernels.hpp"

namespace skein::experiments {

/// One measured row of the speed table.
struct BenchRow {
  std::string name;
  Timing timing{};                           ///< on all threads, unless the name says one
  std::optional<double> gflops{};            ///< of what the network as given asks for
  std::optional<double> fraction_of_peak{};  ///< the same over the peak of as many threads
  std::optional<double> one_over_all{};      ///< time on one thread over the time on all
  std::optional<double> times_bound{};       ///< time over that of the multiply-adds at the peak
  std::optional<double> resident_mib{};      ///< the process's highest so far
  std::string note{};
};

nlohmann::ordered_json to_json(const BenchRow& row);

/// Measures rows with the machine's best instruction set, on the threads allowed and on one.
class Bench {
 public:
  /// Measures the peaks of multiply-adds. `rounds`: of each row.
  explicit Bench(int rounds);

  /// One step of training at 256 x 256: loss and gradient. Counts 6 flops per pixel and weight of the network
  /// as given, although folding does less, so the fraction of the peak may be above 1.
  BenchRow training(const BenchCase& bench) const;
  /// A picture of 256 x 256 on one thread, colour included.
  BenchRow render(const BenchCase& bench) const;
  /// Every `stride`-th weight at 9 values, 128 x 128 pixels. The bound counts the multiply-adds of all units,
  /// of the network as given, that depend on the weight.
  BenchRow sweep(const BenchCase& bench, std::size_t stride) const;
  /// 600 networks at 64 x 64, each planned and drawn once.
  BenchRow population(const BenchCase& bench) const;
  /// 20 x 16,384 values and slopes of one activation, one thread.
  BenchRow activation(Activation which) const;
  /// One step of training towards a target of 4,096 x 4,096.
  BenchRow large_target(const BenchCase& bench) const;

  InstructionSet instruction_set() const { return set_; }
  int threads() const { return threads_; }
  double peak() const { return peak_; }
  double peak_of_one() const { return peak_of_one_; }

 private:
  int rounds_;
  InstructionSet set_;
  int threads_;
  double peak_, peak_of_one_;
};

/// The rows under their headings, for people.
std::string bench_table(const Bench& bench, const std::vector<BenchRow>& rows);

/// The highest resident memory of the process so far, MiB.
double highest_resident_mib();

}  // namespace skein::experiments
