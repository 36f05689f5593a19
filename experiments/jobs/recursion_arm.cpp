#include "experiments/jobs/recursion_arm.hpp"

#include <algorithm>

#include "lib/base/error.hpp"

namespace skein::experiments {

std::string_view name(RecursionArm arm) {
  switch (arm) {
    case RecursionArm::tied:
      return "tied";
    case RecursionArm::tied_rounds:
      return "tied-rounds";
    case RecursionArm::untied:
      return "untied";
    case RecursionArm::untied_deep:
      return "untied-deep";
  }
  return "";
}

sgd::Recursion recursion_of(RecursionArm arm, const sgd::Recursion& base, int rounds) {
  sgd::Recursion result = base;
  result.rounds = rounds;
  result.tied = arm == RecursionArm::tied || arm == RecursionArm::tied_rounds;
  if (arm == RecursionArm::untied)
    for (auto& [kind, count] : result.block) count = std::max(1, (count + rounds / 2) / rounds);
  return result;
}

sgd::Recursion parse_base_recursion(const std::string& text) {
  sgd::Recursion base = sgd::parse_recursion(text);
  if (!base.tied)
    throw ConfigError("recursion " + base.text() + ": must be a tied one, rec:...; others are made of it");
  return base;
}

void require_arm(RecursionArm arm, const sgd::Recursion& base) {
  if (arm != RecursionArm::untied) return;
  for (const auto& [kind, count] : base.block)
    if (count < base.rounds)
      throw ConfigError("recursion " + base.text() + ": untied divides its " + std::to_string(count) + " " +
                        std::string(name(kind.activation)) + " units between " + std::to_string(base.rounds) +
                        " rounds; there must be one or more in each");
}

}  // namespace skein::experiments
