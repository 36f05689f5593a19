#include <doctest/doctest.h>

#include "lib/base/error.hpp"
#include "sgd/mlp/initial_weights.hpp"
#include "sgd/mlp/matrix_mlp.hpp"
#include "sgd/mlp/sample_inputs.hpp"
#include "sgd/mlp/sensitivities.hpp"
#include "sgd/prune/prune_llm.hpp"
#include "sgd/prune/prune_lottery.hpp"
#include "sgd/prune/prune_magnitude.hpp"
#include "sgd/prune/prune_similarity.hpp"
#include "sgd/prune/prune_wanda.hpp"
#include "sgd/prune/retraining.hpp"
#include "tests/support/two_spirals.hpp"

using namespace skein;
using namespace skein::sgd;

namespace {

Examples spirals() { return {test::two_spirals(), test::spiral_classes()}; }

/// A network that tells the spirals apart.
const Mlp& trained_on_spirals() {
  static const Mlp mlp = [] {
    const Wiring wiring = test::spiral_wiring();
    const TrainSettings settings{.steps = 2500, .learning_rate = 1e-2};
    Trainer trainer(problem_on(wiring, spirals()), settings, initial_weights(wiring, {.seed = 1}));
    trainer.run();
    return trained_mlp(wiring, settings, trainer.state());
  }();
  return mlp;
}

double accuracy(const Mlp& mlp) { return test::accuracy(mlp, test::two_spirals(), test::spiral_classes()); }

}  // namespace

TEST_CASE("every method prunes a network on a table, and retraining brings it back") {
  const Mlp& mlp = trained_on_spirals();
  REQUIRE(accuracy(mlp) > 0.95);
  const std::int64_t count = mlp.wiring.weight_count() / 2;
  const Retrain retrain = retrain_on(spirals(), {.steps = 600, .learning_rate = 1e-2});
  const auto in_rounds = [&](const char* name, const ChooseMask& choose) {
    return prune_in_rounds(mlp, count, 2, name, choose, retrain);
  };
  const std::vector<std::pair<std::string, Pruned>> all{
      {"sp", prune_similarity(mlp, spirals().samples, count, {}, retrain)},
      {"wanda", in_rounds("wanda", [](const Mlp& m, std::int64_t c,
                                      int) { return keep_wanda(m, test::two_spirals(), c); })},
      {"llm-pruner",
       in_rounds("llm-pruner",
                 [](const Mlp& m, std::int64_t c, int) {
                   return keep_groups(
                       m, taylor_saliency(m.weights, gradient_moments(m, spirals()), TaylorOrder::first), c);
                 })},
      {"magnitude",
       in_rounds("magnitude", [](const Mlp& m, std::int64_t c, int) { return keep_largest(m.weights, c); })},
      {"lottery", prune_lottery(mlp, count, {}, {}, retrain)}};
  for (const auto& [name, pruned] : all) {
    CAPTURE(name);
    CHECK(pruned.mlp.wiring.weight_count() <= count);
    CHECK(pruned.mlp.wiring.weight_count() > count / 2);
    CHECK(pruned.rounds.back().loss < 0.9);  // 1 is what saying nothing costs
    CHECK(accuracy(pruned.mlp) > 0.65);
  }
}

TEST_CASE("what SP removes for nothing changes no output, on a table") {
  Mlp mlp = trained_on_spirals();
  const auto inputs = sample_inputs(mlp.wiring.signature, test::two_spirals());
  const auto wanted = outputs_of(to_matrices(mlp), inputs);
  // A twin of a unit with half of its outgoing weights.
  MatrixMlp work = to_matrices(mlp);
  work.hidden[0].push_back(work.hidden[0][2]);
  for (const std::size_t l : {0u, 1u}) {
    const auto rows = work.weights[l].rows() + (l == 0), columns = work.weights[l].cols() + (l == 1);
    work.weights[l].conservativeResize(rows, columns);
    work.masks[l].conservativeResize(rows, columns);
    work.copies[l].conservativeResize(rows, columns);
    work.copies[l].setZero();
  }
  work.weights[0].bottomRows(1) = work.weights[0].row(2);
  work.masks[0].bottomRows(1) = work.masks[0].row(2);
  work.weights[1].rightCols(1) = work.weights[1].col(2) /= 2;
  work.masks[1].rightCols(1) = work.masks[1].col(2);
  const Mlp twinned = to_mlp(work);
  const Mlp simple = simplify(twinned, test::two_spirals());
  CHECK(simple.wiring.weight_count() <= mlp.wiring.weight_count());
  CHECK(twinned.wiring.weight_count() > mlp.wiring.weight_count() + 10);
  CHECK((outputs_of(to_matrices(simple), inputs) - wanted).array().square().mean() < 1e-6);
}

TEST_CASE("how much a table's outputs feel a unit is the squared slope of the outputs by its sum") {
  const MatrixMlp mlp = to_matrices(trained_on_spirals());
  const auto inputs = sample_inputs(mlp.signature, subset_of(test::two_spirals(), {0, 5, 50, 120}));
  const Maps maps = maps_of(mlp, inputs);
  const auto felt = sensitivities(mlp, maps);
  const double step = 1e-5;
  for (const Eigen::Index unit : {0, 3, 9}) {
    const Eigen::MatrixXd weights = mlp.weights[1];
    std::vector<Eigen::MatrixXd> moved;
    for (const double sign : {1.0, -1.0}) {
      Eigen::MatrixXd below = maps.values[1];
      for (Eigen::Index p = 0; p < below.rows(); ++p)
        below(p, unit) = activate(mlp.activation(0, unit), maps.sums[0](p, unit) + sign * step);
      moved.push_back(outputs_of(mlp, below, 1));
    }
    const Eigen::VectorXd slopes = ((moved[0] - moved[1]) / (2 * step)).array().square().rowwise().sum();
    const Eigen::VectorXd expected = slopes.array() + even_sensitivity * slopes.mean();
    for (Eigen::Index p = 0; p < expected.size(); ++p)
      CHECK(felt[0](p, unit) == doctest::Approx(expected(p)).epsilon(1e-4).scale(1e-6));
  }
}

TEST_CASE("LLM-Pruner's moments over a table are those of sixteen samples at a time") {
  const Mlp& mlp = trained_on_spirals();
  const auto moments = gradient_moments(mlp, spirals());
  const Plan plan(lower(mlp.wiring).network);
  std::vector<double> squares(mlp.weights.size());
  const std::size_t samples = 194, patches = 13;
  for (std::size_t first = 0; first < samples; first += 16) {
    const std::size_t count = std::min<std::size_t>(16, samples - first);
    SampleTable part{3, count, {}};
    const SampleTable all = test::two_spirals();
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t s = 0; s < count; ++s) part.values.push_back(all.values[i * samples + first + s]);
    const auto classes = test::spiral_classes();
    const auto begin = classes.begin() + static_cast<std::ptrdiff_t>(first);
    std::vector<float> gradient(mlp.weights.size());
    Loss(plan, part, std::vector<float>(begin, begin + static_cast<std::ptrdiff_t>(count)))
        .value_and_gradient(mlp.weights, gradient);
    for (std::size_t i = 0; i < squares.size(); ++i)
      squares[i] += static_cast<double>(gradient[i]) * static_cast<double>(gradient[i]) / patches;
  }
  for (std::size_t i = 0; i < squares.size(); ++i)
    CHECK(moments.square[i] == doctest::Approx(squares[i]).epsilon(1e-3).scale(1e-8));
}

TEST_CASE(
    "the default retraining keeps the best weights, what rewinding needs, and says when it is stopped") {
  const Mlp& mlp = trained_on_spirals();
  const Trained none = retrain_on(spirals(), {.steps = 0})({mlp, 1, 1, 0, {}});
  CHECK(none.mlp == mlp);
  CHECK(none.steps == 0);
  const Trained some = retrain_on(spirals(), {.steps = 50})({mlp, 1, 1, 0, {}});
  CHECK(some.steps == 50);
  CHECK(some.best_loss <= none.loss * (1 + 1e-6));
  CHECK(some.mlp.initial == mlp.initial);
  CHECK(some.mlp.weights != mlp.weights);
  const Retrain stopped = retrain_on(spirals(), {.steps = 500}, [](const Progress&) { return false; });
  CHECK_THROWS_AS(stopped({mlp, 1, 1, 0, {}}), Error);
  CHECK_THROWS_AS(retrain_on(spirals(), {.learning_rate = -1}), ConfigError);
}
