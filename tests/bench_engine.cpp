#include <benchmark/benchmark.h>

#include "experiments/bench/bench_cases.hpp"
#include "lib/base/parallel.hpp"
#include "lib/engine/population.hpp"
#include "lib/kernels/kernels.hpp"

using namespace skein;

namespace {

const experiments::BenchCase& bench_case(std::int64_t index) {
  static const auto cases = experiments::training_cases();
  return cases[static_cast<std::size_t>(index)];
}

/// Arguments: case, threads.
void train_step(benchmark::State& state) {
  const auto& bench = bench_case(state.range(0));
  const ThreadLimit limit(static_cast<int>(state.range(1)));
  const Grid grid{256, 256};
  Loss loss(Plan(bench.network), grid, experiments::noise_target(grid));
  std::vector<float> gradient(bench.weights.size());
  for (auto _ : state) benchmark::DoNotOptimize(loss.value_and_gradient(bench.weights, gradient));
  state.SetLabel(bench.name);
  state.counters["gflops"] = benchmark::Counter(
      6e-9 * static_cast<double>(grid.pixels()) * static_cast<double>(bench.network.edge_count()),
      benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(train_step)->ArgsProduct({{0, 1, 2, 3, 4}, {1, 2}})->Unit(benchmark::kMillisecond)->UseRealTime();

void render(benchmark::State& state) {
  const auto& bench = bench_case(state.range(0));
  const ThreadLimit limit(1);
  const Plan plan(bench.network);
  for (auto _ : state) benchmark::DoNotOptimize(draw(plan, bench.weights, Grid{256, 256}));
  state.SetLabel(bench.name);
}
BENCHMARK(render)->DenseRange(0, 4)->Unit(benchmark::kMillisecond);

void make_plan(benchmark::State& state) {
  const auto& bench = bench_case(state.range(0));
  std::vector<float> out(3);
  for (auto _ : state)
    evaluate(Plan(bench.network, {.one_shot = state.range(1) != 0}), bench.weights, Grid{1, 1}, out);
  state.SetLabel(bench.name);
}
BENCHMARK(make_plan)->ArgsProduct({{0, 4}, {0, 1}})->Unit(benchmark::kMicrosecond);

void activation(benchmark::State& state) {
  const auto which = static_cast<Activation>(state.range(0));
  const auto sets = supported_instruction_sets();
  const Kernels& machine = kernels(sets[static_cast<std::size_t>(state.range(1)) % sets.size()]);
  std::vector<float> values(4096, 0.3f), slopes(4096);
  for (auto _ : state) machine.activate(which, values.data(), slopes.data(), values.size());
  state.SetLabel(std::string(name(which)) + " " + std::string(name(machine.set)));
  state.SetItemsProcessed(state.iterations() * 4096);
}
BENCHMARK(activation)->ArgsProduct({{1, 2, 3, 4, 5, 6, 7}, {0, 1, 2}});

void population(benchmark::State& state) {
  const auto& bench = bench_case(4);
  const std::vector<PopulationMember> members(100, PopulationMember{&bench.network, bench.weights});
  for (auto _ : state) draw_population(members, Grid{64, 64}, [](std::size_t, Picture&&) {});
  state.SetItemsProcessed(state.iterations() * 100);
}
BENCHMARK(population)->Unit(benchmark::kMillisecond)->UseRealTime();

void perturbed(benchmark::State& state) {
  const auto& bench = bench_case(0);
  const Plan plan(bench.network);
  std::vector<Perturbation> copies;
  for (Slot slot = 0; slot < bench.weights.size(); slot += 50) copies.push_back({{slot, 0.5f}});
  for (auto _ : state)
    draw_perturbed(plan, bench.weights, Grid{128, 128}, copies, [](std::size_t, Picture&&) {});
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(copies.size()));
}
BENCHMARK(perturbed)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
