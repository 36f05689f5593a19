#include "experiments/validate/validation_networks.hpp"

#include <algorithm>
#include <cmath>

#include "bridge/layerize.hpp"
#include "experiments/jobs/pruning_job.hpp"
#include "experiments/jobs/training_job.hpp"
#include "experiments/targets/hand_built.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/base/random.hpp"
#include "sgd/mlp/initial_weights.hpp"
#include "sgd/mlp/mlp_file.hpp"
#include "sgd/prune/mask_null.hpp"

namespace skein::experiments {
namespace {

namespace fs = std::filesystem;

constexpr int pruning_rounds = 8;  // of cutting by size

/// Trains, or reads what was trained before. Nothing when stopped.
std::optional<sgd::Mlp> trained(const TrialTraining& training, const std::string& name, TrainingJob job,
                                const Picture& target, const ProgressListener& listener) {
  const fs::path file = training.folder / (name + ".mlp"),
                 checkpoint = training.folder / (name + ".checkpoint");
  if (fs::exists(file)) return sgd::read_mlp(file);
  const auto result = run_training(job, target, {.file = checkpoint}, listener);
  if (!result) return {};
  sgd::write_mlp(file, result->mlp);
  fs::remove(checkpoint);
  return result->mlp;
}

TrainingJob from_random(const TrialTraining& training, sgd::Wiring wiring, std::uint64_t seed) {
  TrainingJob job{std::move(wiring), {}, false, training.options.settings(seed)};
  job.start = sgd::initial_weights(job.wiring, {.seed = seed});
  return job;
}

std::optional<sgd::Mlp> pruned(const TrialTraining& training, const std::string& name, const sgd::Mlp& dense,
                               std::int64_t count, std::uint64_t seed, const Picture& target,
                               const ProgressListener& listener) {
  const fs::path file = training.folder / (name + ".mlp");
  if (fs::exists(file)) return sgd::read_mlp(file);
  PruningJob job;
  job.method = "magnitude";
  job.request.mlp = dense;
  job.request.target = target;
  job.request.count = count;
  job.request.rounds = pruning_rounds;
  job.request.seed = seed;
  job.training = training.options.settings(seed);
  make_folder(training.folder / name);
  const fs::path folder = training.folder / name;
  const auto result = run_pruning(job, folder, book_in(folder), listener);
  if (!result) return {};
  sgd::write_mlp(file, result->mlp);
  return result->mlp;
}

}  // namespace

std::vector<Contestant> random_weight_controls(const sgd::Mlp& evolved, int draws, std::uint64_t seed) {
  const auto own = sgd::trainable_without_copies(evolved.wiring);
  double squares = 0, count = 0;
  for (std::size_t s = 0; s < own.size(); ++s)
    if (own[s]) {
      squares += static_cast<double>(evolved.weights[s]) * static_cast<double>(evolved.weights[s]);
      ++count;
    }
  const double spread = count > 0 ? std::sqrt(squares / count) : 0;
  std::vector<Contestant> controls;
  for (int draw = 0; draw < draws; ++draw) {
    Contestant control{.name = "random-" + std::to_string(draw + 1),
                       .role = Role::control,
                       .group = group_random,
                       .mlp = evolved};
    RandomStream stream(seed, "random weights of a control", static_cast<std::uint64_t>(draw));
    for (std::size_t s = 0; s < own.size(); ++s)
      if (own[s]) control.mlp.weights[s] = static_cast<float>(spread * stream.normal());
    controls.push_back(std::move(control));
  }
  return controls;
}

std::vector<Contestant> originals_and_twins(const sgd::Mlp& evolved, const std::string& title,
                                            std::uint64_t seed) {
  const std::vector<std::pair<std::string, sgd::Mlp>> pictures{
      {"@face", bridge::layerize(face().genome)},
      {"@flower", bridge::layerize(flower().genome)},
      {"@sunset", bridge::layerize(sunset().genome)},
      {title, evolved},
  };
  std::vector<Contestant> all;
  for (const auto& [named, mlp] : pictures) {
    const std::string picture = named;
    const bool there = std::ranges::any_of(all, [&](const Contestant& c) { return c.group == picture; });
    if (there) continue;
    all.push_back({.name = picture, .role = Role::original, .group = picture, .mlp = mlp});
    for (const Fracture fracture : fractures)
      all.push_back({.name = picture + " " + std::string(name(fracture)),
                     .role = Role::twin,
                     .group = picture,
                     .fracture = fracture,
                     .mlp = fractured_twin(mlp, fracture, seed)});
  }
  return all;
}

std::optional<std::vector<Contestant>> train_contestants(const sgd::Mlp& evolved, const Picture& target,
                                                         const TrialTraining& training,
                                                         const ProgressListener& listener,
                                                         const std::function<void(const std::string&)>& say) {
  std::vector<Contestant> all;
  if (training.seeds == 0) return all;
  make_folder(training.folder);
  const auto dense_wiring = sgd::dense_wiring(sgd::architecture_of(evolved.wiring), evolved.wiring.signature);
  const std::int64_t count = std::ranges::count_if(evolved.weights, [](float w) { return w != 0.0f; });
  for (int s = 1; s <= training.seeds; ++s) {
    const auto seed = static_cast<std::uint64_t>(s);
    const std::string number = "-s" + std::to_string(s);
    say("seed " + std::to_string(s) + " of " + std::to_string(training.seeds));
    const auto dense =
        trained(training, "dense" + number, from_random(training, dense_wiring, seed), target, listener);
    if (!dense) return {};
    all.push_back({.name = "dense" + number, .role = Role::trained, .group = "", .mlp = *dense});
    try {
      const auto cut = pruned(training, "pruned" + number, *dense, count, seed, target, listener);
      if (!cut) return {};
      all.push_back({.name = "pruned" + number, .role = Role::control, .group = group_pruned, .mlp = *cut});
    } catch (const ConfigError& e) {
      say("pruned" + number + " is left out: " + e.what());
    }
    for (const bool shuffled : {false, true}) {
      const std::string id = (shuffled ? "shuffled" : "retrained") + number;
      const auto wiring = shuffled ? sgd::shuffle_degrees(evolved.wiring, seed) : evolved.wiring;
      const auto made = trained(training, id, from_random(training, wiring, seed), target, listener);
      if (!made) return {};
      all.push_back({.name = id,
                     .role = Role::control,
                     .group = shuffled ? group_shuffled : group_retrained,
                     .mlp = *made});
    }
  }
  return all;
}

TriedNetwork tried(const Contestant& contestant, const Picture& picture, const ScoreSettings& settings,
                   const ProgressListener& listener) {
  const Subject subject = subject_of(contestant.mlp);
  const Picture drawn = draw(Plan(subject.network), subject.weights, {picture.width, picture.height});
  TriedNetwork result{.name = contestant.name,
                      .role = contestant.role,
                      .group = contestant.group,
                      .fracture = contestant.fracture,
                      .loss = {},
                      .score = score(subject, settings, listener)};
  const double error = mean_squared_error(drawn, picture);
  const bool same_picture = contestant.role != Role::original && contestant.role != Role::twin;
  if (same_picture && std::isfinite(error)) result.loss = error;
  result.blank = is_constant(drawn);
  result.weights = static_cast<std::size_t>(
      std::ranges::count_if(contestant.mlp.weights, [](float w) { return w != 0.0f; }));
  return result;
}

}  // namespace skein::experiments
