#include "experiments/fit/prune_arguments.hpp"

#include <CLI/CLI.hpp>
#include <string_view>

#include "experiments/fit/training_flags.hpp"
#include "lib/picture/image.hpp"
#include "sgd/prune/methods.hpp"

namespace skein::experiments {
namespace {

/// "sp, wanda": the methods that are so.
template <class Is>
std::string methods_that(Is is) {
  std::string names;
  for (const sgd::PruneMethod& method : sgd::prune_methods())
    if (is(method)) names += (names.empty() ? "" : ", ") + std::string(method.name);
  return names;
}

std::string methods_that_take(std::string_view option) {
  return methods_that([option](const sgd::PruneMethod& method) { return method.takes(option); });
}

}  // namespace

void add_prune_arguments(CLI::App& app, PruneArguments& arguments) {
  std::vector<std::string> methods;
  for (const sgd::PruneMethod& method : sgd::prune_methods()) methods.emplace_back(method.name);
  with_choices(app.add_option(
                   "--method", arguments.method,
                   methods_that([](const sgd::PruneMethod& method) { return !method.is_control(); }) +
                       " (the first is the default); by the wiring of --like: " + methods_that_take("like")),
               methods);
  app.add_option("--keep", arguments.keep, "weights to leave: a count, or a fraction with a decimal point");
  app.add_option("--like", arguments.like,
                 "the network whose counts or degrees a control matches, or whose wiring is kept");
  app.add_option("--rounds", arguments.rounds,
                 "of cutting and retraining (default for sp: so many that each keeps 0.7, for others 1)")
      ->check(CLI::Range(1, 1000));
  app.add_option("--size", arguments.size, "longer side (default: a picture's own, 256 for a network)")
      ->check(CLI::Range(1, largest_image_side));
  app.add_option("--similarity", arguments.similarity, "sp: cosine from which units merge (default 0.98)");
  with_choices(app.add_option("--scope", arguments.scope, "sp: units, edges or both (default)"),
               {"units", "edges", "both"});
  with_choices(app.add_option("--taylor", arguments.taylor, "llm-pruner: first (default), second or mixed"),
               {"first", "second", "mixed"});
  app.add_option("--cut", arguments.cut, "lottery: part that each round removes (default 0.2)");
  app.add_option("--loss-window", arguments.loss_window, "steps that `loss` is the mean of (default 100)")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1} << 30));
  add_training_options(app, arguments.training, &arguments.uses);
  for (const char* option : {"rounds", "similarity", "scope", "taylor", "cut", "rewind-step", "like"})
    arguments.uses.only(app.get_option(std::string("--") + option),
                        "with --method " + methods_that_take(option),
                        [&arguments, option] { return sgd::prune_method(arguments.method).takes(option); });
}

PruningJob pruning_job(const PruneArguments& arguments, sgd::Mlp mlp, sgd::Examples target,
                       const sgd::Wiring* like, std::uint64_t seed) {
  PruningJob job;
  job.method = arguments.method;
  job.training = arguments.training.settings(seed);
  sgd::PruneRequest& request = job.request;
  request.mlp = std::move(mlp);
  request.target = std::move(target);
  request.rounds = arguments.rounds;
  request.similarity.similarity = arguments.similarity;
  request.similarity.scope = sgd::parse_scope(arguments.scope);
  request.taylor = sgd::parse_taylor(arguments.taylor);
  request.lottery = {arguments.cut, arguments.training.rewind_step};
  request.seed = seed;
  if (like != nullptr) request.like = *like;
  if (!arguments.keep.empty())
    request.count = sgd::keep_count(sgd::parse_keep(arguments.keep), request.mlp.wiring.weight_count());
  else if (like != nullptr) request.count = request.like.weight_count();
  job.validate();
  return job;
}

nlohmann::ordered_json to_json(const sgd::PruneRound& round) {
  return {{"round", round.round}, {"asked", round.asked}, {"nonzero", round.nonzero},
          {"units", round.units}, {"loss", round.loss},   {"best_loss", round.best_loss},
          {"steps", round.steps}};
}

nlohmann::ordered_json to_json(const sgd::Pruned& pruned, const PruningJob& job) {
  nlohmann::ordered_json json{{"method", job.method}, {"rounds", nlohmann::ordered_json::array()}};
  std::int64_t steps = 0;
  for (const auto& round : pruned.rounds) {
    json["rounds"].push_back(to_json(round));
    steps += round.steps;
  }
  if (job.request.count) json["asked"] = *job.request.count;
  json["nonzero"] = pruned.mlp.wiring.weight_count();
  json["units"] = sgd::liveness(pruned.mlp.wiring).units();
  json["loss"] = pruned.rounds.back().loss;
  json["best_loss"] = pruned.rounds.back().best_loss;
  json["steps"] = steps;
  return json;
}

}  // namespace skein::experiments
