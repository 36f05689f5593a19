#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "neat/search/evolution.hpp"

namespace skein::neat {

/// A problem with a known answer, that shows whether the algorithm works.
struct Task {
  std::string name;
  Genome start;  ///< minimal: all inputs linked to all outputs, steepened sigmoids
  Evaluator evaluate;
  /// The size of weight noise is not in the paper, and balance wants smaller steps than logic: tuned per
  /// task, all other settings being the preset's.
  double weight_power = 8;
  double paper_evaluations = 0;  ///< mean number of evaluations that Stanley and Miikkulainen (2002) report
};

/// Exclusive or (section 4.1): inputs x1, x2 and a bias of 1. Fitness (4 - sum of |error|)^2 over the four
/// cases; solved when each output is on the right side of 0.5.
Task xor_task();

/// Balancing two poles on a cart, velocities given (section 4.2); see double_pole.hpp.
Task double_pole_task();

/// The preset of the paper with the task's weight noise.
Settings task_settings(const Task& task);

/// "xor" or "double-pole"; throws ConfigError naming the choice.
Task task(std::string_view name);

}  // namespace skein::neat
