#include "experiments/robustness/shifted_inputs.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "experiments/targets/hand_built.hpp"
#include "lib/base/error.hpp"
#include "sgd/mlp/architecture.hpp"
#include "sgd/mlp/initial_weights.hpp"
#include "sgd/train/train.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

struct DrawnFace {
  neat::AnnotatedGenome made = face();
  neat::Phenotype own = neat::express(made.genome);
  Plan plan{own.network};
  PartRegions regions = parts_of(made.genome, made.notes.labels).regions;
};

/// |outputs| of a network that gives back its inputs: x, y, d.
Network echo() {
  NetworkBuilder builder(picture_signature());
  std::vector<ValueIndex> outputs;
  for (ValueIndex i = 0; i < 3; ++i)
    outputs.push_back(builder.add_unit({Activation::identity, 1}, std::array{Edge{i, static_cast<Slot>(i)}}));
  return std::move(builder).finish(outputs);
}

/// A picture with each part's samples in their mean colour.
Picture in_mean_colours(Picture picture, const std::vector<std::size_t>& parts) {
  for (std::size_t k = 0; k <= std::ranges::max(parts); ++k)
    for (int c = 0; c < 3; ++c) {
      double sum = 0, samples = 0;
      for (std::size_t p = 0; p < parts.size(); ++p)
        if (parts[p] == k) sum += static_cast<double>(picture.channel(c)[p]), samples += 1;
      for (std::size_t p = 0; p < parts.size(); ++p)
        if (parts[p] == k) picture.channel(c)[p] = static_cast<float>(sum / samples);
    }
  return picture;
}

}  // namespace

TEST_CASE("the grid's own shift draws what the grid draws, and a larger extent what a larger grid draws") {
  const DrawnFace face;
  for (const InputShift& shift :
       {InputShift{.name = "grid", .size = 33}, InputShift{.name = "out", .size = 40, .extent = 1.5}})
    CHECK(mean_squared_error(draw_shifted(face.plan, face.own.weights, shift),
                             draw(face.plan, face.own.weights, {shift.size, shift.size, shift.extent})) <
          1e-10);
}

TEST_CASE("moved inputs are x + 0.25, y + 0.25 and, unless it is left behind, the distance there") {
  const Network network = echo();
  const Plan plan(network);
  const Weights weights{0, 0, 1};  // brightness is d
  for (const bool follows : {true, false}) {
    const Picture drawn =
        draw_shifted(plan, weights, {.name = "m", .size = 9, .moved = 0.25, .distance = follows});
    const double x = -0.5, y = 0;  // row 4, column 2
    const double wanted = distance_scale * (follows ? std::hypot(x + 0.25, y + 0.25) : std::hypot(x, y));
    CHECK(static_cast<double>(drawn.channel(0)[4 * 9 + 2]) == doctest::Approx(wanted));
  }
}

TEST_CASE("samples beyond the frame belong to no part; on the regions' grid each keeps its own") {
  const DrawnFace face;
  const auto own = part_of_samples(face.regions, {.name = "grid", .size = parts_size});
  CHECK(std::ranges::equal(own, face.regions.owner));
  const auto out = part_of_samples(face.regions, {.name = "out", .size = 64, .extent = 1.5});
  CHECK(out.front() == face.regions.count());
  const double share = static_cast<double>(std::ranges::count(out, face.regions.count())) / (64.0 * 64.0);
  CHECK(share == doctest::Approx(1 - 1 / 2.25).epsilon(0.05));
  const auto in = part_of_samples(face.regions, {.name = "in", .size = 64, .extent = 1 / 1.5});
  CHECK(std::ranges::count(in, face.regions.count()) == 0);
}

TEST_CASE("a genome has no error anywhere; the plain mean colour of a part has an error of 1 there") {
  const DrawnFace face;
  const auto shifts = input_shifts(64);
  REQUIRE(shifts.size() == 8);
  const std::vector<Picture> wanted = draw_shifted(face.plan, face.own.weights, shifts);
  std::vector<Picture> plain;
  for (std::size_t i = 0; i < shifts.size(); ++i)
    plain.push_back(in_mean_colours(wanted[i], part_of_samples(face.regions, shifts[i])));
  const auto own = shift_errors(wanted, wanted, face.regions, shifts),
             of_plain = shift_errors(plain, wanted, face.regions, shifts);
  CHECK(own.size() == shifts.size() * (face.regions.count() + 1));
  REQUIRE(of_plain.size() == own.size());
  std::size_t known = 0;
  for (std::size_t k = 0; k < own.size(); ++k) {
    CHECK(own[k].error.has_value() == of_plain[k].error.has_value());
    if (!own[k].error) continue;
    CHECK(*own[k].error == 0);
    CHECK(*of_plain[k].error == doctest::Approx(1).epsilon(0.001));
    ++known;
  }
  CHECK(known > shifts.size() * 4);
  CHECK_THROWS_AS(input_shifts(4), ConfigError);
}

TEST_CASE("a network that was fitted to few pixels is exposed between them and beyond the frame") {
  const DrawnFace face;
  constexpr int side = 16;
  const Picture wanted = draw(face.plan, face.own.weights, {side, side});
  const sgd::Wiring wiring =
      sgd::dense_wiring(sgd::parse_architecture("4;gaussian:12,relu:6,tanh:6"), picture_signature());
  const sgd::TrainSettings training{.steps = 1500};
  sgd::Trainer trainer(sgd::picture_problem(wiring, wanted), training,
                       sgd::initial_weights(wiring, {.seed = 1}));
  while (!trainer.done()) trainer.step();
  const Plan plan(sgd::lower(wiring).network);
  const auto shifts = input_shifts(side);
  const auto errors = shift_errors(draw_shifted(plan, trainer.state().weights, shifts),
                                   draw_shifted(face.plan, face.own.weights, shifts), face.regions, shifts);
  const double fitted = median_error(errors, "grid");
  CHECK(median_error(errors, "128 a side") > 1.5 * fitted);
  CHECK(error_of(errors, "zoomed out", beyond_name) > 2 * fitted);
  CHECK(std::isnan(error_of(errors, "grid", beyond_name)));
}
