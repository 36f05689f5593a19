#include <doctest/doctest.h>

#include <cmath>

#include "lib/base/error.hpp"
#include "lib/engine/engine.hpp"
#include "neat/genome/gene_order.hpp"
#include "neat/genome/small_network.hpp"
#include "neat/operators/start.hpp"
#include "neat/search/double_pole.hpp"
#include "neat/search/task.hpp"
#include "tests/support/random_genome.hpp"

using namespace skein;
using namespace skein::neat;

namespace {

struct Attempt {
  bool solved = false;
  double evaluations = 0;
  double hidden = 0;
};

Attempt attempt(const Task& task, std::uint64_t seed) {
  const Settings settings = task_settings(task);
  Evolution evolution = begin(settings, task.start, true, seed);
  run(evolution, settings, {task.evaluate, {}, {}, {}}, {.seed = seed, .generations = 1000});
  if (!evolution.solution) return {};
  return {true, static_cast<double>(evolution.evaluations),
          static_cast<double>(hidden_count(evolution.solution->genome))};
}

struct Attempts {
  int solved = 0;
  double evaluations = 0;
  double hidden = 0;
};

Attempts attempts(const Task& task, int seeds) {
  Attempts all;
  for (int seed = 0; seed < seeds; ++seed) {
    const Attempt one = attempt(task, static_cast<std::uint64_t>(seed));
    all.solved += one.solved ? 1 : 0;
    all.evaluations += one.evaluations / seeds;
    all.hidden += one.hidden / seeds;
  }
  return all;
}

/// Energy of cart and poles (uniform rods), in joules.
double energy(const DoublePole::State& s) {
  double sum = 0.5 * DoublePole::cart_mass * s[1] * s[1];
  for (std::size_t p = 0; p < 2; ++p) {
    const double m = DoublePole::pole_mass[p], l = DoublePole::half_length[p], a = s[2 + 2 * p],
                 w = s[3 + 2 * p];
    sum += 0.5 * m * (s[1] * s[1] + 2 * s[1] * w * l * std::cos(a) + w * w * l * l) + m * l * l * w * w / 6 +
           m * DoublePole::gravity * l * std::cos(a);
  }
  return sum;
}

}  // namespace

TEST_CASE("a compiled genome computes what the engine computes") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    const Genome genome = test::random_genome(seed, {.greyscale_too = false});
    const Phenotype phenotype = express(genome);
    const SampleTable sample{4, 1, {0.3f, -0.6f, 0.9f, 1.0f}};
    std::vector<float> wanted(3);
    evaluate(Plan(phenotype.network), phenotype.weights, sample, wanted);
    SmallNetwork network(genome);
    const std::vector<double> inputs(sample.values.begin(), sample.values.end());
    for (std::size_t o = 0; o < 3; ++o)
      CHECK(network(inputs)[o] == doctest::Approx(static_cast<double>(wanted[o])).epsilon(1e-3).scale(1));
  }
}

TEST_CASE("a compiled network refuses cycles and a wrong number of inputs") {
  Genome genome = minimal_genome({{"x"}, {"y"}}, Activation::identity);
  SmallNetwork network(genome);
  CHECK_THROWS_AS(network(std::vector<double>{1, 2}), ConfigError);
  genome.links.push_back({{0, 9}, {0, 1}, {0, 1}, 1, true});
  CHECK_THROWS_AS(SmallNetwork{genome}, ConfigError);
}

TEST_CASE("XOR's fitness and criterion are the paper's") {
  Genome genome = xor_task().start;
  // All weights 0: every output is 0.5, the error 2, the fitness 4; 0.5 counts as 1.
  CHECK(xor_task().evaluate(genome).fitness == doctest::Approx(4));
  CHECK_FALSE(xor_task().evaluate(genome).solved);
  // h = x1 and x2; y = (x1 or x2) and not h.
  genome.nodes.push_back({{0, 4}, NodeRole::hidden, Activation::steep_sigmoid});
  const auto link = [&](int id, int from, int to, double w) {
    genome.links.push_back({{0, id}, {0, from}, {0, to}, w, true});
  };
  genome.links.clear();
  link(0, 0, 4, 4), link(1, 1, 4, 4), link(2, 2, 4, -6);
  link(3, 0, 3, 4), link(4, 1, 3, 4), link(5, 2, 3, -2), link(6, 4, 3, -8);
  CHECK(xor_task().evaluate(genome).solved);
  CHECK(xor_task().evaluate(genome).fitness > 15.9);
}

TEST_CASE("the energy that the poles lose is the work of the hinges' friction") {
  DoublePole::State state{0, 0.3, 0.2, -0.1, -0.15, 0.4};
  const double before = energy(state);
  double work = 0;
  const auto power = [](const DoublePole::State& s) {
    return DoublePole::hinge_friction * (s[3] * s[3] + s[5] * s[5]);
  };
  for (int i = 0; i < 100; ++i) {
    work += 0.5 * DoublePole::time_step * power(state);
    state = DoublePole::step(state, 0);
    work += 0.5 * DoublePole::time_step * power(state);
  }
  CHECK(work > 1e-4);
  CHECK(before - energy(state) == doctest::Approx(work).epsilon(0.01));
}

TEST_CASE("the integrator is of fourth order") {
  // Against one step, ten steps a tenth as long: the derivative integrated by hand with the midpoint rule.
  const DoublePole::State start{0, 0, 0.1, 0, 0.05, 0};
  DoublePole::State fine = start;
  constexpr int parts = 20000;
  for (int i = 0; i < parts; ++i) {
    const auto rate = DoublePole::derivative(fine, 3);
    auto middle = fine;
    for (std::size_t k = 0; k < 6; ++k) middle[k] += DoublePole::time_step / parts / 2 * rate[k];
    const auto better = DoublePole::derivative(middle, 3);
    for (std::size_t k = 0; k < 6; ++k) fine[k] += DoublePole::time_step / parts * better[k];
  }
  const auto coarse = DoublePole::step(start, 3);
  for (std::size_t k = 0; k < 6; ++k) CHECK(coarse[k] == doctest::Approx(fine[k]).epsilon(1e-6));
}

TEST_CASE("a cart without force drops its poles; limits are 36 degrees and 2.4 m") {
  Genome genome = double_pole_task().start;
  const Evaluation evaluation = double_pole_task().evaluate(genome);
  CHECK_FALSE(evaluation.solved);
  CHECK(evaluation.fitness > 10);
  CHECK(evaluation.fitness < 200);
  CHECK_FALSE(DoublePole::failed({2.39, 0, 0.62, 0, -0.62, 0}));
  CHECK(DoublePole::failed({2.41, 0, 0, 0, 0, 0}));
  CHECK(DoublePole::failed({0, 0, 0.63, 0, 0, 0}));
  CHECK(DoublePole::failed({0, 0, 0, 0, -0.63, 0}));
  CHECK(DoublePole::failed({std::nan(""), 0, 0, 0, 0, 0}));
}

TEST_CASE("XOR is solved from any of a few seeds") { CHECK(attempts(xor_task(), 5).solved == 5); }

TEST_CASE("slow: XOR over 100 seeds needs no more evaluations than the paper's") {
  const Attempts all = attempts(xor_task(), 100);
  MESSAGE("mean evaluations " << all.evaluations << ", hidden nodes " << all.hidden);
  CHECK(all.solved == 100);
  CHECK(all.evaluations <= xor_task().paper_evaluations);
}

TEST_CASE("slow: double pole balancing over 20 seeds needs no more evaluations than the paper's") {
  const Attempts all = attempts(double_pole_task(), 20);
  MESSAGE("mean evaluations " << all.evaluations << ", hidden nodes " << all.hidden);
  CHECK(all.solved == 20);
  CHECK(all.evaluations <= double_pole_task().paper_evaluations);
}
