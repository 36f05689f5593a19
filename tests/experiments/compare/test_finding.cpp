#include "experiments/compare/finding.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace skein::experiments;

namespace {

CompareRow row(const std::string& method, std::uint64_t seed, double score, double loss = 0.01,
               std::int64_t count = 0, int depth = 0) {
  CompareRow made;
  made.key = {"target", method, count, depth, {}, seed};
  made.loss = loss;
  if (std::isfinite(score)) made.measures = {{"compositional_score", score, score, score, "share"}};
  return made;
}

/// One evolved network of that score among three dense ones around 0.4, and SP's networks that much above
/// the random ones.
std::vector<CompareRow> made_up(double evolved, double gain) {
  std::vector<CompareRow> rows{row("evolved", 0, evolved, 0)};
  const double dense[] = {0.38, 0.40, 0.42};
  for (std::uint64_t s = 0; s < 3; ++s) {
    rows.push_back(row("dense-adam", s, dense[s]));
    rows.push_back(row("sp", s, dense[s] + gain + 0.01 * static_cast<double>(s), 0.01, 400));
    rows.push_back(row("random", s, dense[s], 0.01, 400));
  }
  return rows;
}

bool says(const std::vector<CompareRow>& rows, const std::string& words) {
  const std::string text = analyse(rows).finding();
  CAPTURE(text);
  return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("the finding follows the rows: effect present, absent and reversed") {
  CHECK(says(made_up(0.90, 0.2), "The evolved network is more factored"));
  CHECK(says(made_up(0.41, 0.2), "The evolved network cannot be told from"));
  CHECK(says(made_up(0.10, 0.2), "The evolved network is less factored"));
  CHECK(says(made_up(0.90, 0.2), "similarity-based pruning are more factored"));
  CHECK(says(made_up(0.90, -0.01), "similarity-based pruning cannot be told from"));
  CHECK(says(made_up(0.90, -0.3), "similarity-based pruning are less factored"));
}

TEST_CASE("the finding says when there is too little to find") {
  CHECK(says({}, "nothing to compare with"));
  CHECK(says({row("evolved", 0, 0.9), row("dense-adam", 0, 0.4)},
             "With 1 seed of dense networks nothing can be told yet"));
  auto plain = made_up(0.9, 0.2);
  plain.erase(plain.begin());
  CHECK(says(plain, "has no evolved network"));
  auto one_pair = made_up(0.9, 0.2);
  std::erase_if(one_pair, [](const CompareRow& r) { return r.key.method == "sp" && r.key.seed != 0; });
  CHECK(says(one_pair, "share too few seeds (1) with random wirings"));
}

TEST_CASE(
    "without SP the evolved wiring is held against shuffles with as many weights, else against dense "
    "networks") {
  auto rows = made_up(0.9, 0.2);
  std::erase_if(rows, [](const CompareRow& r) { return r.key.method == "sp"; });
  for (std::uint64_t s = 0; s < 3; ++s)
    rows.push_back(row("retrained", s, 0.5 + 0.01 * static_cast<double>(s)));
  CHECK(says(rows, "retrained in the evolved wiring are more factored than dense ones"));
  for (std::uint64_t s = 0; s < 3; ++s)
    rows.push_back(row("shuffle-evolved", s, 0.7 + 0.01 * static_cast<double>(s)));
  CHECK(says(rows, "are less factored than those in its degree-preserving shuffles"));
}

TEST_CASE("rows that diverged or have no score do not count") {
  auto rows = made_up(0.90, 0.2);
  rows.push_back(row("dense-adam", 3, std::nan(""), std::nan("")));
  CHECK(analyse(rows).finding() == analyse(made_up(0.90, 0.2)).finding());
}

TEST_CASE("the finding looks at the fewest weights that SP left") {
  auto rows = made_up(0.90, 0.0);
  for (std::uint64_t s = 0; s < 3; ++s) {
    rows.push_back(row("sp", s, 0.8 + 0.01 * static_cast<double>(s), 0.01, 90));
    rows.push_back(row("random", s, 0.4, 0.01, 90));
    rows.push_back(row("sp", s, 0.1, 0.01, 90, 1));
  }
  CHECK(says(rows, "Wirings of 90 weights found by similarity-based pruning are more factored"));
}

TEST_CASE("the finding holds SP against both controls and corrects for their number") {
  auto rows = made_up(0.90, 0.2);
  for (std::uint64_t s = 0; s < 3; ++s)
    rows.push_back(row("shuffle", s, 0.6 + 0.04 * static_cast<double>(s % 2), 0.01, 400));
  CHECK(says(rows, "are more factored than random wirings"));
  CHECK(says(rows, ", and cannot be told from degree-preserving shuffles of them"));
  CHECK(says(rows, "after correction for 2 tests, 3 seeds)."));
}

TEST_CASE(
    "participation leads where parts are known, then cross-judged participation; both are lower where "
    "factored") {
  const auto with = [](double evolved, double relu, const char* measure) {
    std::vector<CompareRow> rows = made_up(0.90, 0.2);
    for (std::uint64_t s = 0; s < 3; ++s) rows.push_back(row("dense-relu", s, 0.9));
    for (CompareRow& one : rows) {
      const double seed = 0.01 * static_cast<double>(*one.key.seed);
      const std::string& method = one.key.method;
      const double value = method == "evolved"      ? evolved
                           : method == "sp"         ? 3 + seed * seed
                           : method == "dense-relu" ? relu + seed
                                                    : 4 + seed;
      one.measures.push_back({measure, value, value, value, "parts"});
    }
    return rows;
  };
  CHECK(
      says(with(1, 3, "participation"),
           "is more factored than dense ones that gradient descent trained in its architecture: parts of the "
           "picture that a step of one weight touches, 1 against 4.01 (3 seeds;"));
  CHECK(says(with(1, 3, "participation"), "pruning are more factored than random"));
  CHECK(says(with(1, 3, "participation"), "rectified linear units do not pass for it: 3.01"));
  CHECK(says(with(1, 1, "participation"), "rectified linear units cannot be told from it by this measure"));
  CHECK(says(with(5, 3, "participation"), "rectified linear units lie beyond it on the factored side"));
  CHECK(says(with(5, 3, "participation"), "The evolved network is less factored"));
  CHECK(says(with(4.01, 3, "cross_participation"), "The evolved network cannot be told from"));
  CHECK(says(with(4.01, 3, "cross_participation"),
             "its rivals' parts that a step of one weight touches, 4.01 against"));
  // A measure that the evolved network lacks does not lead.
  auto lacking = with(1, 3, "participation");
  lacking.front().measures.pop_back();
  CHECK(says(lacking, "compositional score, 0.9 against"));
}
