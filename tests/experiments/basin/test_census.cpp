// Starts and disturbed copies on wirings whose answer is known, the same on any threads and after any stop.
#include <doctest/doctest.h>

#include <atomic>
#include <cmath>

#include "experiments/basin/arrivals.hpp"
#include "experiments/basin/census.hpp"
#include "experiments/landscape/radius.hpp"
#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"
#include "sgd/mlp/initial_weights.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

constexpr int picture_side = 12;

/// brightness = w * input, one weight in all.
sgd::Wiring one_weight(std::size_t input) {
  sgd::Wiring wiring;
  wiring.signature = picture_signature();
  wiring.masks = {std::vector<std::uint8_t>(12, 0)};
  wiring.copies = wiring.masks;
  wiring.masks[0][8 + input] = 1;
  return wiring;
}

sgd::Mlp with_weight(const sgd::Wiring& wiring, float weight) {
  sgd::Mlp mlp;
  mlp.wiring = wiring;
  mlp.weights = {weight};
  return mlp;
}

Picture drawn(const sgd::Mlp& mlp) {
  return draw(Plan(sgd::lower(mlp.wiring).network), mlp.weights, Grid{picture_side, picture_side});
}

StartSource source_of(const std::string& name, const sgd::Wiring& wiring) {
  StartSource source{name, wiring.weight_count(), {}};
  source.make = [wiring](std::uint64_t seed) {
    sgd::Mlp mlp;
    mlp.wiring = wiring;
    mlp.weights = sgd::initial_weights(wiring, {.seed = seed});
    return mlp;
  };
  return source;
}

constexpr std::size_t reads_x = 0, reads_y = 1, reads_d = 2;

/// |0.5 d| is to be drawn: reached by every start that reads d, whatever its sign, and by none that reads x.
const Picture& half_distance() {
  static const Picture picture = drawn(with_weight(one_weight(reads_d), 0.5f));
  return picture;
}

CensusSettings quick_census(std::int64_t starts) {
  CensusSettings settings;
  settings.starts = starts;
  settings.bar = 1e-4;
  settings.seed = 5;
  settings.fit.train.steps = 1500;
  return settings;
}

bool same(const std::vector<CensusCell>& a, const std::vector<CensusCell>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t c = 0; c < a.size(); ++c) {
    if (a[c].starts.size() != b[c].starts.size() || a[c].arrived != b[c].arrived) return false;
    for (std::size_t i = 0; i < a[c].starts.size(); ++i)
      if (a[c].starts[i].index != i || a[c].starts[i].loss != b[c].starts[i].loss ||
          a[c].starts[i].first_loss != b[c].starts[i].first_loss ||
          a[c].starts[i].best_loss != b[c].starts[i].best_loss)
        return false;
  }
  return true;
}

}  // namespace

TEST_CASE(
    "every start of one weight arrives where the answer is its own, and none where it cannot be drawn") {
  const std::vector<StartSource> sources{source_of("can", one_weight(reads_d)),
                                         source_of("cannot", one_weight(reads_x))};
  StartBook book;
  const auto census = run_census(sources, half_distance(), quick_census(25), book, {});
  REQUIRE(census);
  REQUIRE(census->size() == 2);
  const CensusCell &can = census->front(), &cannot = census->back();
  CHECK(can.arrived == 25);
  CHECK(can.share.value == 1);
  CHECK(can.share.low ==
        doctest::Approx(1 / (1 + 1.959964 * 1.959964 / 25)));  // Wilson's lower end at n of n
  CHECK(can.arrivals(1e-4, 10).size() == 10);
  CHECK(cannot.arrived == 0);
  CHECK(cannot.share.high == doctest::Approx(1.959964 * 1.959964 / (25 + 1.959964 * 1.959964)));
  CHECK(cannot.loss_quantile(0) > 1e-3);
  // What it can come to at best is known: the least squares of |d| / 2 on |x|, which all its starts find.
  CHECK(cannot.loss_quantile(1) == doctest::Approx(cannot.loss_quantile(0)).epsilon(1e-3));
  CHECK(can.loss_quantile(0) <= can.loss_quantile(0.5));
}

TEST_CASE("a quantile among diverged starts is infinite, not NaN") {
  CensusCell cell;
  cell.starts.resize(4);
  cell.starts[0].best_loss = 1, cell.starts[1].best_loss = 3;
  cell.starts[2].diverged = cell.starts[3].diverged = true;
  CHECK(cell.loss_quantile(0) == 1);
  CHECK(cell.loss_quantile(0.25) == doctest::Approx(2.5));
  for (const double quantile : {0.5, 0.75, 0.95, 1.0}) CHECK(cell.loss_quantile(quantile) == INFINITY);
}

TEST_CASE("a census gives the same bits on any number of threads, in pieces and with more starts") {
  const std::vector<StartSource> sources{source_of("can", one_weight(reads_d)),
                                         source_of("cannot", one_weight(reads_y))};
  CensusSettings settings = quick_census(12);
  settings.fit.train.steps = 100;
  StartBook none;
  std::optional<std::vector<CensusCell>> one, many;
  {
    const ThreadLimit limit(1);
    one = run_census(sources, half_distance(), settings, none, {});
  }
  {
    const ThreadLimit limit(4);
    many = run_census(sources, half_distance(), settings, none, {});
  }
  REQUIRE(one);
  REQUIRE(many);
  CHECK(same(*one, *many));

  // Stopped after a few starts, then carried on from what was kept.
  StartBook book;
  book.keep = [&](const std::string& wiring, const StartResult& start) {
    book.known[{wiring, start.index}] = start;
  };
  std::atomic<int> asked = 0;
  CHECK(!run_census(sources, half_distance(), settings, book, [&](const Progress&) { return ++asked < 12; }));
  CHECK(!book.known.empty());
  CHECK(book.known.size() < 24);
  const std::size_t kept = book.known.size();
  std::size_t made = 0;
  book.keep = [&](const std::string&, const StartResult&) { ++made; };
  const auto resumed = run_census(sources, half_distance(), settings, book, {});
  REQUIRE(resumed);
  CHECK(made + kept == 24);
  CHECK(same(*one, *resumed));

  settings.starts = 20;
  const auto more = run_census(sources, half_distance(), settings, none, {});
  REQUIRE(more);
  for (std::size_t i = 0; i < 12; ++i)
    CHECK(more->front().starts[i].best_loss == one->front().starts[i].best_loss);
  settings.starts = 0;
  CHECK_THROWS_AS(run_census(sources, half_distance(), settings, none, {}), ConfigError);
}

TEST_CASE(
    "disturbed copies return where there is one valley, and not where the weight that was lost is not "
    "trained back") {
  const sgd::Mlp network = with_weight(one_weight(reads_d), 0.5f);
  RadiusSettings settings;
  settings.noise = {0.1, 1, 2};
  settings.copies = 8;
  settings.bar = 1e-4;
  settings.fit.train.steps = 1500;
  const auto centres = centres_of("one", network, true, {0}, {"rim"});
  REQUIRE(centres.size() == 3);
  CHECK(centres[1].where == "layer 1");
  CHECK(centres[2].where == "part rim");
  CopyBook book;
  const auto found = run_radius(centres, half_distance(), settings, book, {});
  REQUIRE(found);
  for (const Radius& radius : *found) {
    CHECK(radius.own_loss < 1e-12);
    for (const RadiusPoint& point : radius.points) CHECK(point.returned == 8);
    CHECK(std::isinf(radius.half_way.value));
    CHECK(radius.points[0].disturbed_loss < radius.points[2].disturbed_loss);
  }
  // So few and small steps that only what is near comes back: the noise at which half do can be said beforehand. A step
  // of Adam moves the weight by the rate at most; arriving takes |0.5 noise z| <= steps * rate + what the bar forgives.
  settings.noise = {0.02, 0.05, 0.1, 0.2, 0.4, 0.8};
  settings.copies = 200;
  settings.fit.train.steps = 50;
  settings.bar = 1e-5;
  CopyBook other;
  const auto near = run_radius({centres[0]}, half_distance(), settings, other, {});
  REQUIRE(near);
  const double reach = 50 * 3e-3, median_of_normal = 0.6745;
  const double expected = reach / 0.5 / median_of_normal;
  const HalfWay half = near->front().half_way;
  CHECK(half.value == doctest::Approx(expected).epsilon(0.2));
  CHECK(half.low < expected);
  CHECK(half.high > expected);
}

TEST_CASE("noise moves the weights that are meant, the same ones for the same name") {
  sgd::Mlp mlp;
  mlp.wiring = sgd::dense_wiring(sgd::parse_architecture("2;gaussian:3"), picture_signature());
  mlp.weights = sgd::initial_weights(mlp.wiring, {.seed = 1});
  const auto centres = centres_of("net", mlp, true, {}, {});
  REQUIRE(centres.size() == 4);
  const sgd::Mlp first = disturbed(centres[2], 0.5, 3, 0);
  int moved = 0;
  for (std::size_t s = 0; s < mlp.weights.size(); ++s) {
    if (!centres[2].moved[s]) CHECK(first.weights[s] == mlp.weights[s]);
    else moved += first.weights[s] != mlp.weights[s] ? 1 : 0;
  }
  CHECK(moved == 9);
  CHECK(disturbed(centres[2], 0.5, 3, 0).weights == first.weights);
  CHECK(disturbed(centres[2], 0.5, 3, 1).weights != first.weights);
  CHECK(disturbed(centres[2], 0.5, 4, 0).weights != first.weights);
}

TEST_CASE("solutions are told apart by their units") {
  sgd::Mlp a;
  a.wiring = sgd::dense_wiring(sgd::parse_architecture("1;gaussian:3,sin:3"), picture_signature());
  a.weights = sgd::initial_weights(a.wiring, {.seed = 1});
  sgd::Mlp b = a, c = a;
  for (float& w : b.weights) w *= 1.001f;
  c.weights = sgd::initial_weights(a.wiring, {.seed = 2});
  CHECK(unit_alikeness(a, a) == 1);
  CHECK(unit_alikeness(a, b) == 1);
  CHECK(unit_alikeness(a, c) < 0.9);
  CHECK(unit_alikeness(a, c) == unit_alikeness(c, a));
  // a - b joined, b - c joined, d alone: a chain is one cluster.
  const std::vector<double> alike{1, .95, .1, .2, .95, 1, .92, 0, .1, .92, 1, .5, .2, 0, .5, 1};
  CHECK(linked_clusters(alike, 4, .9) == std::vector<int>{0, 0, 0, 1});
  CHECK(linked_clusters(alike, 4, .96) == std::vector<int>{0, 1, 2, 3});
  CHECK(linked_clusters({}, 0, .9).empty());
}
