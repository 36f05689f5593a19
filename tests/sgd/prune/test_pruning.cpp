#include "sgd/prune/pruning.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"
#include "sgd/mlp/initial_weights.hpp"
#include "sgd/mlp/matrix_mlp.hpp"
#include "sgd/mlp/sample_inputs.hpp"
#include "sgd/prune/prune_llm.hpp"
#include "sgd/prune/prune_lottery.hpp"
#include "sgd/prune/prune_magnitude.hpp"
#include "sgd/prune/prune_random.hpp"
#include "sgd/prune/prune_similarity.hpp"
#include "sgd/prune/prune_wanda.hpp"
#include "sgd/simplify/explained_edges.hpp"

using namespace skein;
using namespace skein::sgd;

namespace {

Mlp dense_mlp(std::uint64_t seed = 1) {
  Mlp mlp;
  mlp.wiring = dense_wiring(parse_architecture("4;cache:4,gaussian:3,tanh:2"), picture_signature());
  mlp.weights = mlp.initial = initial_weights(mlp.wiring, {.seed = seed});
  return mlp;
}

std::int64_t kept(const KeepMask& keep) { return std::accumulate(keep.begin(), keep.end(), std::int64_t{0}); }

Trained untrained(const Retraining& request) { return {request.mlp, 0.5, 0.4, 10}; }

Eigen::MatrixXd outputs_of(const Mlp& mlp) {
  return maps_of(to_matrices(mlp), sample_inputs(mlp.wiring.signature, Grid{24, 24})).values.back();
}

}  // namespace

TEST_CASE("what to keep is a count or a fraction, and nothing else") {
  CHECK(keep_count(parse_keep("0.25"), 200) == 50);
  CHECK(keep_count(parse_keep("120"), 200) == 120);
  CHECK(keep_count(parse_keep("1.0"), 200) == 200);
  for (const auto* text : {"", "abc", "1e3", "12x", "0x10", "."})
    CHECK_THROWS_AS(parse_keep(text), ConfigError);
  for (const auto* text : {"0", "-3", "201", "0.0", "1.5", "-0.5", "0.001"})
    CHECK_THROWS_AS(keep_count(parse_keep(text), 200), ConfigError);
}

TEST_CASE("rounds go down in equal ratios and end on the count") {
  CHECK(round_counts(1000, 125, 3) == std::vector<std::int64_t>{500, 250, 125});
  CHECK(lottery_counts(100, 50, 0.2) == std::vector<std::int64_t>{80, 64, 51, 50});
  CHECK_THROWS_AS(round_counts(10, 5, 0), ConfigError);
}

TEST_CASE("a count is reached in the fewest rounds that keep enough each") {
  CHECK(rounds_to(1000, 1000, 0.7) == 1);
  CHECK(rounds_to(1000, 701, 0.7) == 1);
  CHECK(rounds_to(1000, 343, 0.7) == 3);
  CHECK(rounds_to(1000, 342, 0.7) == 4);
  CHECK(rounds_to(5478, 473, 0.7) == 7);
}

TEST_CASE("magnitude keeps the largest, of equal ones the first, exactly as many as asked") {
  CHECK(keep_largest(std::vector<float>{0.1f, -3, 2, -2, 0}, 3) == KeepMask{0, 1, 1, 1, 0});
  CHECK(keep_largest(std::vector<float>{1, -1, 1}, 2) == KeepMask{1, 1, 0});
  CHECK_THROWS_AS(keep_largest(std::vector<float>{1}, 2), ConfigError);
  CHECK_THROWS_AS(keep_largest(std::vector<float>{NAN, 1}, 1), NumericError);
}

TEST_CASE("random masks keep exactly as many as asked, in all or in every layer") {
  const auto mlp = dense_mlp();
  for (const std::int64_t count : {1, 57, 100}) CHECK(kept(keep_random(mlp.wiring, count, 3)) == count);
  CHECK(keep_random(mlp.wiring, 50, 3) == keep_random(mlp.wiring, 50, 3));
  CHECK(keep_random(mlp.wiring, 50, 3) != keep_random(mlp.wiring, 50, 4));
  const std::vector<std::int64_t> counts{5, 40, 0, 81, 7};
  const auto chosen = restrict_to(mlp, keep_random_per_layer(mlp.wiring, counts, 2));
  CHECK(layer_counts(chosen.wiring) == counts);
  CHECK_THROWS_AS(keep_random_per_layer(mlp.wiring, std::vector<std::int64_t>{5}, 2), ConfigError);
  CHECK_THROWS_AS(keep_random_per_layer(mlp.wiring, std::vector<std::int64_t>{37, 0, 0, 0, 0}, 2),
                  ConfigError);
}

TEST_CASE("Wanda's quotas add up exactly and follow what exists") {
  CHECK(largest_remainder({10, 10, 10}, 10) == std::vector<std::int64_t>{4, 3, 3});
  CHECK(largest_remainder({8, 0, 3}, 11) == std::vector<std::int64_t>{8, 0, 3});
  auto mlp = dense_mlp();
  mlp = restrict_to(mlp, keep_random(mlp.wiring, 200, 1));
  for (const std::int64_t count : {1, 77, 150, 200})
    CHECK(kept(keep_wanda(mlp, Grid{16, 16}, count)) == count);
  const auto few =
      restrict_to(mlp, keep_wanda(mlp, Grid{16, 16}, 20));  // units without a weight are passed over
  CHECK(kept(keep_wanda(few, Grid{16, 16}, 10)) == 10);
  const auto half = restrict_to(mlp, keep_wanda(mlp, Grid{16, 16}, 100));
  for (std::size_t l = 0; l < mlp.wiring.masks.size(); ++l) {
    const auto columns = static_cast<std::size_t>(mlp.wiring.shape(static_cast<int>(l)).columns);
    for (std::size_t row = 0; row < mlp.wiring.masks[l].size() / columns; ++row) {
      const auto in_row = [&](const Mlp& m) {
        const auto first = m.wiring.masks[l].begin() + static_cast<std::ptrdiff_t>(row * columns);
        return static_cast<double>(
            std::count(first, first + static_cast<std::ptrdiff_t>(columns), std::uint8_t{1}));
      };
      CHECK(std::abs(in_row(half) - in_row(mlp) / 2) <= 0.5);
    }
  }
}

TEST_CASE("Wanda ranks by weight times input size, not by weight alone") {
  CHECK(wanda_saliency(std::vector<double>{1, -2, 3, 4}, std::vector<double>{10, 1}) ==
        std::vector<double>{10, 2, 30, 4});
  CHECK_THROWS_AS(wanda_saliency(std::vector<double>{1, 2, 3}, std::vector<double>{1, 1}), ConfigError);
}

TEST_CASE("LLM-Pruner's saliencies are the Taylor terms") {
  const GradientMoments moments{{2, -1}, {4, 3}};
  const std::vector<float> weights{3, 2};
  CHECK(taylor_saliency(weights, moments, TaylorOrder::first) == std::vector<double>{6, 2});
  CHECK(taylor_saliency(weights, moments, TaylorOrder::second) == std::vector<double>{36, 12});
  CHECK(taylor_saliency(weights, moments, TaylorOrder::mixed) == std::vector<double>{12, 8});
}

TEST_CASE("LLM-Pruner removes whole units, down to the asked count or just below") {
  const auto mlp = dense_mlp();
  const auto total = mlp.wiring.weight_count();
  Picture target(20, 20);
  const auto moments = gradient_moments(mlp, target);
  for (const std::int64_t count : {total - 1, total / 2, total / 4}) {
    const auto keep = keep_groups(mlp, taylor_saliency(mlp.weights, moments, TaylorOrder::first), count);
    CHECK(kept(keep) <= count);
    CHECK(kept(keep) > count - 27);  // the largest group has 9 weights in and 9 out, and its neighbours
    const auto pruned = restrict_to(mlp, keep);
    const auto live = liveness(pruned.wiring);
    for (std::size_t l = 0; l < live.hidden.size(); ++l)
      for (std::size_t u = 0; u < live.hidden[l].size(); ++u) {
        const auto columns = static_cast<std::size_t>(pruned.wiring.shape(static_cast<int>(l)).columns);
        const auto first = pruned.wiring.masks[l].begin() + static_cast<std::ptrdiff_t>(u * columns);
        const auto in = std::count(first, first + static_cast<std::ptrdiff_t>(columns), std::uint8_t{1});
        CHECK((in == 0) == (live.hidden[l][u] == 0));
      }
  }
  CHECK_THROWS_AS(keep_groups(mlp, std::vector<double>(3), 5), ConfigError);
  CHECK_THROWS_AS(keep_groups(mlp, std::vector<double>(mlp.weights.size()), 3), ConfigError);
}

TEST_CASE("the lottery rewinds to the initial weights and refuses a network without them") {
  auto mlp = dense_mlp();
  for (float& w : mlp.weights) w *= 2;
  std::vector<std::int64_t> counts;
  const auto check = [&](const Retraining& request) {
    CHECK(request.mlp.weights == request.mlp.initial);
    Trained trained = untrained(request);
    for (float& w : trained.mlp.weights) w += 0.01f;
    counts.push_back(trained.mlp.wiring.weight_count());
    return trained;
  };
  const auto pruned = prune_lottery(mlp, 100, {}, {}, check);
  CHECK(counts == lottery_counts(mlp.wiring.weight_count(), 100, 0.2));
  CHECK(pruned.mlp.wiring.weight_count() == 100);
  mlp.initial.clear();
  CHECK_THROWS_AS(prune_lottery(mlp, 100, {}, {}, check), ConfigError);
}

TEST_CASE("a mask that cuts the output off is refused before anything is trained") {
  const auto mlp = dense_mlp();
  bool trained = false;
  const auto none = [&](const Mlp& m, std::int64_t count, int) {
    KeepMask keep(m.weights.size());
    std::fill_n(keep.begin(), count, std::uint8_t{1});  // the first layer alone
    return keep;
  };
  const auto train = [&](const Retraining& request) {
    trained = true;
    return untrained(request);
  };
  CHECK_THROWS_AS(prune_in_rounds(mlp, 20, 1, "test", none, train), ConfigError);
  CHECK_FALSE(trained);
}

TEST_CASE(
    "simplifying takes the freedom of linear units out of a dense network without changing its picture") {
  const auto mlp = dense_mlp();
  const auto simple = simplify(mlp, Grid{24, 24});
  // Each of the four layers has four linear units, and a basis of what they carry has a single weight at each
  // of its four pivots: 4 * 4 - 4 = 12 weights go per layer.
  CHECK(simple.wiring.weight_count() <= mlp.wiring.weight_count() - 4 * 12);
  CHECK(visible_difference(picture_signature(), outputs_of(simple), outputs_of(mlp)) < 1e-6);
}

TEST_CASE("SP merges duplicated units whatever their sign and drops what cancels") {
  auto matrices = to_matrices(dense_mlp());
  const auto before = maps_of(matrices, sample_inputs(matrices.signature, Grid{24, 24})).values.back();
  // Unit 8 (tanh) of the second layer becomes unit 7 with the other sign; they share its readers' weights.
  matrices.weights[1].row(8) = -matrices.weights[1].row(7);
  const auto duplicated = to_mlp(matrices);
  const auto wanted = outputs_of(duplicated);
  const auto simple = simplify(duplicated, Grid{24, 24}, {.similarity = 0.9999});
  CHECK(visible_difference(picture_signature(), outputs_of(simple), wanted) < 1e-6);
  CHECK(liveness(simple.wiring).units() < liveness(duplicated.wiring).units());
}

TEST_CASE("SP leaves exactly the count asked for, and its rounds are told") {
  const auto mlp = dense_mlp();
  for (const std::int64_t count : {250, 120, 40, 12}) {
    int rounds = 0;
    const auto pruned = prune_similarity(mlp, Grid{24, 24}, count, {.rounds = 2}, untrained,
                                         [&](const PruneRound& round, const Mlp& m) {
                                           ++rounds;
                                           CHECK(round.nonzero == m.wiring.weight_count());
                                           CHECK(round.nonzero == round.asked);
                                         });
    CHECK(rounds == 2);
    CHECK(pruned.mlp.wiring.weight_count() == count);
    CHECK(liveness(pruned.mlp.wiring).outputs_reached() > 0);
  }
  int rounds = 0;
  prune_similarity(mlp, Grid{24, 24}, mlp.wiring.weight_count() / 2, {}, untrained,
                   [&](const PruneRound&, const Mlp&) { ++rounds; });
  CHECK(rounds == 2);
  CHECK_THROWS_AS(prune_similarity(mlp, Grid{24, 24}, 0, {}, untrained), ConfigError);
  CHECK_THROWS_AS(prune_similarity(mlp, Grid{24, 24}, 100000, {}, untrained), ConfigError);
  CHECK_THROWS_AS(prune_similarity(mlp, Grid{24, 24}, 100, {.similarity = 2}, untrained), ConfigError);
}

TEST_CASE("SP leaves no weights that serve nothing, unless the count asked for needs them") {
  const auto mlp = dense_mlp();
  const auto inputs = sample_inputs(mlp.wiring.signature, Grid{24, 24});
  for (const std::int64_t count : {250, 120, 60}) {
    auto matrices = to_matrices(mlp);
    drop_explained_edges(matrices, inputs, {.least_weights = count});
    CHECK(matrices.weight_count() == count);
    CHECK(drop_dead_edges(matrices) == 0);
  }
  // Two lines of four weights, x to h and y to s: one line can only go as a whole.
  auto lines = to_matrices(mlp);
  for (std::size_t l = 0; l < lines.weights.size(); ++l) {
    lines.weights[l].setZero();
    lines.masks[l].setZero();
    for (const Eigen::Index i : {0, 1}) {
      const Eigen::Index row = l == lines.depth() ? 2 * i : i;
      lines.weights[l](row, i) = i == 0 ? 0.9 : 0.5;
      lines.masks[l](row, i) = 1;
    }
  }
  const auto length = static_cast<std::int64_t>(lines.weights.size());
  for (const std::int64_t count : {2 * length - 1, length + 1, length}) {
    auto cut = lines;
    drop_explained_edges(cut, inputs, {.least_weights = count});
    CHECK(cut.weight_count() == count);
    CHECK(drop_dead_edges(cut) == count - length);
  }
}

TEST_CASE("without a count SP ends when the loss is not recovered, and keeps the last that was") {
  const auto mlp = dense_mlp();
  int trained = 0;
  const auto train = [&](const Retraining& request) {
    ++trained;
    return Trained{request.mlp, trained < 4 ? 1.0 : 2.0, 1, 10};
  };
  const auto pruned = prune_similarity(mlp, Grid{24, 24}, std::nullopt, {}, train);
  CHECK(trained == 4);
  CHECK(pruned.rounds.size() == 3);
  CHECK(pruned.mlp.wiring.weight_count() == pruned.rounds.back().nonzero);
}
