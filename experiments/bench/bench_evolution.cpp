#include "experiments/bench/bench_evolution.hpp"

#include "experiments/targets/targets.hpp"
#include "lib/base/parallel.hpp"
#include "neat/genome/gene_order.hpp"
#include "neat/operators/mutation.hpp"
#include "neat/operators/start.hpp"
#include "neat/search/picture_goal.hpp"
#include "neat/search/task.hpp"

namespace skein::experiments {

EvolutionTiming time_xor_generations(int rounds) {
  constexpr std::uint64_t seeds = 20;
  const neat::Task task = neat::xor_task();
  const neat::Settings settings = neat::task_settings(task);
  neat::Goal goal;
  goal.evaluate = task.evaluate;
  const ThreadLimit limit(1);
  EvolutionTiming result;
  result.timing = time_rounds(rounds, [&] {
    result.items = result.mean_links = 0;
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
      neat::Evolution evolution = neat::begin(settings, task.start, true, seed);
      neat::run(evolution, settings, goal, {.seed = seed, .generations = 1000});
      result.items += evolution.generation + 1;
      result.mean_links += static_cast<double>(neat::enabled_count(evolution.best->genome)) / seeds;
    }
  });
  return result;
}

EvolutionTiming time_image_search(int rounds) {
  constexpr int count = 1000;
  const neat::Genome start = neat::as_start(built_in_target("galaxy").genome().genome);
  const neat::Settings settings = neat::cppn_preset();
  neat::Ledger ledger;
  ledger.adopt(start);
  RandomStream random(0, "bench genomes");
  EvolutionTiming result;
  std::vector<neat::Genome> genomes;
  for (int i = 0; i < count; ++i) {
    genomes.push_back(neat::mutate(start, settings.mutation, ledger, random).genome);
    result.mean_links += static_cast<double>(neat::enabled_count(genomes.back())) / count;
  }
  const neat::Evaluator evaluate = neat::figure_evaluator(64);
  std::vector<neat::Evaluation> evaluations(genomes.size());
  result.items = count;
  result.timing = time_rounds(rounds, [&] {
    parallel_for(genomes.size(), [&](std::size_t i) { evaluations[i] = evaluate(genomes[i]); });
  });
  return result;
}

}  // namespace skein::experiments
