// Rows of a study as a table, and over the seeds.
#include <cmath>

#include "experiments/recursion/recursion_target.hpp"
#include "experiments/statistics/spread.hpp"

namespace skein::experiments {
namespace {

using Json = nlohmann::ordered_json;

/// One arm on one target, at each number of rounds: the spread of R2 over the seeds.
Json drawn_of(const std::vector<const RecursionRow*>& rows, const StudyTarget& target, int last) {
  Json drawn = Json::array();
  for (int rounds = 1; rounds <= last; ++rounds) {
    std::vector<double> r2;
    int not_finite = 0;
    double unchanged = 0;
    for (const RecursionRow* row : rows) {
      if (row->rounds != rounds) continue;
      if (std::isfinite(row->r2)) r2.push_back(row->r2);
      else ++not_finite;
      unchanged = row->r2_unchanged;
    }
    if (r2.empty() && not_finite == 0) continue;
    drawn.push_back({{"rounds", rounds},
                     {"against", target.name_at(rounds)},
                     {"r2", to_json(spread(r2))},
                     {"not_finite", not_finite},
                     {"r2_unchanged", unchanged}});
  }
  return drawn;
}

Json failed_of(const std::vector<const RecursionRow*>& rows) {
  Json failed = Json::array();
  for (const RecursionRow* row : rows)
    if (!row->failed.empty()) failed.push_back({{"seed", row->seed}, {"reason", row->failed}});
  return failed;
}

}  // namespace

Table rows_table(const std::vector<RecursionRow>& rows) {
  Table table({"target", "arm", "seed", "trained_rounds", "drawn_rounds", "against", "loss", "r2",
               "r2_unchanged", "failed"});
  for (const RecursionRow& row : rows)
    table.add({row.target, std::string(name(row.arm)), std::to_string(row.seed), std::to_string(row.trained),
               std::to_string(row.rounds), row.against, number_text(row.loss), number_text(row.r2),
               number_text(row.r2_unchanged), row.failed});
  return table;
}

Json study_summary(const RecursionStudy& study, const std::vector<RecursionRow>& rows) {
  Json targets = Json::array();
  for (const std::string& target_name : study.targets) {
    const StudyTarget target = study_target(study, target_name);
    Json arms = Json::array();
    for (const RecursionArm arm : all_recursion_arms) {
      if (!arm_applies(arm, target)) continue;
      std::vector<const RecursionRow*> own;
      for (const RecursionRow& row : rows)
        if (row.target == target_name && row.arm == arm) own.push_back(&row);
      const sgd::Recursion recursion = recursion_of(arm, study.base, target.rounds);
      arms.push_back({{"name", name(arm)},
                      {"arch", recursion.text()},
                      {"parameters", sgd::parameter_count(recursion, picture_signature())},
                      {"trained_rounds", target.rounds},
                      {"drawn", drawn_of(own, target, target.rounds + study.beyond)},
                      {"failed", failed_of(own)}});
    }
    targets.push_back({{"name", target_name}, {"arms", arms}});
  }
  return targets;
}

}  // namespace skein::experiments
