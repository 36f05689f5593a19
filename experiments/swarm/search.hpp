#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

namespace skein::experiments {

/// A place in a space of few dimensions; all of one search have the same number of coordinates.
using Coordinates = std::vector<double>;

/// The utility of every point of a batch, in its order; more is better. What is not a number counts as the worst.
/// May throw to end a search.
using BatchUtility = std::function<std::vector<double>(const std::vector<Coordinates>&)>;

/// What a search ends with.
struct Optimum {
  Coordinates best;
  double utility = -std::numeric_limits<double>::infinity();
  std::int64_t evaluations = 0;
  std::int64_t iterations = 0;  ///< batches, without the first one of the starting points
};

/// The utilities with what is not a number made the worst. Throws std::logic_error unless there is one a point.
std::vector<double> ranked(std::vector<double> utilities, std::size_t points);

}  // namespace skein::experiments
