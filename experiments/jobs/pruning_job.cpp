#include "experiments/jobs/pruning_job.hpp"

#include <algorithm>
#include <cstdio>

#include "experiments/jobs/training_job.hpp"
#include "experiments/records/digest.hpp"
#include "experiments/records/json_file.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "sgd/mlp/mlp_file.hpp"

namespace skein::experiments {
namespace {

namespace fs = std::filesystem;

/// Ends a pruning from inside its retraining when the listener asks to stop.
struct PruningStopped {};

std::string round_name(int round) {
  char text[32];
  std::snprintf(text, sizeof text, "round_%02d", round);
  return text;
}

/// The retraining that is handed to the pruning: from disk where a round is done, else trained and kept.
class Retrainer {
 public:
  Retrainer(const PruningJob& job, fs::path folder, RoundBook& book, const ProgressListener& listener,
            std::size_t window)
      : job_(job), folder_(std::move(folder)), book_(book), listener_(listener), window_(window) {}

  sgd::Trained operator()(const sgd::Retraining& request) const {
    const fs::path base = folder_ / round_name(request.round);
    if (auto stored = find(request.round)) return *stored;
    const auto steps =
        steps_of_rounds(job_.training.steps, request.rounds, sgd::prune_method(job_.method).shares_evenly);
    const std::int64_t own = steps[static_cast<std::size_t>(request.round - 1)];
    if (own == 0) {
      sgd::Problem problem = sgd::problem_on(request.mlp.wiring, job_.request.target);
      const double loss =
          Loss(Plan(problem.network), problem.samples, problem.target).value(request.mlp.weights);
      return keep(request.round, {request.mlp, loss, loss, 0});
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
    if (request.round == request.rounds) training.bar = job_.bar;
    const CheckpointPlan checkpoints{.file = fs::path(base.string() + ".checkpoint"),
                                     .may_write = book_.may_write,
                                     .pass_over_foreign = true};
    const auto trained = run_training(training, job_.request.target, checkpoints, listener_);
    if (!trained) throw PruningStopped{};
    require_right_to_write();
    write_file(fs::path(base.string() + ".csv"), loss_curve_csv(trained->losses));
    sgd::Trained result{trained->mlp, trained->told_loss(window_), trained->best_loss,
                        trained->steps - request.first_step};
    // Where this retraining began is not where the network's training did.
    result.mlp.initial = request.mlp.initial;
    result.mlp.rewind = request.mlp.rewind;
    result.mlp.rewind_step = request.mlp.rewind_step;
    result = keep(request.round, std::move(result));
    fs::remove(checkpoints.file);
    return result;
  }

 private:
  void require_right_to_write() const {
    if (book_.may_write && !book_.may_write()) throw PruningStopped{};
  }

  fs::path network_of(int round) const { return folder_ / (round_name(round) + ".mlp"); }

  sgd::Trained keep(int round, sgd::Trained trained) const {
    require_right_to_write();
    const std::string bytes = sgd::encode_mlp(trained.mlp);
    write_file(network_of(round), bytes);
    std::erase_if(book_.rounds, [&](const RoundRecord& record) { return record.round >= round; });
    book_.rounds.push_back({round, trained.loss, trained.best_loss, trained.steps, digest_of(bytes)});
    require_right_to_write();
    book_.write(book_.rounds);
    return trained;
  }

  /// A finished round; nothing when the book has none, or its network is not the one that the book names.
  std::optional<sgd::Trained> find(int round) const {
    const auto record = std::ranges::find(book_.rounds, round, &RoundRecord::round);
    const fs::path file = network_of(round);
    if (record == book_.rounds.end()) return std::nullopt;
    const auto bytes = bytes_of_digest(file, record->digest);
    if (!bytes) return std::nullopt;
    return sgd::Trained{sgd::decode_mlp(*bytes, file.string()), record->loss, record->best_loss,
                        record->steps};
  }

  const PruningJob& job_;
  fs::path folder_;
  RoundBook& book_;
  const ProgressListener& listener_;
  std::size_t window_;
};

}  // namespace

void PruningJob::validate() const {
  const sgd::PruneMethod& known = sgd::prune_method(method);
  training.validate();
  sgd::validate(known, request);
}

std::vector<std::int64_t> steps_of_rounds(std::int64_t total, int rounds, bool evenly) {
  const std::int64_t others = rounds == 1 ? 0 : evenly ? total / rounds : total / 2 / (rounds - 1);
  std::vector<std::int64_t> steps(static_cast<std::size_t>(rounds), others);
  steps.back() = total - others * (rounds - 1);
  return steps;
}

nlohmann::ordered_json to_json(const RoundRecord& record) {
  return {{"round", record.round},
          {"loss", record.loss},
          {"best_loss", record.best_loss},
          {"steps", record.steps},
          {"network", record.digest}};
}

RoundRecord round_from_json(const nlohmann::ordered_json& json, const std::string& file) try {
  return {json.at("round").get<int>(), json.at("loss").get<double>(), json.at("best_loss").get<double>(),
          json.at("steps").get<std::int64_t>(), json.at("network").get<std::string>()};
} catch (const nlohmann::json::exception&) {
  throw FormatError(file + ": is not the record of a round");
}

RoundBook book_in(const fs::path& folder) {
  const fs::path file = folder / "rounds.json";
  RoundBook book;
  std::error_code ignored;
  if (fs::exists(file, ignored)) try {
      const auto json = read_json(file);
      if (json.is_object() && json.contains("rounds"))
        for (const auto& record : json["rounds"])
          book.rounds.push_back(round_from_json(record, file.string()));
    } catch (const FormatError&) {
      book.rounds.clear();
    }
  book.write = [file](const std::vector<RoundRecord>& rounds) {
    nlohmann::ordered_json json{
        {"format", "skein-rounds"}, {"version", 1}, {"rounds", nlohmann::ordered_json::array()}};
    for (const RoundRecord& record : rounds) json["rounds"].push_back(to_json(record));
    write_file(file, json.dump(1) + "\n");
  };
  return book;
}

std::optional<sgd::Pruned> run_pruning(const PruningJob& job, const fs::path& folder, RoundBook book,
                                       const ProgressListener& listener, const sgd::OnRound& on_round,
                                       std::size_t loss_window) {
  job.validate();
  sgd::PruneRequest request = job.request;
  request.optimizer = job.training.optimizer;
  try {
    return sgd::prune_method(job.method)
        .prune(request, Retrainer(job, folder, book, listener, loss_window), on_round);
  } catch (const PruningStopped&) {
    return std::nullopt;
  }
}

}  // namespace skein::experiments
