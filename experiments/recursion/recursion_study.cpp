#include "experiments/recursion/recursion_study.hpp"

#include <algorithm>
#include <limits>

#include "experiments/recursion/recursion_target.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "sgd/recursion/recursion_file.hpp"

namespace skein::experiments {
namespace {

std::vector<RecursionStage> stages_of(RecursionArm arm, const StudyTarget& target) {
  std::vector<RecursionStage> stages;
  if (arm == RecursionArm::tied_rounds)
    for (int rounds = 1; rounds < target.rounds; ++rounds) stages.push_back({rounds, target.at(rounds)});
  stages.push_back({target.rounds, target.at(target.rounds)});
  return stages;
}

/// The trained network of a row: from the run, or trained now.
sgd::RecursiveNet trained_network(const RecursionStudy& study, const StudyTarget& target, RecursionArm arm,
                                  std::uint64_t seed, const RunFolder& run, const Session& session) {
  const auto file = network_file(run, target.name, arm, seed);
  auto checkpoint = file;
  checkpoint += ".checkpoint";
  if (std::filesystem::exists(file)) {
    std::filesystem::remove(checkpoint);
    return sgd::read_recursion(file);
  }
  RecursionJob job{.recursion = recursion_of(arm, study.base, target.rounds),
                   .start = {},
                   .stages = stages_of(arm, target),
                   .settings = study.training,
                   .ema = study.ema};
  job.settings.seed = seed;
  job.start = sgd::initial_weights(job.recursion, picture_signature(), seed);
  const auto trained = run_recursion_training(job, {.file = checkpoint, .every = 500}, session.listener());
  if (!trained) throw Interrupted("stopped; the same command resumes " + run.path().string());
  sgd::write_recursion(file, trained->net);
  std::filesystem::remove(checkpoint);
  return trained->net;
}

/// The network of a row, or why it has none.
struct AttemptedRow {
  std::optional<sgd::RecursiveNet> net;
  std::string failed;
};

/// A training that left the finite numbers does so again from the same seed: its reason is kept in the run instead.
AttemptedRow attempted_row(const RecursionStudy& study, const StudyTarget& target, RecursionArm arm,
                           std::uint64_t seed, const RunFolder& run, const Session& session) {
  constexpr std::size_t longest_reason = std::size_t{1} << 16;  // bytes
  const auto file = network_file(run, target.name, arm, seed);
  auto reason = file, checkpoint = file;
  reason.replace_extension(".failed");
  checkpoint += ".checkpoint";
  if (std::filesystem::exists(reason)) return {{}, read_file(reason, longest_reason)};
  try {
    return {trained_network(study, target, arm, seed, run, session), {}};
  } catch (const NumericError& error) {
    write_file(reason, error.what());
    std::filesystem::remove(checkpoint);
    session.say(target.name + ", " + std::string(name(arm)) + ", seed " + std::to_string(seed) +
                ": failed: " + error.what());
    return {{}, error.what()};
  }
}

void draw_rows(const RecursionStudy& study, const StudyTarget& target, RecursionRow row,
               const sgd::RecursiveNet& net, std::vector<RecursionRow>& rows) {
  const Picture trained_on = target.at(target.rounds);
  row.trained = target.rounds;
  for (row.rounds = 1; row.rounds <= target.rounds + study.beyond; ++row.rounds) {
    if (!target.known_at(row.rounds)) continue;
    const Picture wanted = target.at(row.rounds);
    const Network network = sgd::lower(net.recursion, net.signature, row.rounds).network;
    const Picture drawn = draw(Plan(network), net.weights, {wanted.width, wanted.height});
    row.against = target.name_at(row.rounds);
    row.loss = mean_squared_error(drawn, wanted);
    row.r2 = picture_r2(drawn, wanted);
    row.r2_unchanged = picture_r2(trained_on, wanted);
    rows.push_back(row);
  }
}

}  // namespace

void RecursionStudy::validate() const {
  if (targets.empty()) throw ConfigError("recursion: no target");
  for (const std::string& target : targets)
    if (std::ranges::count(targets, target) > 1)
      throw ConfigError("recursion: target " + target + " is given twice");
  if (!base.tied)
    throw ConfigError("recursion: the architecture must be a tied one, rec:...; others are made of it");
  if (seeds < 1 || seeds > 1000) throw ConfigError("recursion: seeds must be 1 to 1000");
  if (beyond < 0 || beyond > 100) throw ConfigError("recursion: rounds beyond must be 0 to 100");
  for (const std::string& target : targets)
    if (const int rounds = std::max(folds_of(target), base.rounds); rounds + beyond > sgd::most_rounds)
      throw ConfigError("recursion: " + std::to_string(rounds + beyond) + " rounds are more than " +
                        std::to_string(sgd::most_rounds));
  RecursionJob{.recursion = base, .start = {}, .stages = {{}}, .settings = training, .ema = ema}.validate();
}

std::filesystem::path network_file(const RunFolder& run, const std::string& target, RecursionArm arm,
                                   std::uint64_t seed) {
  std::string file_name = target + "-" + std::string(name(arm)) + "-s" + std::to_string(seed);
  std::ranges::replace_if(
      file_name, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)) && c != '-'; }, '_');
  return run.file("networks/" + file_name + ".recursion");
}

double picture_r2(const Picture& drawn, const Picture& target) {
  const double variance = mean_squared_error(mean_colour(target), target);
  const double error = mean_squared_error(drawn, target);
  if (error == 0) return 1;
  return variance > 0 ? 1 - error / variance : 0;
}

std::vector<RecursionRow> run_study(const RecursionStudy& study, const RunFolder& run,
                                    const Session& session) {
  study.validate();
  make_folder(run.file("networks"));
  std::vector<RecursionRow> rows;
  for (const std::string& target_name : study.targets) {
    const StudyTarget target = study_target(study, target_name);
    for (const RecursionArm arm : all_recursion_arms) {
      if (!arm_applies(arm, target)) continue;
      for (int s = 0; s < study.seeds; ++s) {
        const std::uint64_t seed = study.training.seed + static_cast<std::uint64_t>(s);
        RecursionRow row{.target = target_name, .arm = arm, .seed = seed, .against = {}};
        const AttemptedRow made = attempted_row(study, target, arm, seed, run, session);
        if (made.net) {
          draw_rows(study, target, row, *made.net, rows);
          continue;
        }
        row.trained = target.rounds;
        row.loss = row.r2 = row.r2_unchanged = std::numeric_limits<double>::quiet_NaN();
        row.failed = made.failed;
        rows.push_back(row);
      }
    }
  }
  return rows;
}

}  // namespace skein::experiments
