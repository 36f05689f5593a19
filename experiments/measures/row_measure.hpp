#pragma once

#include <limits>
#include <string>

namespace skein::experiments {

/// A number with what is known of its uncertainty; NaN where there is none.
struct RowMeasure {
  std::string name;
  double value = std::numeric_limits<double>::quiet_NaN();
  double low = std::numeric_limits<double>::quiet_NaN();  ///< 95 % interval by resampling weights
  double high = std::numeric_limits<double>::quiet_NaN();
  std::string unit;
  std::string reason = {};  ///< why there is no value, where that lies in the kind of the network; else empty
};

}  // namespace skein::experiments
