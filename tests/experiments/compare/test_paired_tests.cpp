#include "experiments/compare/paired_tests.hpp"

#include <doctest/doctest.h>

#include <algorithm>
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
