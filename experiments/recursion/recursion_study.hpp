#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "experiments/jobs/recursion_arm.hpp"
#include "experiments/jobs/recursion_training.hpp"
#include "experiments/runs/run_folder.hpp"
#include "experiments/statistics/table.hpp"

namespace skein::experiments {

/// Does a block that is used again with the same weights draw what repeats, and go on where training ended?
struct RecursionStudy {
  std::vector<std::string> targets;  ///< TARGET arguments; of "@fold-K" every round's picture is known
  sgd::Recursion base;               ///< the tied one; its rounds count where a target says none
  sgd::TrainSettings training;       ///< of every row; the seed counts up
  double ema = 0;
  int seeds = 3;
  int beyond = 2;  ///< rounds that are drawn after those trained
  int size = 64;

  /// Throws ConfigError.
  void validate() const;
};

/// K of "@fold-K" where it is a built-in; 0 of anything else.
int folds_of(const std::string& target);

/// The last number of rounds that is drawn for a target.
int study_rounds(const RecursionStudy& study, const std::string& target);
/// The picture that a target is at so many rounds; nothing where it is not known.
std::optional<Picture> study_picture(const RecursionStudy& study, const std::string& target, int rounds);
/// Where a run keeps a trained network.
std::filesystem::path network_file(const RunFolder& run, const std::string& target, RecursionArm arm,
                                   std::uint64_t seed);

/// 1 - mean squared error / variance of the target about its mean colour; 0 for a picture of one colour that is not
/// drawn exactly.
double picture_r2(const Picture& drawn, const Picture& target);

/// One network drawn at one number of rounds; or a training that failed, once, at 0 rounds.
struct RecursionRow {
  std::string target;
  RecursionArm arm = RecursionArm::tied;
  std::uint64_t seed = 0;
  int trained = 0, rounds = 0;  ///< rounds in training; rounds drawn
  std::string against;          ///< what it is held against there
  double loss = 0, r2 = 0;
  double r2_unchanged = 0;  ///< that of the picture trained on, against the same
  std::string failed = {};  ///< why there is no network: its training left the finite numbers
};

/// Trains every arm on every target and seed, going on from what the run holds, and draws each at 1 to its rounds and
/// `beyond` more. Keeps networks/*.recursion, with a checkpoint beside the one in training, and networks/*.failed: the
/// reason of a training that left the finite numbers, which ends its row and not the study. Throws Interrupted when the
/// session's listener stops it.
std::vector<RecursionRow> run_study(const RecursionStudy& study, const RunFolder& run,
                                    const Session& session);

Table rows_table(const std::vector<RecursionRow>& rows);
/// Per target, arm and rounds: the spread over the seeds whose R2 is finite (far beyond training what is drawn may
/// overflow), and how many are not: `not_finite`; the trainings that failed. `targets`: each with its `arms`.
nlohmann::ordered_json study_summary(const RecursionStudy& study, const std::vector<RecursionRow>& rows);

}  // namespace skein::experiments
