#include "experiments/runs/pruning_job.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "experiments/runs/training_job.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "sgd/mlp/matrices.hpp"
#include "sgd/mlp/mlp_file.hpp"
#include "sgd/prune/mask_null.hpp"
#include "sgd/prune/prune_magnitude.hpp"
#include "sgd/prune/prune_random.hpp"
#include "sgd/prune/prune_wanda.hpp"

namespace skein::experiments {
namespace {

constexpr std::array<std::string_view, 8> methods{"sp",         "magnitude", "lottery",       "wanda",
                                                  "llm-pruner", "random",    "random-layers", "shuffle"};

/// Ends a pruning from inside its retraining when the listener asks to stop.
struct Stopped {};

double mean_of_last(const std::vector<float>& losses, std::size_t window) {
  double sum = 0;
  const std::size_t count = std::min(window, losses.size());
  for (std::size_t i = losses.size() - count; i < losses.size(); ++i) sum += static_cast<double>(losses[i]);
  return count == 0 ? 0 : sum / static_cast<double>(count);
}

std::string round_name(int round) {
  char text[32];
  std::snprintf(text, sizeof text, "round_%02d", round);
  return text;
}

/// Loss and best loss of a round, beside its network; doubles as their bits, so that a resumed run says the
/// same.
constexpr std::string_view record_suffix = ".json";

/// The retraining that is handed to the pruning: from disk where a round is done, else trained and kept.
class Retrainer {
 public:
  Retrainer(const PruningJob& job, const Picture& target, std::filesystem::path folder,
            const ProgressListener& listener, std::size_t window)
      : job_(job), target_(target), folder_(std::move(folder)), listener_(listener), window_(window) {}

  sgd::Trained operator()(const sgd::Retraining& request) const {
    const auto base = folder_ / round_name(request.round);
    const auto network = std::filesystem::path(base.string() + ".mlp");
    const auto record = std::filesystem::path(base.string() + std::string(record_suffix));
    if (std::filesystem::exists(network) && std::filesystem::exists(record)) return stored(network, record);
    const auto steps = steps_of_rounds(job_.training.steps, request.rounds, job_.method == "lottery");
    const std::int64_t own = steps[static_cast<std::size_t>(request.round - 1)];
    if (own == 0) {
      sgd::Problem problem = sgd::picture_problem(request.mlp.wiring, target_);
      const double loss = Loss(Plan(problem.network), problem.samples, target_).value(request.mlp.weights);
      return keep({request.mlp, loss, loss, 0}, network, record);
    }
    TrainingJob training{request.mlp.wiring, request.mlp.weights, false, job_.training, {}};
    training.settings.steps = request.first_step + own;
    training.settings.rewind_step = 0;
    if (request.first_step > 0) {
      training.from.emplace();
      training.from->step = request.first_step;
      training.from->weights = training.from->initial = training.from->best = request.mlp.weights;
      training.from->optimizer = request.optimizer;
    }
    const CheckpointPlan checkpoints{std::filesystem::path(base.string() + ".checkpoint"), 1000};
    const auto trained = run_training(training, target_, checkpoints, listener_);
    if (!trained) throw Stopped{};
    write_file(std::filesystem::path(base.string() + ".csv"), loss_curve_csv(trained->losses));
    sgd::Trained result{trained->mlp, mean_of_last(trained->losses, window_), trained->best_loss, own};
    // Where this retraining began is not where the network's training did.
    result.mlp.initial = request.mlp.initial;
    result.mlp.rewind = request.mlp.rewind;
    result.mlp.rewind_step = request.mlp.rewind_step;
    result = keep(std::move(result), network, record);
    std::filesystem::remove(checkpoints.file);
    return result;
  }

 private:
  static sgd::Trained keep(sgd::Trained trained, const std::filesystem::path& network,
                           const std::filesystem::path& record) {
    sgd::write_mlp(network, trained.mlp);
    const nlohmann::json json{
        {"loss", trained.loss}, {"best_loss", trained.best_loss}, {"steps", trained.steps}};
    write_file(record, json.dump());
    return trained;
  }

  static sgd::Trained stored(const std::filesystem::path& network, const std::filesystem::path& record) {
    try {
      const auto json = nlohmann::json::parse(read_file(record));
      return {sgd::read_mlp(network), json.at("loss"), json.at("best_loss"), json.at("steps")};
    } catch (const nlohmann::json::exception&) {
      throw FormatError(record.string() + ": is not the record of a round");
    }
  }

  const PruningJob& job_;
  const Picture& target_;
  std::filesystem::path folder_;
  const ProgressListener& listener_;
  std::size_t window_;
};

/// The wanted wiring with the weights that the network has in its places.
sgd::Mlp with_wiring(const sgd::Mlp& mlp, const sgd::Wiring& wiring) {
  sgd::Mlp result;
  result.wiring = wiring;
  result.wiring.hidden = mlp.wiring.hidden;
  result.weights = sgd::weights_of(result.wiring, sgd::matrices_of(mlp.wiring, mlp.weights));
  return result;
}

/// A random mask with the counts of `like` that reaches every output that `like` reaches: where a draw does
/// not, the next is tried, up to a thousand times; then the first is given.
sgd::KeepMask connected_random_layers(const PruningJob& job, const sgd::Mlp& mlp) {
  constexpr std::uint64_t draws = 1000, apart = std::uint64_t{1} << 32;  // seeds of draws do not meet
  const auto counts = sgd::layer_counts(job.like);
  const auto first = sgd::keep_random_per_layer(mlp.wiring, counts, job.seed);
  const auto wanted = sgd::liveness(job.like).outputs;
  const auto reaches = [&](const sgd::KeepMask& mask) {
    const auto outputs = sgd::liveness(sgd::restrict_to(mlp, mask).wiring).outputs;
    return std::ranges::equal(outputs, wanted, std::greater_equal<>{});
  };
  sgd::KeepMask mask = first;
  for (std::uint64_t draw = 1; draw < draws; ++draw) {
    if (reaches(mask)) return mask;
    mask = sgd::keep_random_per_layer(mlp.wiring, counts, job.seed + draw * apart);
  }
  return first;
}

sgd::KeepMask choose(const PruningJob& job, const Picture& target, const sgd::Mlp& mlp, std::int64_t count,
                     int round) {
  const Grid grid{target.width, target.height};
  if (job.method == "magnitude") return sgd::keep_largest(mlp.weights, count);
  if (job.method == "wanda") return sgd::keep_wanda(mlp, grid, count);
  if (job.method == "llm-pruner")
    return sgd::keep_groups(
        mlp, sgd::taylor_saliency(mlp.weights, sgd::gradient_moments(mlp, target), job.taylor), count);
  if (job.method == "random-layers") return connected_random_layers(job, mlp);
  return sgd::keep_random(mlp.wiring, count, job.seed + static_cast<std::uint64_t>(round));
}

/// The snapshot that the network keeps of step k. Deviation from Frankle, Dziugaite, Roy and Carbin 2020: an
/// MLP keeps weights alone, so what the optimiser remembers begins anew there.
sgd::RewindPoint rewind_point(const PruningJob& job, const Picture& target) {
  if (job.lottery.rewind_step == 0) return {};
  const sgd::Problem problem = sgd::picture_problem(job.mlp.wiring, target);
  return {job.mlp.rewind,
          sgd::Optimizer(job.training.optimizer, job.mlp.weights.size(), problem.layout).start()};
}

sgd::Pruned pruned(const PruningJob& job, const Picture& target, const Retrainer& retrain,
                   const sgd::OnRound& on_round) {
  if (job.method == "sp") {
    sgd::SimilaritySettings settings = job.similarity;
    if (job.rounds > 0) settings.rounds = settings.most_rounds = job.rounds;
    return sgd::prune_similarity(job.mlp, Grid{target.width, target.height}, job.count, settings, retrain,
                                 on_round);
  }
  if (job.method == "lottery")
    return sgd::prune_lottery(job.mlp, *job.count, job.lottery, rewind_point(job, target), retrain, on_round);
  if (job.method == "shuffle") {
    const sgd::Mlp shuffled = with_wiring(job.mlp, sgd::shuffle_degrees(job.like, job.seed));
    sgd::require_outputs(shuffled.wiring, job.method);
    sgd::Trained trained = retrain({shuffled, 1, 1, 0, {}});
    sgd::Pruned result{trained.mlp, {sgd::round_record(1, *job.count, trained)}};
    if (on_round) on_round(result.rounds.back(), result.mlp);
    return result;
  }
  return sgd::prune_in_rounds(
      job.mlp, *job.count, std::max(1, job.rounds), job.method,
      [&](const sgd::Mlp& mlp, std::int64_t count, int round) {
        return choose(job, target, mlp, count, round);
      },
      retrain, on_round);
}

}  // namespace

std::span<const std::string_view> pruning_methods() { return methods; }

void PruningJob::validate() const {
  if (std::ranges::find(methods, method) == methods.end())
    throw ConfigError("method \"" + method +
                      "\" is unknown; there are sp, magnitude, lottery, wanda, llm-pruner, random, "
                      "random-layers, shuffle");
  sgd::validate(mlp);
  training.validate();
  similarity.validate();
  lottery.validate();
  if (rounds < 0 || rounds > 1000)
    throw ConfigError("rounds is " + std::to_string(rounds) + "; it must lie between 1 and 1000");
  if (!count && method != "sp") throw ConfigError(method + " needs to know how many weights to keep: --keep");
  if (count) sgd::keep_count(*count, mlp.wiring.weight_count());
  if (method == "lottery" && mlp.initial.empty())
    throw ConfigError(
        "the lottery ticket needs a network that carries its initial weights; this one does not");
  if (method == "lottery" && lottery.rewind_step > 0 &&
      (mlp.rewind.empty() || mlp.rewind_step != lottery.rewind_step))
    throw ConfigError("the network keeps " +
                      (mlp.rewind.empty() ? std::string("no snapshot")
                                          : "a snapshot of step " + std::to_string(mlp.rewind_step)) +
                      ", rewinding is asked for to step " + std::to_string(lottery.rewind_step) +
                      "; train with --rewind-step " + std::to_string(lottery.rewind_step));
  if (method == "random-layers" || method == "shuffle") {
    if (like.masks.empty()) throw ConfigError(method + " needs the wiring that it is to match: --like");
    if (like.weight_count() != *count)
      throw ConfigError(method + " keeps as many weights as the wiring it matches, " +
                        std::to_string(like.weight_count()) + ", not " + std::to_string(*count));
  }
}

std::vector<std::int64_t> steps_of_rounds(std::int64_t total, int rounds, bool evenly) {
  const std::int64_t others = rounds == 1 ? 0 : evenly ? total / rounds : total / 2 / (rounds - 1);
  std::vector<std::int64_t> steps(static_cast<std::size_t>(rounds), others);
  steps.back() = total - others * (rounds - 1);
  return steps;
}

std::optional<sgd::Pruned> run_pruning(const PruningJob& job, const Picture& target,
                                       const std::filesystem::path& folder, const ProgressListener& listener,
                                       const sgd::OnRound& on_round, std::size_t loss_window) {
  job.validate();
  try {
    return pruned(job, target, Retrainer(job, target, folder, listener, loss_window), on_round);
  } catch (const Stopped&) {
    return std::nullopt;
  }
}

}  // namespace skein::experiments
