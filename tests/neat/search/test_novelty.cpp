#include "neat/search/novelty.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"
#include "lib/base/random.hpp"

using namespace skein;
using namespace skein::neat;

namespace {

std::vector<Behaviour> random_points(std::uint64_t seed, std::size_t count) {
  RandomStream random(seed, "test behaviours");
  std::vector<Behaviour> points(count, Behaviour(3));
  for (Behaviour& point : points)
    for (double& value : point) value = random.uniform();
  return points;
}

}  // namespace

TEST_CASE("novelty is the mean distance to the nearest neighbours") {
  const std::vector<Behaviour> line{{0}, {1}, {3}, {10}};
  CHECK(novelty(line, {}, 2) == std::vector<double>{2, 1.5, 2.5, 8});
  const std::vector<Behaviour> archive{{10}, {9}};
  CHECK(novelty(line, archive, 1) == std::vector<double>{1, 1, 2, 0});
  CHECK(novelty(line, {}, 100)[0] == doctest::Approx(14.0 / 3));
  CHECK(novelty(std::span(line).first(1), {}, 5) == std::vector<double>{0});
  CHECK(novelty({}, archive, 1).empty());
}

TEST_CASE("novelty agrees with sorting all distances, on any number of threads") {
  const auto points = random_points(1, 60), archive = random_points(2, 100);
  const auto fast = novelty(points, archive, 15);
  {
    const ThreadLimit one(1);
    CHECK(novelty(points, archive, 15) == fast);
  }
  for (std::size_t i = 0; i < points.size(); ++i) {
    std::vector<double> distances;
    const auto add = [&](const Behaviour& b) {
      distances.push_back(std::hypot(points[i][0] - b[0], points[i][1] - b[1], points[i][2] - b[2]));
    };
    for (std::size_t j = 0; j < points.size(); ++j)
      if (j != i) add(points[j]);
    for (const Behaviour& b : archive) add(b);
    std::sort(distances.begin(), distances.end());
    double sum = 0;
    for (std::size_t n = 0; n < 15; ++n) sum += distances[n];
    CHECK(fast[i] == doctest::Approx(sum / 15));
  }
}

TEST_CASE("the most novel enter the archive, which forgets its oldest when full") {
  NoveltyArchive archive;
  const NoveltySettings settings{.neighbours = 2, .added_per_generation = 2, .capacity = 3};
  const std::vector<Behaviour> line{{0}, {1}, {3}, {10}};
  std::vector<Organism> organisms(4);
  for (std::size_t i = 0; i < 4; ++i) organisms[i].birth = i;
  const auto scores = score_novelty(archive, organisms, line, settings);
  REQUIRE(archive.organisms.size() == 2);
  CHECK(archive.organisms[0].birth == 3);
  CHECK(archive.organisms[0].fitness == scores[3]);
  CHECK(archive.organisms[1].birth == 2);
  CHECK(archive.behaviours[1] == Behaviour{3});
  score_novelty(archive, organisms, line, settings);
  CHECK(archive.organisms.size() == 3);
  CHECK(archive.organisms[0].birth == 2);
}

TEST_CASE("novelty refuses what cannot be compared and impossible settings") {
  const std::vector<Behaviour> mixed{{0}, {1, 2}};
  CHECK_THROWS_AS(novelty(mixed, {}, 1), ConfigError);
  const std::vector<Behaviour> broken{{0}, {std::numeric_limits<double>::quiet_NaN()}};
  CHECK_THROWS_AS(novelty(broken, {}, 1), ConfigError);
  CHECK_THROWS_WITH_AS(validate(NoveltySettings{.neighbours = 0}), doctest::Contains("1 to 1000"),
                       ConfigError);
  CHECK_THROWS_AS(validate(NoveltySettings{.added_per_generation = -1}), ConfigError);
  CHECK_THROWS_AS(validate(NoveltySettings{.capacity = 0}), ConfigError);
}
