#include "experiments/families/picture_family.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "experiments/families/coverage_run.hpp"
#include "lib/base/error.hpp"
#include "lib/base/median.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

PartsTarget face_parts() { return load_parts({.target = "@face", .labels = {}, .regions = {}}, 32); }

double largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    largest = std::max(largest, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
  return largest;
}

/// A target of this many parts out of @face's.
PartsTarget fewer_parts(std::size_t parts) {
  PartsTarget target = face_parts();
  std::size_t kept = 0;
  std::erase_if(target.parts.parts, [&](const Part& part) { return !part.links.empty() && ++kept > parts; });
  return target;
}

}  // namespace

TEST_CASE("a family has the picture itself and each picture without a part, as `parts` draws them") {
  const PartsTarget target = face_parts();
  const PictureFamily family(target, 2, 0);
  REQUIRE(family.part_count() == 5);
  CHECK(family.combinations().size() == 32);
  Combination all(5, 1);
  CHECK(largest_difference(family.picture(all, 32).rgb, target.pictures.whole.rgb) < 1e-5);
  for (std::size_t p = 0; p < 5; ++p) {
    Combination without_one = all;
    without_one[p] = 0;
    CHECK(largest_difference(family.picture(without_one, 32).rgb, target.pictures.absent[p].rgb) < 1e-5);
  }
  CHECK(largest_difference(family.picture(Combination(5, 0), 32).rgb, target.pictures.ground.rgb) < 1e-5);
}

TEST_CASE("one hand-gated network draws every combination, switched or scaled: R2 1 on those held out") {
  for (const int levels : {2, 3}) {
    CAPTURE(levels);
    const PictureFamily family(face_parts(), levels, 0);
    const CodeSplit split = split_of(family, Support::connected, 0.75, 1);
    const FamilyNetwork gated = hand_gated(family);
    const Coverage coverage = coverage_of(family, split, Plan(gated.network), gated.weights, {}, {}, 0);
    CHECK(coverage.unseen_r2 > 0.99999);
    CHECK(coverage.seen_r2 > 0.99999);
    CHECK(coverage.nearest_r2 < coverage.unseen_r2);
    for (const CombinationError& by : coverage.composed) CHECK(by.error < 1e-6);
  }
}

TEST_CASE("a lookup network draws what it has seen exactly and nothing else: R2 at most 0.1") {
  for (const char* name : {"@face", "@flower", "@sunset"}) {
    CAPTURE(name);
    const PictureFamily family(load_parts({.target = name, .labels = {}, .regions = {}}, 32), 2, 0);
    for (const double held_out : {0.25, 0.75}) {
      const CodeSplit split = split_of(family, Support::connected, held_out, 2);
      const FamilyNetwork lookup = lookup_network(family, split.seen);
      const Coverage coverage =
          coverage_of(family, split, Plan(lookup.network, {.one_shot = true}), lookup.weights, {}, {}, 0);
      CHECK(coverage.seen_r2 > 0.9999);
      CHECK(coverage.unseen_r2 <= 0.1);
    }
  }
}

TEST_CASE("splits hold out what they say") {
  const PictureFamily family(face_parts(), 2, 0);
  for (const double share : {0.25, 0.5, 0.75}) {
    const CodeSplit split = split_of(family, Support::connected, share, 3);
    CHECK(split.unseen.size() == static_cast<std::size_t>(32 * share));
    std::set<Combination> all(split.seen.begin(), split.seen.end());
    all.insert(split.unseen.begin(), split.unseen.end());
    CHECK(all.size() == 32);
    for (std::size_t p = 0; p < 5; ++p)
      for (const int level : {0, 1})
        CHECK(std::ranges::any_of(split.seen, [&](const Combination& one) { return one[p] == level; }));
    for (std::size_t i = 0; i < split.seen.size(); ++i)
      CHECK(split.seen_codes[i] == family.code(split.seen[i]));
  }
  const auto is_on = [](std::uint8_t level) { return level > 0; };
  for (const Combination& one : split_of(family, Support::disconnected, 0.5, 0).seen)
    CHECK((std::none_of(one.begin(), one.begin() + 3, is_on) ||
           std::none_of(one.begin() + 3, one.end(), is_on)));
  const CodeSplit missing = split_of(family, Support::missing, 0.5, 0);
  std::size_t never = 0;
  for (std::size_t p = 0; p < 5; ++p)
    never += std::ranges::none_of(missing.seen, [&](const Combination& one) { return one[p] > 0; });
  CHECK(never == 1);
  const CodeSplit shuffled = split_of(family, Support::shuffled, 0.5, 0);
  std::multiset<std::vector<double>> told(shuffled.seen_codes.begin(), shuffled.seen_codes.end()), own;
  told.insert(shuffled.unseen_codes.begin(), shuffled.unseen_codes.end());
  std::size_t same = 0;
  for (std::size_t i = 0; i < shuffled.seen.size(); ++i)
    same += shuffled.seen_codes[i] == family.code(shuffled.seen[i]);
  for (const Combination& one : family.combinations()) own.insert(family.code(one));
  CHECK(told == own);
  CHECK(same < shuffled.seen.size() / 2);
}

TEST_CASE("supports that see fewer by themselves are held against connected ones of their size") {
  const PictureFamily family(face_parts(), 2, 0);
  CoveragePlan plan{.held_out = {0.25, 0.5, 0.75}, .widths = {16}, .seeds = 2};
  const auto keys = students_of(family, plan);
  // 11 of 32 are seen without joining the two halves of the parts, 16 without one part: the 0.5 that is there.
  CHECK(keys.size() == 2 * 7);
  for (const std::uint64_t seed : {0u, 1u}) {
    const CoverageKey key{Support::connected, 21.0 / 32, 16, seed};
    CHECK(std::ranges::find(keys, key) != keys.end());
    CHECK(split_of(family, key.support, key.held_out, seed).seen.size() ==
          split_of(family, Support::disconnected, 0.5, seed).seen.size());
  }
  plan.controls = false;
  CHECK(students_of(family, plan).size() == 2 * 3);
}

TEST_CASE("families that cannot be are refused in one line") {
  CHECK_THROWS_WITH_AS(PictureFamily(fewer_parts(1), 2, 0),
                       doctest::Contains("has 1 parts that can be switched"), ConfigError);
  CHECK_THROWS_AS(PictureFamily(face_parts(), 1, 0), ConfigError);
  CHECK_THROWS_AS(PictureFamily(face_parts(), 9, 0), ConfigError);
  PartsTarget plain = face_parts();
  plain.genome.reset();
  CHECK_THROWS_AS(PictureFamily(plain, 2, 0), ConfigError);
  const PictureFamily small(fewer_parts(2), 2, 0);
  CHECK(small.combinations().size() == 4);
  CHECK_THROWS_AS(split_of(small, Support::connected, 0.0, 0), ConfigError);
  CHECK_THROWS_AS(split_of(small, Support::connected, 1.0, 0), ConfigError);
  // Two of four combinations cannot join two parts and show each off and on but in one way.
  CHECK(split_of(small, Support::connected, 0.5, 0).seen.size() == 2);
  CHECK_THROWS_AS(parse_support("loose"), ConfigError);
  CHECK(parse_support("missing") == Support::missing);
}

TEST_CASE("a family too large to be drawn whole is a sample of it, the same for the same seed") {
  const PictureFamily family(face_parts(), 4, 5);
  CHECK(family.possible() == 1024);
  CHECK(family.combinations().size() == most_combinations);
  CHECK(family.combinations() == PictureFamily(face_parts(), 4, 5).combinations());
  CHECK(family.combinations() != PictureFamily(face_parts(), 4, 6).combinations());
  CHECK(family.combinations().front() == Combination(5, 0));
  CHECK(family.combinations().back() == Combination(5, 3));
}

TEST_CASE("a student whose code is held at one combination draws what it draws for that code") {
  const PictureFamily family(face_parts(), 2, 0);
  const CodeSplit split = split_of(family, Support::connected, 0.5, 0);
  CoverageSettings settings;
  settings.steps = 3;
  settings.size = 16;
  const auto student = train_student(family, split, 7, settings, 0, {});
  REQUIRE(student.has_value());
  CHECK(student->wiring.weight_count() == 7 * 9 + 3 * 49 + 21);
  const auto code = family.code(split.unseen.front());
  const sgd::Mlp alone = folded(*student, code);
  const Picture picture = draw(Plan(sgd::lower(alone.wiring).network), alone.weights, {16, 16});
  const auto told = drawn_by_code(Plan(sgd::lower(student->wiring).network), student->weights, {code}, 16);
  CHECK(largest_difference(picture.rgb, told.front()) < 1e-5);
  CHECK_THROWS_AS(folded(*student, {1, 0}), ConfigError);
  // The code can be read off the inputs, and not by a map fitted to codes exchanged at random.
  const Coverage coverage = coverage_of_student(family, split, *student, settings, 0);
  REQUIRE(coverage.decodability.size() == 5);
  CHECK(coverage.decodability.front().r2 > 0.99);
  CHECK(coverage.decodability.front().shuffled < 0.5);
  CHECK_FALSE(
      train_student(family, split, 7, settings, 0, [](const Progress&) { return false; }).has_value());
}

TEST_CASE("a row of a run is read back as it was written") {
  CoverageRow row{{Support::missing, 0.25, 32, 7}, 24, 8, 1234, {}, 2.5};
  row.coverage = {0.1, 0.9, 0.2, -3, 0.25, {{2, 3, 0.5, 0.125}}, {{0, 1, -0.5}, {1, 0.75, 0}}};
  const CoverageRow read = coverage_row_from_json(to_json(row), "row.json");
  CHECK(to_json(read) == to_json(row));
  CHECK(read.key == row.key);
  CHECK(row.key.id() == "missing-0.25-w32-s7");
  CHECK_THROWS_AS(coverage_row_from_json({{"support", "missing"}}, "row.json"), FormatError);
}

TEST_CASE(
    "a training that leaves the finite numbers is a row that says so, counted and out of every spread") {
  const PictureFamily family(face_parts(), 2, 0);
  CoverageSettings settings;
  settings.steps = 50;
  settings.size = 16;
  settings.rate = 1e30;
  const auto failed = make_student(family, face_parts().parts.regions, {Support::connected, 0.5, 8, 1},
                                   settings, "/nonexistent/student.mlp", {});
  REQUIRE(failed.has_value());
  CHECK(failed->failed.find("finite") != std::string::npos);
  CHECK(to_json(coverage_row_from_json(to_json(*failed), "row.json")) == to_json(*failed));
  CoverageRow good{{Support::connected, 0.5, 8, 0}, 16, 16, 1234, {}, 2.5};
  good.coverage.unseen_r2 = 0.75;
  good.coverage.decodability = {{1, 0.5, 0.1}};
  const auto summary = summary_of({good, *failed});
  REQUIRE(summary["groups"].size() == 1);
  CHECK(summary["groups"][0]["failed"] == 1);
  CHECK(summary["groups"][0]["unseen_r2"]["n"] == 1);
  CHECK(summary["rank_correlation"]["students"] == 1);
}

TEST_CASE("slow: a student composes what it has not seen, but not a part that it has never seen") {
  const PictureFamily family(face_parts(), 2, 0);
  CoverageSettings settings;
  settings.steps = 1000;
  settings.size = 16;
  settings.batch = 512;
  const auto unseen_r2 = [&](Support support, std::uint64_t seed) {
    const CodeSplit split = split_of(family, support, 0.5, seed);
    REQUIRE(split.seen.size() == 16);  // both: what is seen differs, not how much
    const auto student = train_student(family, split, 24, settings, seed, {});
    return coverage_of_student(family, split, *student, settings, seed).unseen_r2;
  };
  std::vector<double> connected, missing;
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    connected.push_back(unseen_r2(Support::connected, seed));
    missing.push_back(unseen_r2(Support::missing, seed));
    CAPTURE(seed);
    CHECK(missing.back() < connected.back());
  }
  CHECK(median(connected) > 0.6);
  CHECK(median(missing) < median(connected) - 0.3);
}
