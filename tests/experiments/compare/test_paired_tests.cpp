#include "experiments/compare/analysis.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace skein::experiments;

namespace {

CompareRow row(const std::string& method, std::int64_t count, std::uint64_t seed, double score, double loss,
               const Variant& variant = {}) {
  CompareRow made;
  made.key = {"target", method, count, 0, variant, seed};
  made.loss = loss;
  made.measures = {{"compositional_score", score, score, score, "share"}};
  return made;
}

/// Three seeds of dense networks, SP and two others at one count, and a variant.
std::vector<CompareRow> made_up() {
  std::vector<CompareRow> rows;
  for (std::uint64_t s = 0; s < 3; ++s) {
    const double some = 0.01 * static_cast<double>(s * s);
    rows.push_back(row("dense-adam", 0, s, 0.4 + some, 1e-3));
    rows.push_back(row("dense-adam", 0, s, 0.4, 1e-4, {{"lr", "1e-3"}}));
    rows.push_back(row("sp", 90, s, 0.8 + some, 1e-3));
    rows.push_back(row("random", 90, s, 0.5, 1e-2));
    rows.push_back(row("wanda", 90, s, 0.8, 1e-3));
  }
  return rows;
}

const PairedTest& test_of(const std::vector<PairedTest>& tests, const std::string& measure,
                          const std::string& a, const std::string& b) {
  const auto found = std::ranges::find_if(tests, [&](const PairedTest& t) {
    return t.measure == measure && name_of(t.a) == a && name_of(t.b) == b;
  });
  REQUIRE(found != tests.end());
  return *found;
}

}  // namespace

TEST_CASE("tests pair rows by seed, SP against all others of its count, variants against their method") {
  const auto tests = analyse(made_up()).tests;
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
    if (r.key.method == "random") r.measures.clear();
    if (r.key.method == "wanda" && r.key.seed != 2) r.loss = std::nan("");
  }
  const auto tests = analyse(rows).tests;
  CHECK(tests.size() == 2 + 2);
  CHECK(test_of(tests, "loss", "sp-90", "random-90").differences.size() == 3);
  CHECK(analyse({}).tests.empty());
}

TEST_CASE("where every row has options of its own, those with the same are held against each other") {
  std::vector<CompareRow> rows;
  for (const char* steps : {"10", "20"})
    for (std::uint64_t s = 0; s < 3; ++s) {
      const double some = 0.01 * static_cast<double>(s * s);
      rows.push_back(row("sp", 90, s, 0.8 + some, 1e-3, {{"steps", steps}}));
      rows.push_back(row("random", 90, s, 0.5, 1e-2, {{"steps", steps}}));
    }
  const auto tests = analyse(rows).tests;
  CHECK(tests.size() == 4);
  CHECK(test_of(tests, "compositional_score", "sp-90:steps=20", "random-90:steps=20").interval.mean > 0.3);
}

TEST_CASE("targets are tested apart") {
  auto rows = made_up();
  for (CompareRow r : made_up()) r.key.target = "other", rows.push_back(r);
  CHECK(analyse(rows).tests.size() == 2 * analyse(made_up()).tests.size());
  CHECK(analyse(rows).findings.size() == 2);
}
