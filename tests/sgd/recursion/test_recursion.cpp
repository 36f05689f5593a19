// Recursions: what their text means, how they are lowered, and the gradients of their tied slots.
#include "sgd/recursion/recursion.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/base/parallel.hpp"
#include "lib/base/random.hpp"
#include "lib/files/framed_file.hpp"
#include "lib/network/oracle.hpp"
#include "sgd/recursion/recursion_file.hpp"
#include "sgd/train/optimizer.hpp"
#include "tests/support/damage.hpp"
#include "tests/support/random_network.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;
using namespace skein::sgd;

namespace {

constexpr const char* smooth = "(3;tanh:4,gaussian:2,sin:1;sigmoid:2)";

RecursiveNet random_net(const std::string& text, std::uint64_t seed) {
  RecursiveNet net{parse_recursion(text), picture_signature(), {}, {}};
  net.weights = initial_weights(net.recursion, net.signature, seed);
  net.initial = initial_weights(net.recursion, net.signature, seed + 1);
  return net;
}

/// From the definition, in double precision: the outputs at one sample.
std::vector<double> by_definition(const RecursiveNet& net, int rounds, const std::vector<double>& c) {
  const Recursion& r = net.recursion;
  const auto n = static_cast<std::size_t>(r.state), inputs = c.size();
  std::vector<Activation> block, head;
  for (const auto& [kind, count] : r.block)
    block.insert(block.end(), static_cast<std::size_t>(count), kind.activation);
  for (const auto& [kind, count] : r.head)
    head.insert(head.end(), static_cast<std::size_t>(count), kind.activation);
  std::size_t at = 0;
  const auto times = [&](std::size_t rows, const std::vector<double>& x, std::size_t first) {
    std::vector<double> y(rows, 0.0);
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t j = 0; j < x.size(); ++j)
        y[i] += static_cast<double>(net.weights[first + i * x.size() + j]) * x[j];
    return y;
  };
  std::vector<double> h(n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < inputs; ++j) h[i] += static_cast<double>(net.weights[at++]) * c[j];
    if (i == 0) ++at;  // the weight that carries the state on
  }
  const std::size_t first_block = at, size = block.size() * (n + inputs) + n * block.size();
  for (int round = 0; round < rounds; ++round) {
    const std::size_t own = r.tied ? 0 : static_cast<std::size_t>(std::min(round, r.rounds - 1));
    std::vector<double> read = h;
    read.insert(read.end(), c.begin(), c.end());
    auto inner = times(block.size(), read, first_block + own * size);
    for (std::size_t i = 0; i < inner.size(); ++i) inner[i] = activate(block[i], inner[i]);
    const auto added = times(n, inner, first_block + own * size + block.size() * (n + inputs));
    for (std::size_t i = 0; i < n; ++i) h[i] += added[i];
  }
  at = first_block + static_cast<std::size_t>(r.tied ? 1 : r.rounds) * size;
  auto top = h;
  auto raised = times(head.size(), h, at);
  for (std::size_t i = 0; i < raised.size(); ++i) top.push_back(activate(head[i], raised[i]));
  return times(3, top, at + head.size() * n);
}

}  // namespace

TEST_CASE("a recursion's text reads back, and what does not parse is refused in one line") {
  for (const char* text : {"rec:4(6;relu:12)", "rec:1(1;tanh:1;relu:3,sin:2)", "untied:3(6;relu:4,tanh:2)"}) {
    CHECK(is_recursion(text));
    CHECK(parse_recursion(text).text() == text);
  }
  CHECK_FALSE(is_recursion("12;cache:15,gaussian:4"));
  for (const char* text :
       {"rec:", "rec:4", "rec:4()", "rec:4(6)", "rec:0(6;relu:2)", "rec:257(6;relu:2)", "rec:4(0;relu:2)",
        "rec:4(6;cache:2)", "rec:4(6;relu:2;)", "rec:4(6;relu:2,relu:3)", "rec:4(6;blob:2)", "rec:4(6;relu:2",
        "rec:x(6;relu:2)", "12;relu:3", "rec:4(6;relu:2;tanh:1;tanh:1)", "rec:4(6;relu:2)\n"}) {
    CAPTURE(text);
    try {
      parse_recursion(text);
      FAIL("it was read");
    } catch (const ConfigError& error) {
      const std::string message = error.what();
      CHECK(message.find('\n') == std::string::npos);
      CHECK(message.find("rec") != std::string::npos);
    }
  }
}

TEST_CASE("a lowered recursion computes its definition, tied and untied, at any number of rounds") {
  for (const char* kind : {"rec:3", "untied:3"})
    for (const char* shape : {smooth, "(5;relu:6)"})
      for (const int rounds : {1, 2, 3, 4, 8}) {
        const RecursiveNet net = random_net(std::string(kind) + shape, 7);
        const LoweredRecursion lowered = lower(net.recursion, net.signature, rounds);
        CAPTURE(net.recursion.text());
        CAPTURE(rounds);
        CHECK(static_cast<std::size_t>(lowered.network.slot_count()) == net.weights.size());
        const std::vector<double> weights(net.weights.begin(), net.weights.end());
        for (const auto& c : {std::vector<double>{0.3, -0.8, 1.1, 1}, {-0.5, 0.1, 0.7, 1}}) {
          const auto got = oracle_outputs(lowered.network, weights, c),
                     wanted = by_definition(net, rounds, c);
          for (std::size_t o = 0; o < 3; ++o) CHECK(got[o] == doctest::Approx(wanted[o]).epsilon(1e-9));
        }
      }
}

TEST_CASE("the gradient of tied slots agrees with central differences through eight rounds") {
  for (const char* kind : {"rec:", "untied:"})
    for (const int rounds : {1, 2, 4, 8}) {
      const RecursiveNet net = random_net(kind + std::to_string(rounds) + smooth, 3);
      const LoweredRecursion lowered = lower(net.recursion, net.signature);
      const Grid grid{9, 7};
      // Of the outputs themselves: colours have corners that differences would step over.
      RandomStream random(1, "targets of a test");
      std::vector<float> wanted(3 * grid.pixels());
      for (float& value : wanted) value = static_cast<float>(random.normal());
      std::vector<float> gradient(net.weights.size());
      Loss(Plan(lowered.network), grid, wanted).value_and_gradient(net.weights, gradient);
      const auto loss_at = [&](const std::vector<double>& weights) {
        double sum = 0;
        for (int row = 0; row < grid.height; ++row)
          for (int column = 0; column < grid.width; ++column) {
            const auto out =
                oracle_outputs(lowered.network, weights, oracle_inputs(lowered.network, grid, row, column));
            const auto pixel = static_cast<std::size_t>(row * grid.width + column);
            for (std::size_t o = 0; o < 3; ++o)
              sum += std::pow(out[o] - static_cast<double>(wanted[o * grid.pixels() + pixel]), 2);
          }
        return sum / static_cast<double>(3 * grid.pixels());
      };
      CAPTURE(net.recursion.text());
      double largest = 0;
      for (const float g : gradient) largest = std::max(largest, std::abs(static_cast<double>(g)));
      for (std::size_t slot = 0; slot < net.weights.size(); ++slot) {
        std::vector<double> weights(net.weights.begin(), net.weights.end());
        constexpr double step = 1e-5;
        weights[slot] += step;
        const double above = loss_at(weights);
        weights[slot] -= 2 * step;
        const double by_difference = (above - loss_at(weights)) / (2 * step);
        CAPTURE(slot);
        CHECK(std::abs(by_difference - static_cast<double>(gradient[slot])) < 1e-4 * largest + 1e-7);
      }
    }
}

TEST_CASE("slots are one for each place of a matrix, the same for any number of rounds, and few when tied") {
  const Recursion tied = parse_recursion(std::string("rec:4") + smooth),
                  untied = parse_recursion(std::string("untied:4") + smooth);
  const Signature signature = picture_signature();
  for (const Recursion& recursion : {tied, untied}) {
    const LoweredRecursion two = lower(recursion, signature, 2), own = lower(recursion, signature);
    CHECK(two.layout == own.layout);
    CHECK(own.layout.places.size() == static_cast<std::size_t>(own.network.slot_count()));
    CHECK(std::ranges::is_sorted(own.layout.places, [](const WeightPlace& a, const WeightPlace& b) {
      return std::tie(a.layer, a.row, a.column) < std::tie(b.layer, b.row, b.column);
    }));
    for (const WeightPlace& place : own.layout.places) {
      const MatrixShape shape = own.layout.layers[static_cast<std::size_t>(place.layer)];
      CHECK(place.row < shape.rows);
      CHECK(place.column < shape.columns);
    }
    CHECK(std::ranges::count(own.trainable, 0) == 1);
    CHECK(own.trainable[carrying_slot(signature)] == 0);
    CHECK(parameter_count(recursion, signature) == own.network.slot_count() - 1);
  }
  const std::int64_t block = 7 * (3 + 4) + 3 * 7, rest = 3 * 4 + 2 * 3 + 3 * (3 + 2);
  CHECK(parameter_count(tied, signature) == block + rest);
  CHECK(parameter_count(untied, signature) == 4 * block + rest);
  CHECK_THROWS_AS(lower(tied, signature, 257), ConfigError);
  CHECK_THROWS_AS(lower(tied, signature, -1), ConfigError);
}

TEST_CASE(
    "Muon orthogonalises the tied matrices once, and never moves the weight that carries the state on") {
  const RecursiveNet net = random_net("rec:4(6;tanh:8)", 5);
  const LoweredRecursion lowered = lower(net.recursion, net.signature);
  const Optimizer optimizer(
      Muon{.newton_schulz_steps = 30, .coefficients = NewtonSchulzCoefficients::convergent},
      net.weights.size(), lowered.layout, lowered.trainable);
  OptimizerState state = optimizer.start();
  Weights weights = net.weights;
  std::vector<float> gradient(weights.size());
  RandomStream random(2, "gradient of a test");
  for (float& g : gradient) g = static_cast<float>(random.normal());
  optimizer.step(state, 1, gradient, weights);
  CHECK(weights[carrying_slot(net.signature)] == 1.0f);
  // W1 has shape (8, 10): the step's rows are orthogonal and of length 1.
  std::vector<std::vector<double>> rows(8, std::vector<double>(10));
  for (std::size_t slot = 0; slot < weights.size(); ++slot)
    if (const WeightPlace& place = lowered.layout.places[slot]; place.layer == 1)
      rows[static_cast<std::size_t>(place.row)][static_cast<std::size_t>(place.column)] =
          static_cast<double>(weights[slot]) - static_cast<double>(net.weights[slot]);
  for (std::size_t a = 0; a < 8; ++a)
    for (std::size_t b = 0; b <= a; ++b) {
      double product = 0;
      for (std::size_t k = 0; k < 10; ++k) product += rows[a][k] * rows[b][k];
      CHECK(std::abs(product - (a == b ? 1 : 0)) < 0.02);
    }
}

TEST_CASE("initial weights keep what is drawn finite and small over many rounds") {
  for (const int rounds : {1, 8, 32}) {
    const RecursiveNet net = random_net("rec:" + std::to_string(rounds) + "(16;tanh:32)", 11);
    CHECK(net.weights[carrying_slot(net.signature)] == 1.0f);
    const Picture picture = draw(Plan(lower(net.recursion, net.signature).network), net.weights, Grid{8, 8});
    CHECK(std::ranges::all_of(picture.rgb, [](float v) { return std::isfinite(v); }));
    const LoweredRecursion lowered = lower(net.recursion, net.signature);
    std::vector<float> outputs(3 * 64);
    evaluate(Plan(lowered.network), net.weights, Grid{8, 8}, outputs);
    for (const float value : outputs) CHECK(std::abs(value) < 30);
  }
  CHECK_THROWS_AS(initial_weights(parse_recursion("rec:2(2;tanh:2)"), picture_signature(), 0, 0),
                  ConfigError);
}

TEST_CASE("a recursion's file reads back as written, and a damaged one is refused or read, never more") {
  const test::TemporaryFolder folder;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    RecursiveNet net = random_net(seed % 2 ? std::string("rec:5") + smooth : "untied:2(4;relu:3)", seed);
    if (seed % 3 == 0) net.initial.clear();
    write_recursion(folder.path() / "a.recursion", net);
    CHECK(read_recursion(folder.path() / "a.recursion") == net);
  }
  CHECK(framed_kind(read_file(folder.path() / "a.recursion")) == "recursion");
  const std::string bytes = encode_recursion(random_net("rec:3(2;tanh:2)", 1));
  CHECK(test::refuses_or_reads(bytes, 300,
                               [](const std::string& copy) { decode_recursion(copy, "damaged"); }) > 250);
  // A payload that was changed with its checksum.
  const std::string payload = unframe(bytes, recursion_kind, recursion_version, "a").payload;
  test::refuses_or_reads(payload, 300, [](const std::string& copy) {
    decode_recursion(frame(recursion_kind, recursion_version, copy), "damaged");
  });
}

TEST_CASE("a recursion whose parts do not fit is refused") {
  RecursiveNet net = random_net("rec:3(2;tanh:2)", 1);
  net.weights.pop_back();
  CHECK_THROWS_AS(validate(net), ConfigError);
  net = random_net("rec:3(2;tanh:2)", 1);
  net.weights[carrying_slot(net.signature)] = 0.5f;
  CHECK_THROWS_AS(validate(net), ConfigError);
  net = random_net("rec:3(2;tanh:2)", 1);
  net.weights[0] = std::nanf("");
  CHECK_THROWS_AS(encode_recursion(net), ConfigError);
}
