#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/engine/population.hpp"
#include "lib/engine/stream_render.hpp"
#include "lib/picture/image.hpp"
#include "tests/support/random_network.hpp"

using namespace skein;
using test::random_network;
using test::random_weights;

TEST_CASE("a population is drawn as its members one by one") {
  const Grid grid{24, 17};
  std::vector<Network> networks;
  std::vector<Weights> weights;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    networks.push_back(random_network(seed, 4 + static_cast<int>(seed % 30)));
    weights.push_back(random_weights(networks.back(), seed));
  }
  std::vector<PopulationMember> members;
  for (std::size_t i = 0; i < networks.size(); ++i) members.push_back({&networks[i], weights[i]});
  std::vector<Picture> pictures(networks.size());
  draw_population(members, grid, [&](std::size_t i, Picture&& picture) { pictures[i] = std::move(picture); });
  for (std::size_t i = 0; i < networks.size(); ++i)
    CHECK(pictures[i] == draw(Plan(networks[i], {.one_shot = true}), weights[i], grid));
}

TEST_CASE("a picture streamed to a file is the picture drawn, in bands of rows") {
  const auto folder = std::filesystem::temp_directory_path() / ("skein-stream-" + std::to_string(getpid()));
  std::filesystem::create_directory(folder);
  const auto file = folder / "picture.png";
  const Network network = random_network(5, 20);
  const Weights weights = random_weights(network, 5);
  const Plan plan(network);
  const Grid grid{1100, 1003};  // two bands, the second not full
  CHECK(stream_render(plan, weights, grid, file));
  CHECK(read_image(file) == to_image(draw(plan, weights, grid)));

  const auto stopped = folder / "stopped.png";
  CHECK_FALSE(stream_render(plan, weights, grid, stopped, [](const Progress&) { return false; }));
  CHECK_THROWS_AS(stream_render(plan, weights, Grid{16385, 4}, stopped), ConfigError);
  CHECK_THROWS_AS(stream_render(plan, weights, grid, folder / "no/such/folder.png"), FormatError);
  CHECK(std::distance(std::filesystem::directory_iterator(folder), {}) == 1);
  std::filesystem::remove_all(folder);
}
