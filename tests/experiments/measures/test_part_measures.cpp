#include <doctest/doctest.h>

#include <array>

#include "bridge/layerize.hpp"
#include "experiments/measures/fractured_twins.hpp"
#include "experiments/measures/measures.hpp"
#include "experiments/parts/picture_parts.hpp"
#include "experiments/targets/hand_built.hpp"
#include "experiments/targets/sketch.hpp"
#include "lib/base/error.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

ScoreSettings with_parts(const PictureParts& parts) {
  ScoreSettings settings;
  settings.size = 64;
  settings.directions = 4;
  settings.noise_draws = 2;
  settings.resamples = 10;
  settings.parts = parts.regions;
  return settings;
}

/// Two discs beside each other on a plain ground: one sub-network for both through |x|, or one for each.
neat::AnnotatedGenome two_discs(bool shared) {
  using enum Activation;
  Sketch s("discs");
  const auto x = Sketch::x, y = Sketch::y, bias = Sketch::bias;
  s.factor("discs");
  const auto disc = [&](neat::Marking across) {
    const auto level = s.node(gaussian, {{y, 3.0}});
    const auto area = s.node(sigmoid, {{across, 20.0}, {level, 20.0}, {bias, -33.0}});
    s.paint(s.node(relu, {{area, 1.0}}), {0, 0, 0.5});
  };
  if (shared) {
    const auto sides = s.node(gaussian, {{x, 1.2}});
    disc(s.node(gaussian, {{sides, 4.0}, {bias, -2.0}}));
  } else {
    disc(s.node(gaussian, {{x, 3.0}, {bias, -1.5}}));
    disc(s.node(gaussian, {{x, 3.0}, {bias, 1.5}}));
  }
  s.factor("tint");
  s.ground({0.5, 0.5, 0.3});
  return std::move(s).finish();
}

}  // namespace

TEST_CASE("participation counts the parts a map touches, by area") {
  PartRegions regions{4, 1, {"a", "b"}, {0, 1, 1, 1}, {0, 0}};
  CHECK(*participation(std::array{1.0f, 0.0f, 0.0f, 0.0f}, regions) == doctest::Approx(1));
  CHECK(*participation(std::array{1.0f, 1.0f, 1.0f, 1.0f}, regions) == doctest::Approx(2));
  CHECK(*participation(std::array{1.0f, 3.0f, 0.0f, 0.0f}, regions) == doctest::Approx(2));
  CHECK(!participation(std::array{0.0f, 0.0f, 0.0f, 0.0f}, regions));
}

TEST_CASE("a face built of parts touches one at a time, its rotated twin several") {
  const auto genome = face();
  const PictureParts parts = parts_of(genome.genome, genome.notes.labels);
  const sgd::Mlp mlp = bridge::layerize(genome.genome);
  const Score factored = score(subject_of(mlp), with_parts(parts));
  const Score rotated = score(subject_of(fractured_twin(mlp, Fracture::rotate, 1)), with_parts(parts));
  const auto value = [](const Score& s, const char* name) { return s.at(name).value.value_or(-1); };
  MESSAGE("participation ", value(factored, "participation"), " / ", value(rotated, "participation"),
          ", shifted ", value(factored, "participation_shifted"), " / ",
          value(rotated, "participation_shifted"), "; reuse ", value(factored, "reuse"), " / ",
          value(rotated, "reuse"), " elsewhere ", value(factored, "reuse_elsewhere"), " / ",
          value(rotated, "reuse_elsewhere"), "; separation ", value(factored, "separation"), " / ",
          value(rotated, "separation"), " shifted ", value(factored, "separation_shifted"), " / ",
          value(rotated, "separation_shifted"));
  CHECK(value(factored, "participation") >= 1);
  CHECK(value(factored, "participation") <= 1.2);
  CHECK(value(rotated, "participation") >= 1.5 * value(factored, "participation"));
  CHECK(value(factored, "participation_shifted") > value(factored, "participation"));
  CHECK(value(factored, "reuse") >= 0.99);
  CHECK(value(rotated, "separation") < value(factored, "separation"));
}

TEST_CASE("a flower and a sunset built of parts touch fewer at a time than their rotated twins") {
  for (const auto& genome : {flower(), sunset()}) {
    const PictureParts parts = parts_of(genome.genome, genome.notes.labels);
    const sgd::Mlp mlp = bridge::layerize(genome.genome);
    const Score factored = score(subject_of(mlp), with_parts(parts));
    const Score rotated = score(subject_of(fractured_twin(mlp, Fracture::rotate, 1)), with_parts(parts));
    const auto value = [](const Score& s, const char* name) { return s.at(name).value.value(); };
    INFO(genome.notes.name);
    CHECK(value(rotated, "participation") >= 1.5 * value(factored, "participation"));
    CHECK(value(factored, "participation_shifted") > value(factored, "participation"));
    CHECK(value(rotated, "separation") < value(factored, "separation"));
  }
}

TEST_CASE("two discs by one sub-network are one thing used twice, two discs by two are not") {
  for (const bool shared : {true, false}) {
    const auto genome = two_discs(shared);
    const PictureParts parts = parts_of(genome.genome, genome.notes.labels);
    REQUIRE(parts.parts.front().mirrored);
    const Score found = score(subject_of(genome.genome), with_parts(parts));
    INFO("shared: ", shared);
    if (shared) CHECK(found.at("reuse").value.value() >= 0.99);
    else CHECK(std::abs(found.at("reuse").value.value()) <= 0.1);
  }
}

TEST_CASE("without known parts the measures by parts say so") {
  ScoreSettings settings;
  settings.size = 32;
  settings.weights = 8;
  settings.resamples = 0;
  const Score found = score(subject_of(face().genome), settings);
  CHECK(!found.at("participation").value);
  CHECK(found.at("participation").reason == "the picture's parts are not known");
  settings.parts = PartRegions{32, 32, {"outside"}, std::vector<std::uint8_t>(1024, 0), {0}};
  const Score alone = score(subject_of(face().genome), settings);
  CHECK(!alone.at("participation").value);
  CHECK(!alone.at("separation").value);
  CHECK(alone.at("participation").reason == "the picture is one part: there is nothing to tell apart");
  settings.parts = PartRegions{2, 2, {"a"}, {0, 0, 0, 1}, {0}};
  CHECK_THROWS_AS(score(subject_of(face().genome), settings), ConfigError);
}
