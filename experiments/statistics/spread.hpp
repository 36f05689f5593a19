#pragma once

#include <nlohmann/json.hpp>
#include <vector>

namespace skein::experiments {

/// Several values of one thing (seeds) in numbers.
struct Spread {
  std::size_t count = 0;
  double mean = 0;
  double sd = 0;  ///< sample standard deviation; 0 with fewer than two values
  double median = 0;
  double low = 0, high = 0;  ///< least and greatest
};

/// All zero without values.
Spread spread(std::vector<double> values);

/// {"n", "mean", "sd", "median", "low", "high"}; null without values.
nlohmann::ordered_json to_json(const Spread& spread);
/// One of these numbers by its name, of a spread as JSON; not a number of null.
double spread_number(const nlohmann::ordered_json& spread, const char* which);

}  // namespace skein::experiments
