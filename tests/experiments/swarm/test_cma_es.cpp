// CMA-ES on the functions that every implementation is tried on, against the evaluations that Hansen's own takes.
#include "experiments/swarm/cma_es.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "lib/base/error.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

using Function = double (*)(const Coordinates&);

double sphere(const Coordinates& x) {
  double sum = 0;
  for (const double value : x) sum += value * value;
  return sum;
}

double ellipsoid(const Coordinates& x) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i)
    sum += std::pow(1e6, static_cast<double>(i) / static_cast<double>(x.size() - 1)) * x[i] * x[i];
  return sum;
}

double rosenbrock(const Coordinates& x) {
  double sum = 0;
  for (std::size_t i = 0; i + 1 < x.size(); ++i)
    sum += 100 * std::pow(x[i] * x[i] - x[i + 1], 2) + std::pow(x[i] - 1, 2);
  return sum;
}

BatchUtility minus(Function function) {
  return [function](const std::vector<Coordinates>& places) {
    std::vector<double> utilities;
    for (const Coordinates& place : places) utilities.push_back(-function(place));
    return utilities;
  };
}

struct Case {
  const char* name;
  Function function;
  double start;
  std::int64_t within;  ///< evaluations to 1e-9 in ten dimensions
};

}  // namespace

TEST_CASE(
    "CMA-ES finds the optimum of the sphere, the ellipsoid and Rosenbrock's valley in known evaluations") {
  // Hansen and Ostermeier 2001, section 7, and Hansen 2016 give some 1,500, 5,500 and 6,000 in ten dimensions.
  for (const Case& c : {Case{"sphere", sphere, 1, 2200},
                        {"ellipsoid", ellipsoid, 1, 7500},
                        {"rosenbrock", rosenbrock, 0, 8500}})
    for (const std::uint64_t seed : {0u, 1u, 2u}) {
      CAPTURE(c.name);
      CAPTURE(seed);
      const Optimum found = cma_es(Coordinates(10, c.start), minus(c.function),
                                   {.spread = 0.5, .evaluations = 20'000, .enough = -1e-9, .seed = seed});
      CAPTURE(found.evaluations);
      CHECK(found.utility >= -1e-9);
      CHECK(found.evaluations <= c.within);
      CHECK(found.evaluations > 500);
    }
}

TEST_CASE("CMA-ES works in one dimension and stays within its evaluations") {
  const Optimum line = cma_es({3}, minus(sphere), {.evaluations = 400, .enough = -1e-10});
  CHECK(line.utility >= -1e-10);
  for (const std::int64_t evaluations : {1, 5, 17, 100}) {
    std::int64_t asked = 0;
    const Optimum found = cma_es(Coordinates(4, 1),
                                 [&](const std::vector<Coordinates>& places) {
                                   asked += static_cast<std::int64_t>(places.size());
                                   return minus(sphere)(places);
                                 },
                                 {.evaluations = evaluations});
    CHECK(found.evaluations == evaluations);
    CHECK(asked == evaluations);
  }
}

TEST_CASE("CMA-ES passes over what is not a number, and a flat utility does not break it") {
  const BatchUtility half_blind = [](const std::vector<Coordinates>& places) {
    std::vector<double> utilities;
    for (const Coordinates& place : places) utilities.push_back(place[0] < 0 ? std::nan("") : -sphere(place));
    return utilities;
  };
  const Optimum found = cma_es(Coordinates(3, 1), half_blind, {.evaluations = 2000});
  CHECK(std::isfinite(found.utility));
  CHECK(found.best[0] >= 0);
  const Optimum flat =
      cma_es(Coordinates(3, 1), [](const auto& places) { return std::vector<double>(places.size(), 1.0); },
             {.evaluations = 3000});
  CHECK(flat.utility == 1);
  CHECK_THROWS_AS(cma_es({}, minus(sphere), {}), ConfigError);
  CHECK_THROWS_AS(cma_es({1}, minus(sphere), {.spread = 0}), ConfigError);
  CHECK_THROWS_AS(cma_es({1}, minus(sphere), {.evaluations = 0}), ConfigError);
}

TEST_CASE(
    "random search draws from the standard normal distribution, the same points in batches of any size") {
  std::vector<Coordinates> seen;
  const BatchUtility keep = [&](const std::vector<Coordinates>& places) {
    seen.insert(seen.end(), places.begin(), places.end());
    return minus(sphere)(places);
  };
  const Optimum found = random_search(2, keep, 4000, 20, 7);
  REQUIRE(seen.size() == 4000);
  double sum = 0, square = 0;
  for (const Coordinates& place : seen)
    for (const double value : place) sum += value, square += value * value;
  CHECK(std::abs(sum / 8000) < 0.05);
  CHECK(square / 8000 == doctest::Approx(1).epsilon(0.06));
  const auto first = seen;
  seen.clear();
  CHECK(random_search(2, keep, 4000, 33, 7).best == found.best);
  CHECK(seen == first);
}
