#include "experiments/robustness/hidden_losses.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "experiments/targets/hand_built.hpp"
#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

struct FaceParts {
  neat::AnnotatedGenome genome = face();
  PictureParts parts = parts_of(genome.genome, genome.notes.labels);
  PartPictures pictures = part_pictures(genome.genome, parts, parts_size);
};

}  // namespace

TEST_CASE("one weight of a face takes a whole part at that part's price, and no other part with it") {
  const FaceParts own;
  const Subject subject = subject_of(own.genome.genome);
  const HiddenLosses found = hidden_losses(subject, own.parts, own.pictures, {.weights = 1000});
  REQUIRE(found.parts.size() == 5);
  CHECK(found.loss < 1e-9);
  CHECK(found.moved == found.movable);
  for (const HiddenLoss& part : found.parts) {
    INFO(part.part, ": lost ", part.lost.weight, ", random ", part.lost.random, ", shifted ",
         part.lost.shifted, ", others ", part.others, ", ", name(part.change));
    CHECK(part.price > 0);
    CHECK(part.loss_change <= part.price);
    CHECK(part.lost.weight > 0.9);
    CHECK(part.change == PartChange::removed);
    CHECK(part.lost.shifted < part.lost.weight);
    // Where the head goes, what is on it lies on the wall.
    if (part.part == "outline") CHECK(part.others > 0.5);
    else CHECK(part.others < 0.01);
    if (part.part != "outline") CHECK(part.lost.random < 0.5 * part.lost.weight);
    // More may be lost where more is allowed, never more than is at stake.
    for (std::size_t i = 1; i < budget_count; ++i) CHECK(part.curve[i].weight >= part.curve[i - 1].weight);
    for (std::size_t i = 0; i < budget_count; ++i)
      CHECK(part.curve[i].weight <= std::min(1.0, budget_of(i) * part.price / part.concentrated) + 1e-5);
  }
}

TEST_CASE("where only the mouth's own weights can be moved, the mouth alone is lost") {
  const FaceParts own;
  const neat::Phenotype phenotype = neat::express(own.genome.genome);
  Subject subject = subject_of(phenotype.network, phenotype.weights);
  const auto mouth = std::ranges::find(own.parts.parts, "mouth", &Part::name);
  REQUIRE(mouth != own.parts.parts.end());
  for (std::size_t slot = 0; slot < subject.movable.size(); ++slot)
    subject.movable[slot] =
        subject.movable[slot] && std::ranges::binary_search(mouth->links, phenotype.link_of_slot[slot]);
  const HiddenLosses found = hidden_losses(subject, own.parts, own.pictures, {});
  CHECK(found.moved == found.movable);
  CHECK(found.moved < phenotype.weights.size() / 2);
  for (const HiddenLoss& part : found.parts) {
    INFO(part.part, ": lost ", part.lost.weight, ", random ", part.lost.random);
    if (part.part == "mouth") CHECK(part.lost.weight > 0.9);
    if (part.part == "brows" || part.part == "eyes") CHECK(part.lost.weight < 0.01);
    if (part.part == "brows" || part.part == "eyes") CHECK(part.lost.random < 0.01);
  }
}

TEST_CASE("hidden losses are the same on any threads, and other weights with another seed") {
  const FaceParts own;
  const Subject subject = subject_of(own.genome.genome);
  HiddenLosses found[2];
  for (const int threads : {1, 2}) {
    const ThreadLimit limit(threads);
    found[threads - 1] = hidden_losses(subject, own.parts, own.pictures, {.weights = 6, .seed = 3});
  }
  CHECK(found[0].moved == 6);
  for (std::size_t k = 0; k < found[0].parts.size(); ++k) {
    CHECK(found[0].parts[k].lost.weight == found[1].parts[k].lost.weight);
    CHECK(found[0].parts[k].lost.random == found[1].parts[k].lost.random);
    CHECK(found[0].parts[k].picture == found[1].parts[k].picture);
  }
}

TEST_CASE("without a part that shows, without weights and when stopped there is one line") {
  const FaceParts own;
  const Subject subject = subject_of(own.genome.genome);
  PartPictures same = own.pictures;
  for (Picture& absent : same.absent) absent = same.whole;
  CHECK_THROWS_AS(hidden_losses(subject, own.parts, same, {}), ConfigError);
  CHECK_THROWS_AS(hidden_losses(subject, own.parts, own.pictures, {.weights = 0}), ConfigError);
  CHECK_THROWS_AS(
      hidden_losses(subject, own.parts, own.pictures, {.weights = 4}, [](const Progress&) { return false; }),
      Error);
}
