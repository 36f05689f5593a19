#include "lib/graph/assignment.hpp"

#include <cmath>
#include <limits>

#include "lib/base/error.hpp"

namespace skein {

namespace {

/// Rows <= columns. `row_of[c]` is the row assigned to column c or -1. Rows enter one by one, each by the
/// shortest path in reduced costs to a free column, along which earlier rows move over.
std::vector<int> assign_rows(std::span<const double> cost, std::size_t rows, std::size_t columns) {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  std::vector<double> row_price(rows, 0.0), column_price(columns, 0.0);
  std::vector<int> row_of(columns, -1);
  for (std::size_t entering = 0; entering < rows; ++entering) {
    std::vector<double> distance(columns, infinite);
    std::vector<int> reached_from(columns, -1);
    std::vector<bool> done(columns, false), scanned(rows, false);
    auto row = static_cast<int>(entering);
    double length = 0;
    int sink = -1;
    int came_through = -1;  // the column by which `row` was reached
    while (sink < 0) {
      const auto r = static_cast<std::size_t>(row);
      scanned[r] = true;
      int nearest = -1;
      double least = infinite;
      for (std::size_t c = 0; c < columns; ++c) {
        if (done[c]) continue;
        const double through = length + cost[r * columns + c] - row_price[r] - column_price[c];
        if (through < distance[c]) {
          distance[c] = through;
          reached_from[c] = came_through;
        }
        if (distance[c] < least) {
          least = distance[c];
          nearest = static_cast<int>(c);
        }
      }
      length = least;
      const auto c = static_cast<std::size_t>(nearest);
      done[c] = true;
      came_through = nearest;
      if (row_of[c] < 0) sink = nearest;
      else row = row_of[c];
    }
    // Prices that keep every reduced cost at least zero.
    row_price[entering] += length;
    for (std::size_t c = 0; c < columns; ++c) {
      if (!done[c]) continue;
      if (row_of[c] >= 0) row_price[static_cast<std::size_t>(row_of[c])] += length - distance[c];
      column_price[c] -= length - distance[c];
    }
    // Rows move over along the path.
    for (int c = sink; c >= 0;) {
      const int previous = reached_from[static_cast<std::size_t>(c)];
      row_of[static_cast<std::size_t>(c)] =
          previous < 0 ? static_cast<int>(entering) : row_of[static_cast<std::size_t>(previous)];
      c = previous;
    }
  }
  std::vector<int> column_of(rows, -1);
  for (std::size_t c = 0; c < columns; ++c)
    if (row_of[c] >= 0) column_of[static_cast<std::size_t>(row_of[c])] = static_cast<int>(c);
  return column_of;
}

}  // namespace

std::vector<int> assign(std::span<const double> cost, int rows, int columns) {
  if (rows < 0 || columns < 0 ||
      cost.size() != static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns))
    throw ConfigError("assignment: " + std::to_string(cost.size()) + " costs for " + std::to_string(rows) +
                      " rows and " + std::to_string(columns) + " columns");
  for (const double c : cost)
    if (!std::isfinite(c)) throw ConfigError("assignment: a cost is not finite");
  const auto r = static_cast<std::size_t>(rows), c = static_cast<std::size_t>(columns);
  if (rows <= columns) return assign_rows(cost, r, c);
  std::vector<double> turned(cost.size());
  for (std::size_t i = 0; i < r; ++i)
    for (std::size_t j = 0; j < c; ++j) turned[j * r + i] = cost[i * c + j];
  std::vector<int> result(r, -1);
  const auto row_of = assign_rows(turned, c, r);
  for (std::size_t j = 0; j < c; ++j) result[static_cast<std::size_t>(row_of[j])] = static_cast<int>(j);
  return result;
}

}  // namespace skein
