#include "experiments/statistics/spread.hpp"

#include <algorithm>
#include <cmath>

#include "lib/base/median.hpp"

namespace skein::experiments {

Spread spread(std::vector<double> values) {
  if (values.empty()) return {};
  std::ranges::sort(values);
  const auto count = static_cast<double>(values.size());
  Spread s{.count = values.size(), .low = values.front(), .high = values.back()};
  s.median = median(values);
  for (const double value : values) s.mean += value / count;
  for (const double value : values) s.sd += (value - s.mean) * (value - s.mean);
  s.sd = values.size() > 1 ? std::sqrt(s.sd / (count - 1)) : 0;
  return s;
}

nlohmann::ordered_json to_json(const Spread& s) {
  if (s.count == 0) return nullptr;
  return {{"n", s.count},       {"mean", s.mean}, {"sd", s.sd},
          {"median", s.median}, {"low", s.low},   {"high", s.high}};
}

double spread_number(const nlohmann::ordered_json& spread, const char* which) {
  return spread.is_null() ? std::nan("") : spread.at(which).get<double>();
}

}  // namespace skein::experiments
