// Walks of minibatch descent whose answer is known: none without noise, a spread that falls with the pixels.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "experiments/landscape/minibatch_report.hpp"
#include "experiments/landscape/minibatch_walks.hpp"
#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

/// brightness = w d, one weight in all, on a picture that w = 0.5 draws.
BasinTarget target_of_half_distance(int side = 16) {
  sgd::Mlp mlp;
  mlp.wiring.signature = picture_signature();
  mlp.wiring.masks = {std::vector<std::uint8_t>(12, 0)};
  mlp.wiring.copies = mlp.wiring.masks;
  mlp.wiring.masks[0][8 + 2] = 1;
  mlp.weights = {0.5f};
  BasinTarget target;
  target.title = "half of d";
  target.picture = draw(Plan(sgd::lower(mlp.wiring).network), mlp.weights, Grid{side, side});
  target.plain_loss = plain_loss_of(target.picture);
  target.evolved = mlp;
  return target;
}

std::vector<MinibatchWalk> walks_of(const BasinTarget& target, const MinibatchSettings& settings) {
  const auto walks = minibatch_walks({{"evolved", *target.evolved}}, target, settings, {});
  REQUIRE(walks);
  return *walks;
}

/// The mean square of what walks on so many pixels moved.
double spread(const std::vector<MinibatchWalk>& walks, std::uint32_t pixels) {
  double sum = 0, count = 0;
  for (const MinibatchWalk& walk : walks)
    if (walk.pixels == pixels) {
      sum += walk.moved * walk.moved;
      ++count;
    }
  return sum / count;
}

}  // namespace

TEST_CASE("a network that draws the picture exactly stays where it is on any pixels of that picture") {
  MinibatchSettings settings{.pixels = {4}, .rates = {0.1}, .steps = 200, .seeds = 2, .picture_noise = 0};
  for (const MinibatchWalk& walk : walks_of(target_of_half_distance(), settings)) {
    CHECK(walk.moved < 1e-6);
    CHECK(walk.loss_after < 1e-10);
  }
}

TEST_CASE("the mean square of a walk falls as one over the pixels of a step") {
  MinibatchSettings settings{
      .pixels = {4, 64}, .rates = {0.3}, .steps = 400, .seeds = 60, .picture_noise = 0.1};
  const auto walks = walks_of(target_of_half_distance(), settings);
  CHECK(walks.size() == 121);
  const double ratio = spread(walks, 4) / spread(walks, 64);
  CHECK(ratio >
        7);  // 16 but for the chance of 60 draws each and for where the noisy picture's own minimum lies
  CHECK(ratio < 36);
  CHECK(spread(walks, 0) < spread(walks, 4) / 7);
}

TEST_CASE("walks are the same on any number of threads, in order, and in every table") {
  MinibatchSettings settings{.pixels = {64, 16}, .rates = {0.01, 0.1}, .steps = 20, .seeds = 2, .seed = 3};
  const BasinTarget target = target_of_half_distance();
  std::string on_one;
  {
    const ThreadLimit one(1);
    on_one = minibatch_csv(target.title, walks_of(target, settings));
  }
  const auto walks = walks_of(target, settings);
  CHECK(minibatch_csv(target.title, walks) == on_one);
  REQUIRE(walks.size() == 2 * (2 + 2 + 1));
  CHECK(walks[0].pixels == 16);
  CHECK(walks[4].pixels == 0);
  CHECK(walks[5].rate == 0.1);
  CHECK(std::count(on_one.begin(), on_one.end(), '\n') == 11);
  CHECK(minibatch_json(walks).size() == 10);
  const std::string text = minibatch_text(walks);
  CHECK(std::count(text.begin(), text.end(), '\n') == 1 + 2 * 3);
  CHECK(minibatch_text({}).empty());
}

TEST_CASE("a rate at which the loss explodes is told as diverged, and a stop gives nothing") {
  BasinTarget target =
      target_of_half_distance(15);  // an infinite weight times d = 0 in the middle is no number
  MinibatchSettings settings{.pixels = {64}, .rates = {1e300}, .steps = 50, .seeds = 1};
  const auto walks = walks_of(target, settings);
  CHECK(std::ranges::any_of(walks, &MinibatchWalk::diverged));
  settings.rates = {0.01};
  settings.steps = 200;
  CHECK_FALSE(minibatch_walks({{"evolved", *target.evolved}}, target, settings,
                              [](const Progress&) { return false; }));
  settings.rates = {-1};
  CHECK_THROWS_AS(settings.validate(), ConfigError);
  settings = {.pixels = {0}};
  CHECK_THROWS_AS(settings.validate(), ConfigError);
}
