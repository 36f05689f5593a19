#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"
#include "lib/engine/engine.hpp"
#include "lib/network/network_graph.hpp"
#include "lib/network/oracle.hpp"
#include "tests/support/random_network.hpp"

using namespace skein;
using test::layered_network;
using test::random_network;
using test::random_picture;
using test::random_weights;

namespace {

/// The loss in double precision as a function of the weights, and its slopes.
class ExactLoss {
 public:
  ExactLoss(const Network& network, const Weights& weights, const Grid& grid, const Picture& target)
      : network_(network), grid_(grid), target_(target), at_(weights.begin(), weights.end()) {}
  double value() const { return oracle_picture_loss(network_, at_, grid_, target_); }
  /// Its central difference by one weight.
  double slope(std::size_t slot, double step) {
    const double middle = at_[slot];
    at_[slot] = middle + step;
    const double above = value();
    at_[slot] = middle - step;
    const double below = value();
    at_[slot] = middle;
    return (above - below) / (2 * step);
  }

 private:
  const Network& network_;
  const Grid& grid_;
  const Picture& target_;
  std::vector<double> at_;
};

/// What is known of each slot's gradient.
struct Held {
  std::vector<std::uint8_t> live;     ///< trainable, and some edge on a way to an output reads it
  std::vector<std::uint8_t> held;     ///< it has been held against central differences
  std::vector<std::uint8_t> sloping;  ///< and the slope was not zero
  bool open(std::size_t slot) const { return held[slot] == 0 || (live[slot] != 0 && sloping[slot] == 0); }
};

std::vector<std::uint8_t> live_slots(const Network& network, const PlanOptions& options) {
  std::vector<std::uint8_t> live(static_cast<std::size_t>(network.slot_count()), 0);
  const auto useful = reaching_outputs(network);
  for (int u = 0; u < network.unit_count(); ++u)
    if (useful[static_cast<std::size_t>(network.input_count() + u)] != 0)
      for (const Edge& edge : network.edges_of(u))
        live[edge.slot] = options.trainable.empty() || options.trainable[edge.slot] != 0;
  return live;
}

/// Holds the gradient at some weights against central differences of the oracle's loss, for every slot that is open. The
/// loss has corners (relu, the clips of colour, the hue's ramps); where one lies within a step, the differences of two
/// step lengths disagree, and these weights say nothing of the slot.
void hold_against(const Network& network, const Weights& weights, const Grid& grid,
                  const PlanOptions& options, Held& slots) {
  const Picture target = random_picture(grid.width, grid.height);
  Loss loss(Plan(network, options), grid, target);
  std::vector<float> gradient(weights.size());
  const double value = loss.value_and_gradient(weights, gradient);
  ExactLoss exact(network, weights, grid, target);
  CHECK(value == doctest::Approx(exact.value()).epsilon(1e-5));
  CHECK(loss.value(weights) == doctest::Approx(value).epsilon(1e-6));
  double largest = 0;
  for (const float g : gradient) largest = std::max(largest, std::abs(static_cast<double>(g)));
  for (std::size_t slot = 0; slot < weights.size(); ++slot) {
    if (!slots.open(slot)) continue;
    CAPTURE(slot);
    if (!options.trainable.empty() && !options.trainable[slot]) {
      CHECK(gradient[slot] == 0.0f);
      slots.held[slot] = 1;
      continue;
    }
    const double wide = exact.slope(slot, 1e-5), narrow = exact.slope(slot, 2e-6);
    const double allowed = 1e-4 * std::max(std::abs(wide), 0.05 * largest) + 1e-8;
    if (std::abs(wide - narrow) > 0.3 * allowed) continue;
    slots.held[slot] = 1;
    slots.sloping[slot] = std::abs(wide) > 1e-3 * largest && largest > 0;
    CHECK(std::abs(static_cast<double>(gradient[slot]) - wide) <= allowed);
  }
}

/// Holds every slot's gradient against central differences: at weights drawn by `seed`, and at others for slots of which those
/// say nothing, or where the loss is flat. Counts the slots that matter to an output, and those of them where it was not.
void check_gradient(const Network& network, std::uint64_t seed, double scale, const Grid& grid,
                    const PlanOptions& options, std::ptrdiff_t& live, std::ptrdiff_t& sloping) {
  constexpr std::uint64_t most_draws = 8;
  const std::vector<std::uint8_t> none(static_cast<std::size_t>(network.slot_count()), 0);
  Held slots{live_slots(network, options), none, none};
  for (std::uint64_t draw = 0; draw < most_draws; ++draw)
    hold_against(network, random_weights(network, seed + 1000 * draw, scale), grid, options, slots);
  CHECK(std::ranges::count(slots.held, 0) == 0);
  live += std::ranges::count(slots.live, 1);
  for (std::size_t s = 0; s < none.size(); ++s) sloping += slots.live[s] != 0 && slots.sloping[s] != 0;
}

}  // namespace

TEST_CASE(
    "the gradient agrees with central differences of the oracle on random wirings, for each instruction "
    "set") {
  for (const InstructionSet set : supported_instruction_sets()) {
    std::ptrdiff_t live = 0, sloping = 0;
    for (std::uint64_t seed = 0; seed < 30; ++seed) {
      CAPTURE(name(set));
      CAPTURE(seed);
      const Network network = random_network(seed, 5 + static_cast<int>(seed));
      const Grid grid = seed % 3 == 0 ? Grid{1, 1} : seed % 3 == 1 ? Grid{9, 5} : Grid{4, 17};
      PlanOptions options{.instruction_set = set};
      RandomStream random(seed, "trainable");
      if (seed % 4 == 3)
        for (int s = 0; s < network.slot_count(); ++s) options.trainable.push_back(random.chance(0.5));
      // At a single pixel all inputs but bias are zero, and so are most slopes.
      std::ptrdiff_t ignored = 0;
      const bool counted = grid.pixels() > 1;
      check_gradient(network, seed, 0.7, grid, options, counted ? live : ignored,
                     counted ? sloping : ignored);
    }
    CHECK(live > 200);
    CHECK(20 * sloping > 17 * live);
  }
}

TEST_CASE("the gradient of layered networks agrees with central differences, for each instruction set") {
  const std::vector<Activation> layer{Activation::identity, Activation::gaussian, Activation::identity,
                                      Activation::sin,      Activation::identity, Activation::cos,
                                      Activation::sigmoid};
  for (const InstructionSet set : supported_instruction_sets())
    for (const double density : {1.0, 0.4}) {
      CAPTURE(name(set));
      CAPTURE(density);
      const Network network = layered_network(4, layer, density, 9);
      std::ptrdiff_t live = 0, sloping = 0;
      check_gradient(network, 9, 0.45, {7, 6}, {.instruction_set = set}, live, sloping);
      CHECK(live > network.slot_count() / 2);
      CHECK(10 * sloping > 9 * live);
    }
}

TEST_CASE("the gradient for raw targets over a table agrees with central differences") {
  NetworkBuilder builder({{"a", "b", "bias"}, {"p", "q"}});
  const std::vector<Edge> first{{0, 0}, {1, 1}, {2, 2}}, second{{0, 3}, {1, 0}, {2, 4}}, top{{3, 5}, {4, 6}};
  builder.add_unit({Activation::steep_sigmoid, 1}, first);
  builder.add_unit({Activation::tanh, 1}, second);
  const auto p = builder.add_unit({Activation::steep_sigmoid, 2}, top);
  const Network network = std::move(builder).finish({p, 4});
  const SampleTable table{3, 4, {0, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 1}};
  const std::vector<float> wanted{0, 1, 1, 0, 0.5f, -0.5f, 0.25f, 0};
  const Weights weights = random_weights(network, 2);
  std::vector<float> gradient(weights.size());
  Loss loss(Plan(network), table, wanted);
  const double value = loss.value_and_gradient(weights, gradient);
  std::vector<double> at(weights.begin(), weights.end());
  const auto exact_loss = [&] {
    double sum = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const std::vector<double> inputs{table.values[i], table.values[4 + i], 1};
      const auto out = oracle_outputs(network, at, inputs);
      for (std::size_t o = 0; o < 2; ++o) sum += std::pow(out[o] - static_cast<double>(wanted[4 * o + i]), 2);
    }
    return sum / 8;
  };
  CHECK(value == doctest::Approx(exact_loss()).epsilon(1e-5));
  for (std::size_t slot = 0; slot < at.size(); ++slot) {
    const double middle = at[slot];
    at[slot] = middle + 1e-5;
    const double above = exact_loss();
    at[slot] = middle - 1e-5;
    const double below = exact_loss();
    at[slot] = middle;
    CHECK(static_cast<double>(gradient[slot]) ==
          doctest::Approx((above - below) / 2e-5).epsilon(1e-4).scale(1e-3));
  }
}

TEST_CASE(
    "some samples of a table give the loss and gradient of a table of those samples, and can be changed") {
  const Network network = layered_network(2, {Activation::tanh, Activation::sin, Activation::relu}, 1, 3);
  const Weights weights = random_weights(network, 5);
  const std::size_t count = 700, inputs = static_cast<std::size_t>(network.input_count());
  RandomStream random(1, "table");
  SampleTable table{network.input_count(), count, {}};
  std::vector<float> wanted(3 * count);
  for (std::size_t i = 0; i < inputs * count; ++i)
    table.values.push_back(static_cast<float>(random.normal()));
  for (float& w : wanted) w = static_cast<float>(random.normal());
  std::vector<std::uint32_t> chosen;
  for (std::uint32_t i = 0; i < 333; ++i) chosen.push_back((i * 17 + 5) % 700);
  SampleTable part{network.input_count(), chosen.size(), {}};
  std::vector<float> part_wanted;
  for (std::size_t i = 0; i < inputs; ++i)
    for (const auto s : chosen) part.values.push_back(table.values[i * count + s]);
  for (std::size_t o = 0; o < 3; ++o)
    for (const auto s : chosen) part_wanted.push_back(wanted[o * count + s]);
  Loss of_part(Plan(network), part, part_wanted), of_chosen(Plan(network), subset_of(table, {0, 9}), wanted);
  std::vector<float> a(weights.size()), b(weights.size());
  CHECK(of_chosen.value(weights) != of_part.value(weights));
  of_chosen.set_subset(chosen);
  CHECK(of_chosen.value_and_gradient(weights, b) == of_part.value_and_gradient(weights, a));
  CHECK(a == b);
  CHECK_THROWS_AS(of_chosen.set_subset({700}), ConfigError);
  CHECK_THROWS_AS(of_part.set_subset({1}), ConfigError);
  CHECK_THROWS_AS(Loss(Plan(network), TableSubset{}, wanted), ConfigError);
  CHECK_THROWS_AS(Loss(Plan(network), subset_of(table, {0, 9}), part_wanted), ConfigError);
}

TEST_CASE("a loss of one's own is the mean of what it returns, with the gradient of that") {
  // Squared errors said by hand are three times the mean over outputs that the engine's own takes.
  const Network network = random_network(6, 15);
  const Weights weights = random_weights(network, 6, 0.5);
  const Grid grid{37, 23};
  std::vector<float> wanted(3 * grid.pixels());
  for (std::size_t i = 0; i < wanted.size(); ++i) wanted[i] = static_cast<float>(i % 11) / 11;
  const SampleLoss squares{[&](std::size_t pixel, std::span<const float> outputs, std::span<float> gradient) {
                             double sum = 0;
                             for (std::size_t o = 0; o < outputs.size(); ++o) {
                               const float error = outputs[o] - wanted[o * grid.pixels() + pixel];
                               gradient[o] = 2 * error;
                               sum += static_cast<double>(error) * static_cast<double>(error);
                             }
                             return sum;
                           },
                           "squares"};
  std::vector<std::uint32_t> some{3, 99, 500, 850};
  for (const SampleSource& source : {SampleSource(grid), SampleSource(PixelSubset{grid, some})}) {
    Loss own(Plan(network), source, squares), engine(Plan(network), source, wanted);
    std::vector<float> a(weights.size()), b(weights.size());
    const double value = own.value_and_gradient(weights, a);
    CHECK(value == doctest::Approx(3 * engine.value_and_gradient(weights, b)).epsilon(1e-5));
    CHECK(own.value(weights) == doctest::Approx(value).epsilon(1e-6));
    double largest = 0;
    for (const float g : b) largest = std::max(largest, std::abs(static_cast<double>(g)));
    REQUIRE(largest > 0);
    for (std::size_t i = 0; i < a.size(); ++i)
      CHECK(std::abs(static_cast<double>(a[i]) - 3 * static_cast<double>(b[i])) <= 1e-4 * largest);
  }
  CHECK_THROWS_AS(Loss(Plan(network), grid, SampleLoss{}), ConfigError);
}

TEST_CASE("loss and gradient have the same bits on 1, 2 and 8 threads, and when many run at once") {
  const Network network =
      layered_network(5, {Activation::identity, Activation::gaussian, Activation::sin}, 1, 1);
  const Weights weights = random_weights(network, 1, 0.5);
  const Grid grid{150, 140};
  const Picture target = random_picture(grid.width, grid.height);
  std::vector<double> losses;
  std::vector<std::vector<float>> gradients;
  for (const int threads : {1, 2, 8}) {
    const ThreadLimit limit(threads);
    Loss loss(Plan(network), grid, target);
    gradients.emplace_back(weights.size());
    losses.push_back(loss.value_and_gradient(weights, gradients.back()));
  }
  std::vector<double> together(6);
  std::vector<std::vector<float>> together_gradients(6, std::vector<float>(weights.size()));
  parallel_for(6, [&](std::size_t i) {
    Loss loss(Plan(network), grid, target);
    together[i] = loss.value_and_gradient(weights, together_gradients[i]);
  });
  losses.insert(losses.end(), together.begin(), together.end());
  gradients.insert(gradients.end(), together_gradients.begin(), together_gradients.end());
  CHECK(std::ranges::all_of(losses, [&](double l) { return l == losses[0]; }));
  CHECK(std::ranges::all_of(gradients, [&](const auto& g) { return g == gradients[0]; }));
}

TEST_CASE("a subset of pixels is compared with those pixels of the picture, and can be changed") {
  const Network network = random_network(6, 15);
  const Weights weights = random_weights(network, 6);
  const Grid grid{12, 10};
  const Picture target = random_picture(12, 10);
  std::vector<std::uint32_t> every(grid.pixels());
  for (std::size_t i = 0; i < every.size(); ++i) every[i] = static_cast<std::uint32_t>(every.size() - 1 - i);
  Loss whole(Plan(network), grid, target);
  Loss subset(Plan(network), PixelSubset{grid, {3}}, target);
  std::vector<float> a(weights.size()), b(weights.size());
  const double wanted = whole.value_and_gradient(weights, a);
  CHECK(subset.value(weights) != doctest::Approx(wanted));
  subset.set_subset(every);
  CHECK(subset.value_and_gradient(weights, b) == doctest::Approx(wanted).epsilon(1e-6));
  for (std::size_t i = 0; i < a.size(); ++i) CHECK(b[i] == doctest::Approx(a[i]).epsilon(1e-4).scale(1e-3));
}

TEST_CASE("a weight that is not a number makes the loss not a number") {
  const Network network = layered_network(2, {Activation::identity, Activation::tanh}, 1, 1);
  Weights weights = random_weights(network, 1);
  weights[3] = std::nanf("");
  Loss loss(Plan(network), Grid{5, 5}, random_picture(5, 5));
  std::vector<float> gradient(weights.size());
  CHECK(std::isnan(loss.value_and_gradient(weights, gradient)));
}
