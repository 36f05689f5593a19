#pragma once

#include <string>

#include "experiments/recursion/recursion_study.hpp"

namespace skein::experiments {

/// What a target of a study is at each number of rounds.
struct StudyTarget {
  std::string name;
  int rounds = 0;  ///< trained
  int folds = 0;   ///< 0: the same picture at every number of rounds
  int size = 0;

  std::string name_at(int at) const;
  /// Whether the picture is known there.
  bool known_at(int at) const;
  Picture at(int at) const;
};

StudyTarget study_target(const RecursionStudy& study, const std::string& name);

/// Whether an arm is trained on a target: one told every round's picture where there are several.
bool arm_applies(RecursionArm arm, const StudyTarget& target);

}  // namespace skein::experiments
