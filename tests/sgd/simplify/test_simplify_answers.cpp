#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "lib/base/random.hpp"
#include "sgd/mlp/wiring_graph.hpp"
#include "sgd/simplify/explained_edges.hpp"
#include "sgd/simplify/interpolative.hpp"
#include "sgd/simplify/linear_carriers.hpp"
#include "sgd/simplify/similar_units.hpp"

using namespace skein;
using namespace skein::sgd;
using Eigen::MatrixXd;

namespace {

/// A layered MLP from x, y to one output; every weight that is not zero exists.
MatrixMlp built(std::vector<std::vector<UnitKind>> layers, std::vector<MatrixXd> weights) {
  MatrixMlp mlp;
  mlp.signature = {{"a", "b"}, {"out"}};
  for (const auto& layer : layers) {
    mlp.hidden.emplace_back();
    for (const UnitKind kind : layer) mlp.hidden.back().push_back({kind, {}});
  }
  for (const MatrixXd& matrix : weights) {
    mlp.masks.emplace_back((matrix.array() != 0).cast<std::uint8_t>());
    mlp.copies.emplace_back(MatrixMlp::Mask::Zero(matrix.rows(), matrix.cols()));
  }
  mlp.weights = std::move(weights);
  return mlp;
}

/// Points that tell any two linear functions of a and b apart, shape (9, 2).
MatrixXd points() {
  MatrixXd inputs(9, 2);
  for (Eigen::Index i = 0; i < 9; ++i)
    inputs.row(i) << static_cast<double>(i % 3) - 1.2, static_cast<double>(i / 3) - 0.7;
  return inputs;
}

constexpr UnitKind carrier{Activation::identity, true}, tanh_unit{Activation::tanh, false};

}  // namespace

TEST_CASE("maps are as similar as their centred cosine, whatever their sign and size") {
  MatrixXd maps(4, 6);
  maps.col(0) << 1, -1, 1, -1;
  maps.col(1) << 3, 7, 3, 7;    // 5 - 2 times the first
  maps.col(2) << 1, 1, -1, -1;  // nothing in common with it
  maps.col(3) << 2, 0, 0, -2;   // the first and the third together, at 45 degrees
  maps.col(4) << 4, 4, 4, 4;
  maps.col(5).setZero();
  const MatrixXd with = map_similarity(maps, true);
  CHECK(with(0, 1) == doctest::Approx(1));
  CHECK(with(0, 2) == doctest::Approx(0));
  CHECK(with(0, 3) == doctest::Approx(std::sqrt(0.5)));
  CHECK(with(2, 3) == doctest::Approx(std::sqrt(0.5)));
  CHECK(with(4, 4) == 1);
  CHECK(with(0, 4) == 0);
  CHECK(with(5, 5) == 0);
  // Without a constant unit to make up for the means, (1, -1, ...) and (3, 7, ...) are not the same: the
  // uncentred cosine is 8 / sqrt(4 * 116).
  CHECK(map_similarity(maps, false)(0, 1) == doctest::Approx(8 / std::sqrt(4 * 116.0)));
}

TEST_CASE("units cluster about the one that is most like the others; of equal ones that with fewer weights") {
  MatrixXd similarity = MatrixXd::Identity(6, 6);
  const auto alike = [&](Eigen::Index a, Eigen::Index b, double by) {
    similarity(a, b) = similarity(b, a) = by;
  };
  alike(0, 1, 0.95);
  alike(1, 2, 0.96);
  alike(0, 2, 0.5);
  alike(3, 4, 0.99);
  const auto clusters = cluster_units(similarity, {1, 1, 1, 5, 2, 1}, 0.9);
  REQUIRE(clusters.size() == 2);
  CHECK(clusters[0].medoid == 1);
  CHECK(clusters[0].others == std::vector<Eigen::Index>{0, 2});
  CHECK(clusters[1].medoid == 4);
  CHECK(clusters[1].others == std::vector<Eigen::Index>{3});
  CHECK(cluster_units(similarity, {1, 1, 1, 5, 2, 1}, 0.97).size() == 1);
  CHECK(cluster_units(similarity, {1, 1, 1, 5, 2, 1}, 0.995).empty());
}

TEST_CASE("a unit that is another's multiple is folded into it without any change") {
  MatrixXd first(3, 2), second(1, 3);
  first << 0.5, -1, -0.5, 1, 0.3, 0.8;  // tanh is odd: the second is minus the first
  second << 2, 3, 0.7;
  MatrixMlp mlp = built({{tanh_unit, tanh_unit, tanh_unit}}, {first, second});
  const MatrixXd values = layer_values(mlp, 0, points()), before = outputs_of(mlp, points());
  fold_unit(mlp, 0, 0, 1, -1, values);
  CHECK(mlp.weights[1](0, 0) == doctest::Approx(-1));  // 2 - 3
  CHECK(mlp.weights[1](0, 2) == 0.7);
  CHECK(mlp.masks[0].row(1).isZero());
  CHECK(mlp.masks[1](0, 1) == 0);
  CHECK((outputs_of(mlp, points()) - before).norm() < 1e-12);
  // The same by similarity; the third unit is like none and stays.
  MatrixMlp merged = built({{tanh_unit, tanh_unit, tanh_unit}}, {first, second});
  CHECK(merge_similar_units(merged, 0, values, before, {.threshold = 0.999}) == 1);
  CHECK(merged.weight_count() == 6);
  CHECK((outputs_of(merged, points()) - before).norm() < 1e-12);
}

TEST_CASE("an interpolative decomposition has as many pivots as the rank and gives the matrix back") {
  MatrixXd basis(5, 2), mix(2, 4);
  basis << 1, 0, 2, 1, 0, 3, -1, 1, 1, -2;
  mix << 1, 0, 2, -1, 0, 1, 1, 3;
  const MatrixXd matrix = basis * mix;
  const auto whole = interpolate(matrix, Eigen::VectorXd::Ones(4), 4);
  REQUIRE(whole.pivots.size() == 2);
  CHECK((matrix(Eigen::all, whole.pivots) * whole.factor - matrix).norm() < 1e-12);
  for (std::size_t i = 0; i < 2; ++i)
    for (std::size_t j = 0; j < 2; ++j)
      CHECK(whole.factor(static_cast<Eigen::Index>(i), whole.pivots[j]) == (i == j ? 1 : 0));
  CHECK(interpolate(matrix, Eigen::VectorXd::Ones(4), 1).pivots.size() == 1);
  // The size decides which columns stand for the others; a column of size 0 is none.
  Eigen::VectorXd sizes = Eigen::VectorXd::Ones(4);
  sizes(0) = sizes(1) = 1000;
  auto pivots = interpolate(matrix, sizes, 4).pivots;
  std::ranges::sort(pivots);
  CHECK(pivots == std::vector<Eigen::Index>{0, 1});
  sizes << 0, 0, 0, 1;
  const auto one = interpolate(matrix, sizes, 4);
  CHECK(one.pivots == std::vector<Eigen::Index>{3});
  CHECK(one.factor.leftCols(3).isZero());
}

TEST_CASE("carriers whose readers need one combination of them become that one") {
  // Three carriers mix a and b; both readers take the same combination of them, 1.5 a + 1.5 b.
  MatrixXd first(3, 2), second(2, 3), third(1, 2);
  first << 1, 2, 2, 1, 1, 1;
  second << 1, 1, -1.5, 2, 2, -3;
  third << 1, -0.5;
  MatrixMlp mlp = built({{carrier, carrier, carrier}, {tanh_unit, tanh_unit}}, {first, second, third});
  const MatrixXd before = outputs_of(mlp, points());
  REQUIRE(mlp.weight_count() == 14);
  CHECK(combine_carriers(mlp, 0, points(), {}));
  CHECK(mlp.weight_count() == 2 + 2 + 2);
  CHECK((outputs_of(mlp, points()) - before).norm() < 1e-9);
  // Nothing is done that leaves fewer weights than asked for, nor where nothing is gained.
  MatrixMlp kept = built({{carrier, carrier, carrier}, {tanh_unit, tanh_unit}}, {first, second, third});
  CHECK_FALSE(combine_carriers(kept, 0, points(), {.least_weights = 14}));
  CHECK(kept.weight_count() == 14);
  CHECK_FALSE(combine_carriers(mlp, 0, points(), {}));
}

TEST_CASE("a carrier of one weight carries it as a copy, and its readers make up for that") {
  MatrixXd first(2, 2), second(1, 2);
  first << 4, 0, 1, 1;
  second << 0.5, 3;
  MatrixMlp mlp = built({{carrier, carrier}}, {first, second});
  const MatrixXd before = outputs_of(mlp, points());
  normalize_copies(mlp);
  CHECK(mlp.weights[0](0, 0) == 1);
  CHECK(mlp.copies[0](0, 0) == 1);
  CHECK(mlp.weights[1](0, 0) == 2);
  CHECK(mlp.weights[1](0, 1) == 3);  // the second carries a sum, which is no copy
  CHECK(mlp.copies[0].row(1).isZero());
  CHECK((outputs_of(mlp, points()) - before).norm() < 1e-12);
}

TEST_CASE("a sweep over the masks finds a way to an output exactly where the graph of the wiring has one") {
  int fed = 0, cut = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    RandomStream random(seed, "sparse masks");
    const Architecture shape = parse_architecture("5;cache:3,tanh:3");
    Mlp mlp{dense_wiring(shape, picture_signature()), {}, {}, {}, 0};
    for (auto& mask : mlp.wiring.masks)
      for (auto& there : mask) there = random.chance(0.22) ? 1 : 0;
    mlp.weights.assign(static_cast<std::size_t>(mlp.wiring.weight_count()), 1.0f);
    const bool reached = liveness(mlp.wiring).outputs_reached() > 0;
    CHECK(feeds_an_output(to_matrices(mlp)) == reached);
    ++(reached ? fed : cut);
  }
  CHECK(fed > 30);
  CHECK(cut > 30);
}
