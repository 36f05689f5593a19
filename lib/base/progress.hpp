#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace skein {

/// One step of long work, told to whoever listens. The rooms below experiments report through this and never
/// print.
struct Progress {
  std::string stage;                                   ///< "train", "generation", ...
  std::int64_t done = 0;                               ///< steps finished
  std::int64_t total = 0;                              ///< steps in all; 0 when unknown
  std::vector<std::pair<std::string, double>> values;  ///< what there is to tell: loss, best_loss, ...
};

/// Called from the thread that runs the work. Returning false asks the work to stop at the next point from
/// which it can be resumed.
using ProgressListener = std::function<bool(const Progress&)>;

}  // namespace skein
