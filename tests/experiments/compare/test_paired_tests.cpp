#include "experiments/compare/paired_tests.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "experiments/statistics/statistics.hpp"

using namespace skein::experiments;

namespace {

CompareRow row(const std::string& method, const std::string& suffix, std::int64_t asked, std::uint64_t seed,
               double score, double loss) {
  CompareRow made;
  made.method = method;
  made.name = method + suffix;
  made.id = made.name + "-s" + std::to_string(seed);
  made.asked = asked;
  made.seed = seed;
  made.family = asked > 0 ? RowFamily::pruned : RowFamily::dense;
  made.loss = loss;
  made.measures = {{"compositional_score", score, score, score, "share"}};
  return made;
}

/// Three seeds of dense networks, SP and two others at one count, and a variant.
std::vector<CompareRow> made_up() {
  std::vector<CompareRow> rows;
  for (std::uint64_t s = 0; s < 3; ++s) {
    const double some = 0.01 * static_cast<double>(s * s);
    rows.push_back(row("dense-adam", "", 0, s, 0.4 + some, 1e-3));
    rows.push_back(row("dense-adam", ":lr=1e-3", 0, s, 0.4, 1e-4));
    rows.push_back(row("sp", "-90", 90, s, 0.8 + some, 1e-3));
    rows.push_back(row("random", "-90", 90, s, 0.5, 1e-2));
    rows.push_back(row("wanda", "-90", 90, s, 0.8, 1e-3));
  }
  return rows;
}

const PairedTest& test_of(const std::vector<PairedTest>& tests, const std::string& measure,
                          const std::string& a, const std::string& b) {
  const auto found = std::ranges::find_if(
      tests, [&](const PairedTest& t) { return t.measure == measure && t.a == a && t.b == b; });
  REQUIRE(found != tests.end());
  return *found;
}

}  // namespace

TEST_CASE("intervals are Student's") {
  const double values[] = {1, 2, 3};
  const Interval mean = student_interval(values), next = student_interval(values, true);
  CHECK(mean.mean == doctest::Approx(2));
  CHECK(mean.high == doctest::Approx(2 + 4.303 / std::sqrt(3.0)));
  CHECK(next.low == doctest::Approx(2 - 4.303 * std::sqrt(1 + 1 / 3.0)));
  CHECK(student_t975(30) == doctest::Approx(2.042));
  CHECK(student_t975(60) == doctest::Approx(2.000).epsilon(0.001));
}

TEST_CASE("p values of t agree with its quantiles for odd and even degrees of freedom") {
  for (std::size_t degrees = 1; degrees <= 30; ++degrees) {
    CAPTURE(degrees);
    CHECK(student_p(student_t975(degrees), degrees) == doctest::Approx(0.05).epsilon(0.003));
    CHECK(student_p(-student_t975(degrees), degrees) == student_p(student_t975(degrees), degrees));
    CHECK(student_p(0, degrees) == doctest::Approx(1));
  }
  CHECK(student_p(63.657, 1) == doctest::Approx(0.01).epsilon(0.001));
  CHECK(student_p(3.169, 10) == doctest::Approx(0.01).epsilon(0.001));
}

TEST_CASE("the paired t test knows differences that are all alike, and too few") {
  CHECK(paired_t_p(std::array{0.3, 0.3, 0.3}) == 0);
  CHECK(paired_t_p(std::array{0.0, 0.0}) == 1);
  CHECK(paired_t_p(std::array{0.7}) == 1);
  // mean 2, deviation 1: t = 2 sqrt(3) with two degrees of freedom.
  CHECK(paired_t_p(std::array{1.0, 2.0, 3.0}) == doctest::Approx(0.0742).epsilon(0.001));
}

TEST_CASE("the sign-flip test counts sign patterns, and its least p is that of differences of one sign") {
  CHECK(sign_flip_p(std::array{1.0, 2.0, 3.0}) == 0.25);
  CHECK(least_sign_flip_p(3) == 0.25);
  CHECK(sign_flip_p(std::array{1.0, 2.0, -3.0}) == 1);
  CHECK(sign_flip_p(std::array{3.0, 2.0, -1.0}) == 0.5);  // 6, 4, and their mirrors, of eight
  std::vector<double> many(24, 1.0);
  CHECK(sign_flip_p(many) == doctest::Approx(1e-5).epsilon(0.01));
  for (std::size_t i = 0; i < many.size(); i += 2) many[i] = -1.0;
  CHECK(sign_flip_p(many) == doctest::Approx(1).epsilon(0.01));
}

TEST_CASE("Holm's correction multiplies the least by all, the next by one fewer, and never falls") {
  const auto corrected = holm(std::array{0.04, 0.01, 0.03, 0.5});
  CHECK(corrected[1] == doctest::Approx(0.04));
  CHECK(corrected[2] == doctest::Approx(0.09));
  CHECK(corrected[0] == doctest::Approx(0.09));
  CHECK(corrected[3] == doctest::Approx(0.5));
  CHECK(holm(std::array{0.9, 0.9}) == std::vector<double>{1.0, 1.0});
  CHECK(holm({}).empty());
}

TEST_CASE("tests pair rows by seed, SP against all others of its count, variants against their method") {
  const auto tests = paired_tests(made_up());
  CHECK(tests.size() == 2 * 3);
  const PairedTest& random = test_of(tests, "compositional_score", "sp-90", "random-90");
  CHECK(random.differences.size() == 3);
  CHECK(random.interval.mean == doctest::Approx(0.3 + 0.05 / 3));
  CHECK(random.p_flip == 0.25);
  CHECK(random.p_holm >= random.p);
  CHECK(random.p_holm < 0.05);
  CHECK(test_of(tests, "loss", "sp-90", "random-90").interval.mean == doctest::Approx(-1));
  CHECK(test_of(tests, "loss", "dense-adam:lr=1e-3", "dense-adam").interval.mean == doctest::Approx(-1));
  CHECK(test_of(tests, "loss", "sp-90", "wanda-90").p == 1);
}

TEST_CASE("rows that lack the number, or a partner of their seed, are in no test") {
  auto rows = made_up();
  for (CompareRow& r : rows) {
    if (r.name == "random-90") r.measures.clear();
    if (r.name == "wanda-90" && r.seed != 2) r.loss = std::nan("");
  }
  const auto tests = paired_tests(rows);
  CHECK(tests.size() == 2 + 2);
  CHECK(test_of(tests, "loss", "sp-90", "random-90").differences.size() == 3);
  CHECK(paired_tests(std::span<const CompareRow>{}).empty());
}
