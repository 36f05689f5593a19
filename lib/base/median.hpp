#pragma once

#include <vector>

namespace skein {

/// The middle value, or the mean of the two in the middle. NaN for none. Values must be comparable (no NaN).
double median(std::vector<double> values);

}  // namespace skein
