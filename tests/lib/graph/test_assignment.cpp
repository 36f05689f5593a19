#include "lib/graph/assignment.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"

using namespace skein;

namespace {

double total(const std::vector<double>& cost, int columns, const std::vector<int>& column_of) {
  double sum = 0;
  for (std::size_t r = 0; r < column_of.size(); ++r)
    if (column_of[r] >= 0)
      sum += cost[r * static_cast<std::size_t>(columns) + static_cast<std::size_t>(column_of[r])];
  return sum;
}

/// The least total over all ways, by trying them; rows <= columns.
double least_total(const std::vector<double>& cost, int rows, int columns) {
  std::vector<int> order(static_cast<std::size_t>(columns));
  std::iota(order.begin(), order.end(), 0);
  double least = 1e300;
  do {
    least = std::min(least, total(cost, columns, {order.begin(), order.begin() + rows}));
  } while (std::next_permutation(order.begin(), order.end()));
  return least;
}

}  // namespace

TEST_CASE("assignments are as cheap as the best of all permutations") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    RandomStream random(seed, "assignment");
    const int rows = 1 + static_cast<int>(random.below(5)),
              columns = rows + static_cast<int>(random.below(2));
    std::vector<double> cost(static_cast<std::size_t>(rows * columns));
    for (double& c : cost)
      c = seed % 2 == 0 ? random.normal() : static_cast<double>(random.below(4));  // ties too
    const auto found = assign(cost, rows, columns);
    std::vector<int> used = found;
    std::ranges::sort(used);
    CHECK(std::ranges::adjacent_find(used) == used.end());
    CHECK(total(cost, columns, found) == doctest::Approx(least_total(cost, rows, columns)));
    // Turned around: more rows than columns.
    std::vector<double> turned(cost.size());
    for (int r = 0; r < rows; ++r)
      for (int c = 0; c < columns; ++c)
        turned[static_cast<std::size_t>(c * rows + r)] = cost[static_cast<std::size_t>(r * columns + c)];
    const auto back = assign(turned, columns, rows);
    CHECK(std::ranges::count(back, -1) == columns - rows);
    CHECK(total(turned, rows, back) == doctest::Approx(total(cost, columns, found)));
  }
}

TEST_CASE("a hidden permutation of 200 is found") {
  RandomStream random(5, "assignment");
  std::vector<int> hidden(200);
  std::iota(hidden.begin(), hidden.end(), 0);
  random.shuffle(std::span(hidden));
  std::vector<double> cost(200 * 200);
  for (std::size_t r = 0; r < 200; ++r)
    for (std::size_t c = 0; c < 200; ++c)
      cost[r * 200 + c] = static_cast<int>(c) == hidden[r] ? 0.0 : random.uniform(0.01, 1);
  CHECK(assign(cost, 200, 200) == hidden);
}

TEST_CASE("assignments of nothing are empty and impossible costs are refused") {
  CHECK(assign({}, 0, 5).empty());
  CHECK(assign({}, 3, 0) == std::vector<int>{-1, -1, -1});
  CHECK_THROWS_AS(assign(std::vector<double>{1, 2, 3}, 2, 2), ConfigError);
  CHECK_THROWS_AS(assign(std::vector<double>{1, std::numeric_limits<double>::infinity()}, 1, 2), ConfigError);
}
