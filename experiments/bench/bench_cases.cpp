#include "experiments/bench/bench_cases.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <numeric>
#include <utility>

#include "bridge/layerize.hpp"
#include "experiments/targets/targets.hpp"
#include "lib/base/parallel.hpp"
#include "lib/base/random.hpp"
#include "lib/kernels/kernels.hpp"
#include "sgd/mlp/architecture.hpp"
#include "sgd/mlp/initial_weights.hpp"

namespace skein::experiments {

namespace {

constexpr const char* skull_architecture = "12;cache:15,gaussian:4,identity:2,sin:1";

std::uint64_t hashed(std::span<const float> numbers, std::uint64_t start) {
  return fnv1a({reinterpret_cast<const char*>(numbers.data()), numbers.size_bytes()}, start);
}

/// Loss and gradient against noise, and a few perturbed copies.
std::uint64_t hash_case(const BenchCase& bench, const Grid& grid, std::uint64_t hash) {
  const Plan plan(bench.network);
  hash = hashed(draw(plan, bench.weights, grid).rgb, hash);
  Loss loss(plan, grid, noise_target(grid));
  std::vector<float> gradient(bench.weights.size());
  const float value = static_cast<float>(loss.value_and_gradient(bench.weights, gradient));
  hash = hashed({&value, 1}, hash);
  hash = hashed(gradient, hash);
  std::vector<Perturbation> copies;
  for (Slot slot = 0; slot < bench.weights.size() && copies.size() < 16; slot += 7)
    copies.push_back({{slot, bench.weights[slot] + 0.25f}});
  std::vector<std::uint64_t> hashes(copies.size());
  draw_perturbed(plan, bench.weights, grid, copies,
                 [&](std::size_t i, Picture&& picture) { hashes[i] = hashed(picture.rgb, hash); });
  for (const std::uint64_t h : hashes) hash = fnv1a({reinterpret_cast<const char*>(&h), sizeof h}, hash);
  return hash;
}

double milliseconds_of(const std::function<void()>& work) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  work();
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

Timing timing_of(std::vector<double> times) {
  std::ranges::sort(times);
  return {times[times.size() / 2], times.front(), times.back(), static_cast<int>(times.size())};
}

}  // namespace

BenchCase mlp_case(std::string name, const sgd::Mlp& mlp) {
  return {std::move(name), sgd::lower(mlp.wiring).network, mlp.weights};
}

BenchCase layered_case(std::string name, const std::string& architecture, int nonzero) {
  sgd::Mlp mlp;
  mlp.wiring = sgd::dense_wiring(sgd::parse_architecture(architecture), picture_signature());
  if (nonzero > 0) {
    std::vector<std::uint32_t> order(static_cast<std::size_t>(mlp.wiring.weight_count()));
    std::iota(order.begin(), order.end(), 0);
    RandomStream(0, "bench mask").shuffle(std::span(order));
    std::vector<std::uint8_t> keep(order.size());
    for (std::size_t i = 0; i < std::min(order.size(), static_cast<std::size_t>(nonzero)); ++i)
      keep[order[i]] = 1;
    std::size_t place = 0;
    for (auto& mask : mlp.wiring.masks)
      for (std::uint8_t& m : mask) m = keep[place++];
  }
  mlp.weights = sgd::initial_weights(mlp.wiring);
  return mlp_case(std::move(name), mlp);
}

std::vector<BenchCase> training_cases() {
  std::vector<BenchCase> cases;
  cases.push_back(layered_case("dense 12 x 22", skull_architecture));
  cases.push_back(layered_case("dense 16 x 23", "16;cache:17,gaussian:4,sigmoid:1,sin:1"));
  cases.push_back(layered_case("dense 33 x 38", "33;cache:28,cos:1,gaussian:5,identity:2,sigmoid:1,sin:1"));
  cases.push_back(layered_case("1,400 at random in 12 x 22", skull_architecture, 1400));
  cases.push_back(mlp_case("@face layerised", bridge::layerize(built_in_target("face").genome().genome)));
  return cases;
}

Picture noise_target(const Grid& grid) {
  RandomStream random(0, "bench target");
  Picture picture(grid.width, grid.height);
  for (float& colour : picture.rgb) colour = static_cast<float>(random.uniform());
  return picture;
}

Timing time_rounds(int rounds, const std::function<void()>& work) {
  work();
  std::vector<double> times(static_cast<std::size_t>(rounds));
  for (double& time : times) time = milliseconds_of(work);
  return timing_of(std::move(times));
}

ThreadTiming time_threads(int rounds, const std::function<void()>& work) {
  constexpr double least_ms = 5;  // a turn repeats shorter work
  work();
  const double once = milliseconds_of(work);
  const auto repeats = static_cast<int>(std::clamp(least_ms / once, 1.0, 100.0));
  const auto turn = [&] {
    work();  // wakes the threads, or lets them go
    return milliseconds_of([&] {
             for (int i = 0; i < repeats; ++i) work();
           }) /
           repeats;
  };
  std::vector<double> times, ratios;
  for (int i = 0; i < rounds; ++i) {
    times.push_back(turn());
    const ThreadLimit limit(1);
    ratios.push_back(turn() / times.back());
  }
  return {timing_of(std::move(times)), timing_of(std::move(ratios)).median};
}

double measured_peak(const InstructionSet& set, int threads) {
  constexpr std::size_t rounds = 8'000'000;
  const Kernels& machine = kernels(set);
  const ThreadLimit limit(threads);
  double flops = 0;
  const Timing timing = time_rounds(3, [&] {
    std::vector<double> done(static_cast<std::size_t>(threads));
    parallel_for(done.size(), [&](std::size_t i) {
      alignas(64) float sink[16];
      done[i] = machine.spin(rounds, sink);
    });
    flops = std::accumulate(done.begin(), done.end(), 0.0);
  });
  return flops / timing.low * 1e-6;
}

std::uint64_t behaviour_signature() {
  const Grid grid{61, 47};
  std::uint64_t hash = fnv1a("skein");
  for (const BuiltInTarget& target : built_in_targets()) {
    if (!target.genome) {
      hash = hashed(target.draw(grid).rgb, hash);
      continue;
    }
    hash = hash_case(mlp_case(target.name, bridge::layerize(target.genome().genome)), grid, hash);
  }
  hash = hash_case(layered_case("dense", skull_architecture), grid, hash);
  return hash_case(layered_case("sparse", skull_architecture, 1400), grid, hash);
}

}  // namespace skein::experiments
