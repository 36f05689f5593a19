#include "experiments/recursion/recursion_target.hpp"

#include <algorithm>
#include <charconv>

#include "experiments/nets/target_picture.hpp"
#include "experiments/targets/targets.hpp"

namespace skein::experiments {
namespace {

std::string fold_name(int times) { return "@fold-" + std::to_string(times); }

bool is_built_in(const std::string& name) {
  return std::ranges::any_of(built_in_targets(),
                             [&](const BuiltInTarget& t) { return "@" + t.name == name; });
}

}  // namespace

std::string StudyTarget::name_at(int at) const { return folds > 0 ? fold_name(at) : name; }

bool StudyTarget::known_at(int at) const { return folds == 0 || is_built_in(fold_name(at)); }

Picture StudyTarget::at(int at) const { return load_target(name_at(at), size).picture; }

StudyTarget study_target(const RecursionStudy& study, const std::string& name) {
  const int folds = folds_of(name);
  return {name, folds > 0 ? folds : study.base.rounds, folds, study.size};
}

bool arm_applies(RecursionArm arm, const StudyTarget& target) {
  return arm != RecursionArm::tied_rounds || target.folds > 1;
}

int folds_of(const std::string& target) {
  constexpr std::string_view start = "@fold-";
  if (!target.starts_with(start) || !is_built_in(target)) return 0;
  int folds = 0;
  std::from_chars(target.data() + start.size(), target.data() + target.size(), folds);
  return folds;
}

int study_rounds(const RecursionStudy& study, const std::string& target) {
  return study_target(study, target).rounds + study.beyond;
}

std::optional<Picture> study_picture(const RecursionStudy& study, const std::string& target, int rounds) {
  const StudyTarget known = study_target(study, target);
  if (!known.known_at(rounds)) return {};
  return known.at(rounds);
}

}  // namespace skein::experiments
