#pragma once

#include <algorithm>
#include <cmath>

namespace skein::experiments {

/// exp of the entropy of numbers taken as shares, those below 0 counting as 0: how many of them matter. 0
/// when they sum to nothing.
template <class Numbers>
double effective_number(const Numbers& numbers) {
  double sum = 0, entropy = 0;
  for (const auto number : numbers) sum += std::max(0.0, static_cast<double>(number));
  if (sum <= 0) return 0;
  for (const auto number : numbers) {
    const double share = static_cast<double>(number) / sum;
    if (share > 0) entropy -= share * std::log(share);
  }
  return std::exp(entropy);
}

}  // namespace skein::experiments
