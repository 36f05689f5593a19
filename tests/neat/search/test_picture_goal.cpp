#include "neat/search/picture_goal.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <span>

#include "lib/base/error.hpp"
#include "lib/engine/engine.hpp"
#include "lib/picture/descriptors.hpp"
#include "neat/operators/start.hpp"

using namespace skein;
using namespace skein::neat;

namespace {

Genome sine_genome(std::uint64_t seed) {
  RandomStream random(seed, "test genome");
  return with_random_weights(minimal_genome(picture_signature(), Activation::sin), 3, random);
}

Picture drawn(const Genome& genome, int size) {
  const Phenotype phenotype = express(genome);
  return draw(Plan(phenotype.network), phenotype.weights, Grid{size, size});
}

}  // namespace

TEST_CASE("figures are evaluated by their picture's descriptors and quality") {
  const Genome genome = sine_genome(1);
  const Evaluation evaluation = figure_evaluator(32)(genome);
  const Picture picture = drawn(genome, 32);
  const auto values = describe(picture).values();
  Behaviour expected(values.begin(), values.end());
  expected.push_back(1);  // one layer
  CHECK(evaluation.behaviour == expected);
  CHECK(evaluation.fitness == figure_quality(picture));
  CHECK_THROWS_AS(figure_evaluator(4), ConfigError);
}

TEST_CASE("bystanders are compared with and change nothing else") {
  const Genome genome = sine_genome(1);
  const Evaluation alone = figure_evaluator(24)(genome);
  const Evaluation watched = figure_evaluator(24, {drawn(genome, 24), drawn(sine_genome(2), 24)})(genome);
  REQUIRE(watched.behaviour.size() == alone.behaviour.size() + 2);
  CHECK(std::equal(alone.behaviour.begin(), alone.behaviour.end(), watched.behaviour.begin()));
  CHECK(watched.fitness == alone.fitness);
  const auto errors = std::span(watched.behaviour).last(2);
  CHECK(errors[0] == 0);
  CHECK(errors[1] == 1 - likeness_evaluator(drawn(sine_genome(2), 24))(genome).fitness);
  CHECK_THROWS_WITH_AS(figure_evaluator(24, {Picture(24, 20)}),
                       "a picture of 24 x 20 cannot be compared; allowed: 24 x 24", ConfigError);
}

TEST_CASE("likeness is 1 for the genome that drew the target and less for others") {
  const Evaluator evaluate = likeness_evaluator(drawn(sine_genome(2), 24));
  CHECK(evaluate(sine_genome(2)).fitness == 1);
  CHECK(evaluate(sine_genome(3)).fitness < 1);
  CHECK(evaluate(sine_genome(3)).fitness >= 0);
}

TEST_CASE("pictures with values that are not finite are evaluated 0 and have no behaviour") {
  Genome genome = sine_genome(1);
  for (Node& node : genome.nodes)
    if (node.role == NodeRole::output) node.activation = Activation::identity;
  for (Link& link : genome.links) link.weight = link.id.id % 2 == 0 ? 3e38 : -3e38;
  const Evaluation evaluation = figure_evaluator(16)(genome);
  CHECK(evaluation.fitness == 0);
  CHECK(evaluation.behaviour.empty());
}

TEST_CASE("novelty search scores a generation and carries its archive through a checkpoint") {
  const auto archive = std::make_shared<NoveltyArchive>();
  const Goal goal = novelty_goal(archive, {.neighbours = 3, .added_per_generation = 2}, 16);
  std::vector<Organism> organisms;
  std::vector<Evaluation> evaluations;
  for (std::uint64_t i = 0; i < 10; ++i) {
    organisms.push_back({.genome = sine_genome(i), .birth = i});
    evaluations.push_back(goal.evaluate(organisms.back().genome));
  }
  evaluations[4].behaviour.clear();
  const auto scores = goal.score(organisms, evaluations);
  CHECK(scores[4] == 0);
  CHECK(*std::max_element(scores.begin(), scores.end()) > 0);
  CHECK(archive->organisms.size() == 2);
  const NoveltyArchive before = *archive;
  const std::string saved = goal.save();
  goal.score(organisms, evaluations);
  CHECK(archive->organisms.size() == 4);
  goal.restore(saved);
  CHECK(*archive == before);
  CHECK_THROWS_AS(goal.restore(saved.substr(0, saved.size() / 2)), FormatError);
}
