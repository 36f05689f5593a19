// A stranger's program: uses skein as installed, sees only what the install gave it. No picture anywhere but in the
// first part. Returns 0 when everything came out as it must.
#include <cmath>
#include <cstdio>
#include <numbers>
#include <skein/bridge/compare_wirings.hpp>
#include <skein/bridge/layerize.hpp>
#include <skein/lib/base/random.hpp>
#include <skein/lib/base/version.hpp>
#include <skein/lib/network/network_graph.hpp>
#include <skein/neat/genome/small_network.hpp>
#include <skein/neat/operators/start.hpp>
#include <skein/neat/search/evolution.hpp>
#include <skein/sgd/mlp/initial_weights.hpp>
#include <skein/sgd/prune/prune_similarity.hpp>
#include <skein/sgd/prune/prune_wanda.hpp>
#include <skein/sgd/prune/retraining.hpp>

using namespace skein;

static_assert(SKEIN_VERSION_MAJOR == 0 && SKEIN_VERSION_MINOR >= 1);

namespace {

/// Evolution by ask and tell: networks whose output follows sin(3 a) on [-1, 1].
double evolved_fitness() {
  neat::Settings settings = neat::cppn_preset();
  settings.population = 60;
  neat::Evolution evolution =
      neat::begin(settings, neat::minimal_genome({{"a", "bias"}, {"wave"}}, Activation::tanh), true, 7);
  double first = 0;
  for (int generation = 0; generation < 30; ++generation) {
    std::vector<neat::Evaluation> evaluations;
    for (const neat::Organism& organism : evolution.population) {
      neat::SmallNetwork network(organism.genome);
      double error = 0;
      for (int i = 0; i <= 20; ++i) {
        const double inputs[] = {i / 10.0 - 1, 1};
        error += std::abs(network(inputs)[0] - std::sin(3 * inputs[0]));
      }
      evaluations.push_back({.fitness = 21 / (1 + error)});
    }
    const auto now = neat::tell(evolution, settings, std::move(evaluations));
    if (generation == 0) first = now.best_fitness;
    neat::reproduce(evolution, settings, 7);
  }
  std::printf("ask and tell: fitness %.3g to %.3g\n", first, evolution.best->fitness);
  return evolution.best->fitness / first;
}

/// Two spirals that turn about each other, 97 points each: inputs a, b and a bias.
struct Spirals {
  SampleTable inputs{3, 194, std::vector<float>(3 * 194, 1.0f)};
  std::vector<float> classes;

  Spirals() {
    for (std::size_t i = 0; i < 194; ++i) {
      const double t = static_cast<double>(i / 2) / 97, side = i % 2 == 0 ? 1 : -1;
      const double radius = side * (1 - 0.9 * t), angle = 6 * std::numbers::pi * t;
      inputs.values[i] = static_cast<float>(radius * std::sin(angle));
      inputs.values[194 + i] = static_cast<float>(radius * std::cos(angle));
      classes.push_back(static_cast<float>(side));
    }
  }

  /// Logistic loss, as a value and a gradient.
  sgd::Examples examples() const {
    return {inputs, SampleLoss{[classes = classes](std::size_t sample, std::span<const float> outputs,
                                                   std::span<float> gradient) {
                                 const double margin = static_cast<double>(classes[sample] * outputs[0]);
                                 gradient[0] = static_cast<float>(-classes[sample] / (1 + std::exp(margin)));
                                 return std::log1p(std::exp(-margin));
                               },
                               "logistic"}};
  }

  double accuracy(const sgd::Mlp& mlp) const {
    std::vector<float> outputs(194);
    evaluate(Plan(sgd::lower(mlp.wiring).network), mlp.weights, inputs, outputs);
    int right = 0;
    for (std::size_t i = 0; i < 194; ++i) right += outputs[i] * classes[i] > 0;
    return right / 194.0;
  }
};

/// A masked network on the table, trained in minibatches and then whole.
sgd::Mlp trained_on(const Spirals& spirals) {
  sgd::Wiring wiring =
      sgd::dense_wiring(sgd::parse_architecture("2;tanh:10,sin:10"), {{"a", "b", "bias"}, {"side"}});
  RandomStream random(3, "the caller's mask");
  for (auto& place : wiring.masks[1]) place = random.chance(0.7);
  sgd::Mlp mlp{wiring, sgd::initial_weights(wiring, {.seed = 1}), {}, {}, 0};
  for (const std::uint32_t batch : {97u, 0u}) {
    const sgd::TrainSettings settings{.steps = 2500, .learning_rate = 1e-2, .batch = batch};
    sgd::Trainer trainer(sgd::problem_on(wiring, spirals.examples()), settings, mlp.weights);
    trainer.run();
    mlp = sgd::trained_mlp(wiring, settings, trainer.state());
  }
  return mlp;
}

bool holds(bool condition, const char* what) {
  if (!condition) std::printf("FAILED: %s\n", what);
  return condition;
}

}  // namespace

int main() {
  bool good = holds(evolved_fitness() > 1.2, "evolution improves");
  const Spirals spirals;
  const sgd::Mlp mlp = trained_on(spirals);
  std::printf("two spirals: %d weights, accuracy %.3f\n", mlp.wiring.weight_count(), spirals.accuracy(mlp));
  good = holds(spirals.accuracy(mlp) > 0.95, "the masked network learns the spirals") && good;

  const std::int64_t count = mlp.wiring.weight_count() / 2;
  const sgd::Retrain retrain = sgd::retrain_on(spirals.examples(), {.steps = 800, .learning_rate = 1e-2});
  const sgd::Pruned sp = sgd::prune_similarity(mlp, spirals.inputs, count, {}, retrain);
  const sgd::Pruned wanda = sgd::prune_in_rounds(
      mlp, count, 2, "wanda",
      [&](const sgd::Mlp& m, std::int64_t c, int) { return sgd::keep_wanda(m, spirals.inputs, c); }, retrain);
  for (const auto* pruned : {&sp, &wanda}) {
    const char* name = pruned == &sp ? "sp" : "wanda";
    const neat::Genome genome = bridge::lift(pruned->mlp).genome;
    const neat::Phenotype lifted = neat::express(genome);
    double apart = 0;
    std::vector<float> a(194), b(194);
    evaluate(Plan(sgd::lower(pruned->mlp.wiring).network), pruned->mlp.weights, spirals.inputs, a);
    evaluate(Plan(lifted.network), lifted.weights, spirals.inputs, b);
    for (std::size_t i = 0; i < 194; ++i) apart = std::max(apart, std::abs(static_cast<double>(a[i] - b[i])));
    const Structure structure = structure_of(lifted.network);
    std::printf("%s: %d weights, accuracy %.3f; lifted: %zu links, modularity %.3f (chance %.3f)\n", name,
                pruned->mlp.wiring.weight_count(), spirals.accuracy(pruned->mlp), genome.links.size(),
                structure.modularity.value, structure.modularity.null_mean);
    good = holds(pruned->mlp.wiring.weight_count() <= count, "as few weights as asked for") && good;
    good =
        holds(spirals.accuracy(pruned->mlp) > 0.65, "pruned networks still tell the spirals apart") && good;
    good = holds(apart < 1e-4, "lifting changes no output") && good;
    good =
        holds(structure.edges_alive > 0 && structure.depth_used > 1, "the lifted network is alive") && good;
  }
  const bridge::PlainWiring a = bridge::plain_wiring(sp.mlp), b = bridge::plain_wiring(wanda.mlp);
  const auto likeness = bridge::compare_wirings(a, b).f1;
  std::printf("sp against wanda: edge F1 %.3f (chance %.3f)\n", likeness.value, likeness.null_mean);
  good = holds(likeness.value > 0 && likeness.value < 1, "the wirings differ and share something") && good;
  std::printf("skein %s: %s\n", version, good ? "all as it must be" : "something is wrong");
  return good ? 0 : 1;
}
