#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "experiments/cli/command_table.hpp"
#include "experiments/cli/training_flags.hpp"
#include "experiments/figures/feature_figure.hpp"
#include "experiments/figures/figure_file.hpp"
#include "experiments/runs/net.hpp"
#include "experiments/runs/option_uses.hpp"
#include "experiments/runs/pruning_job.hpp"
#include "experiments/runs/run_folder.hpp"
#include "experiments/runs/training_job.hpp"
#include "lib/base/file.hpp"
#include "lib/files/framed_file.hpp"
#include "lib/picture/image.hpp"
#include "sgd/mlp/mlp_file.hpp"
#include "sgd/prune/methods.hpp"

namespace skein::experiments {
namespace {

struct PruneArguments {
  std::string net, target, out, run, method = "sp", keep, like, scope = "both", taylor = "first";
  int size = 0, rounds = 0;
  double similarity = 0.98, cut = 0.2;
  std::size_t loss_window = 100;
  TrainingOptions training;
  OptionUses uses;
};

/// "sp, wanda": the methods that use an option, as the one table of methods says.
std::string methods_that_take(std::string_view option) {
  std::string names;
  for (const sgd::PruneMethod& method : sgd::prune_methods())
    if (method.takes(option)) names += (names.empty() ? "" : ", ") + std::string(method.name);
  return names;
}

PruningJob job_of(const PruneArguments& options, const Picture& target, std::uint64_t seed) {
  PruningJob job;
  job.method = options.method;
  job.training = options.training.settings(seed);
  sgd::PruneRequest& request = job.request;
  request.mlp = as_mlp(load_drawing_net(options.net));
  request.target = target;
  request.rounds = options.rounds;
  request.similarity.similarity = options.similarity;
  request.similarity.scope = sgd::parse_scope(options.scope);
  request.taylor = sgd::parse_taylor(options.taylor);
  request.lottery = {options.cut, options.training.rewind_step};
  request.seed = seed;
  if (!options.like.empty()) request.like = as_mlp(load_drawing_net(options.like)).wiring;
  if (!options.keep.empty())
    request.count = sgd::keep_count(sgd::parse_keep(options.keep), request.mlp.wiring.weight_count());
  else if (!options.like.empty()) request.count = request.like.weight_count();
  job.validate();
  return job;
}

RunRequest request_of(const PruneArguments& options, const Picture& target, std::uint64_t seed) {
  RunRequest request{"prune", {{"net", options.net}, {"target", options.target}}, {}};
  auto& settings = request.settings;
  settings["method"] = options.method;
  settings["keep"] = options.keep;
  settings["like"] = options.like;
  settings["rounds"] = options.rounds;
  settings["size"] = std::max(target.width, target.height);
  settings["similarity"] = options.similarity;
  settings["scope"] = options.scope;
  settings["taylor"] = options.taylor;
  settings["cut"] = options.cut;
  settings["loss-window"] = options.loss_window;
  settings["seed"] = seed;
  options.training.add_to(settings);
  options.uses.strip(settings);
  if (options.rounds == 0) settings.erase("rounds");
  request.files = {"round_*", "network.mlp"};
  return request;
}

nlohmann::ordered_json json_of(const sgd::PruneRound& round) {
  return {{"round", round.round}, {"asked", round.asked}, {"nonzero", round.nonzero},
          {"units", round.units}, {"loss", round.loss},   {"best_loss", round.best_loss},
          {"steps", round.steps}};
}

nlohmann::ordered_json result_of(const PruneArguments& options, const sgd::Pruned& pruned,
                                 const std::optional<std::int64_t>& asked) {
  nlohmann::ordered_json json{{"method", options.method}, {"rounds", nlohmann::ordered_json::array()}};
  std::int64_t steps = 0;
  for (const auto& round : pruned.rounds) {
    json["rounds"].push_back(json_of(round));
    steps += round.steps;
  }
  if (asked) json["asked"] = *asked;
  json["nonzero"] = pruned.mlp.wiring.weight_count();
  json["units"] = sgd::liveness(pruned.mlp.wiring).units();
  json["loss"] = pruned.rounds.back().loss;
  json["best_loss"] = pruned.rounds.back().best_loss;
  json["steps"] = steps;
  json["out"] = options.out;
  return json;
}

/// Whether the file is what this run wrote: then the same command may find it there.
bool is_copy(const std::filesystem::path& file, const std::filesystem::path& network) {
  std::error_code error;
  return std::filesystem::is_regular_file(file, error) && std::filesystem::exists(network, error) &&
         read_file(file, largest_framed) == read_file(network, largest_framed);
}

/// A finished run is there: its network goes to --out, where it may be missing or have another name now.
nlohmann::ordered_json finished(const RunFolder& run, const std::string& out) {
  nlohmann::ordered_json result = *run.finished_result();
  if (!is_copy(out, run.file("network.mlp"))) sgd::write_mlp(out, sgd::read_mlp(run.file("network.mlp")));
  result["out"] = out;
  return result;
}

Outcome prune(const PruneArguments& options, const Session& session) {
  options.uses.check();
  const TargetPicture target = load_target(options.target, options.size);
  const PruningJob job = job_of(options, target.picture, session.seed());
  require_batch_fits(job.training, target.picture);
  const std::filesystem::path folder = options.run.empty() ? options.out + ".run" : options.run;
  if (!is_copy(options.out, folder / "network.mlp")) session.refuse_existing(options.out);
  const RunFolder run(folder, request_of(options, target.picture, session.seed()), session);
  if (run.finished_result()) {
    session.say(options.out + ": already done; --force does it again");
    return {finished(run, options.out), {}};
  }
  if (run.resumed()) session.say(run.path().string() + ": resuming");
  run.forget_after("round", 0);
  const Grid grid{target.picture.width, target.picture.height};
  const auto on_round = [&](const sgd::PruneRound& round, const sgd::Mlp& mlp) {
    run.record(json_of(round));
    char name[48];
    std::snprintf(name, sizeof name, "round_%02d_features.png", round.round);
    try_figure(session, run.file(name),
               [&] { write_figure(run.file(name), feature_figure(view_of(mlp), {.grid = grid})); });
    char line[160];
    std::snprintf(line, sizeof line, "round %d: %lld weights, %d units, loss %.3g", round.round,
                  static_cast<long long>(round.nonzero), round.units, round.loss);
    session.say(line);
  };
  const auto pruned =
      run_pruning(job, run.path(), book_in(run.path()), session.listener(), on_round, options.loss_window);
  if (!pruned) throw Interrupted("stopped; the same command resumes " + run.path().string());
  sgd::write_mlp(run.file("network.mlp"), pruned->mlp);
  sgd::write_mlp(options.out, pruned->mlp);
  if (is_constant(draw(Plan(sgd::lower(pruned->mlp.wiring).network), pruned->mlp.weights, grid)))
    session.say("the pruned network draws one colour: what was left reaches no output that shows");
  const auto result = result_of(options, *pruned, job.request.count);
  run.keep_result(result);
  run.finish();
  return {result, {}};
}

}  // namespace

Command prune_command() {
  return {
      "prune", std::string(group_make), "find a wiring: cut weights, retraining in between",
      "skein train @face --out runs/face --steps 500 --size 64\n"
      "skein prune runs/face --target @face --out face.mlp --method sp --keep 600 --steps 500 --size 64",
      [](CLI::App& app) -> RunCommand {
        const auto o = std::make_shared<PruneArguments>();
        o->training.steps = 15'000;
        app.add_option("MLP,--net", o->net, "the network to prune")->required();
        app.add_option("--target", o->target, "a network or @name to draw, or a PNG or JPEG")->required();
        app.add_option("--out", o->out, "the MLP file")->required();
        app.add_option("--out-run", o->run, "folder of the run, with every round (default: OUT.run)");
        app.add_option("--method", o->method,
                       "sp (default), magnitude, lottery, wanda, llm-pruner, random; random-layers and "
                       "shuffle match --like");
        app.add_option("--keep", o->keep, "weights to leave: a count, or a fraction with a decimal point");
        app.add_option("--like", o->like, "the network whose counts or degrees a control matches");
        app.add_option(
               "--rounds", o->rounds,
               "of cutting and retraining (default for sp: so many that each keeps 0.7, for others 1)")
            ->check(CLI::Range(1, 1000));
        app.add_option("--size", o->size, "longer side (default: a picture's own, 256 for a network)")
            ->check(CLI::Range(1, largest_image_side));
        app.add_option("--similarity", o->similarity, "sp: cosine from which units merge (default 0.98)");
        app.add_option("--scope", o->scope, "sp: units, edges or both (default)");
        app.add_option("--taylor", o->taylor, "llm-pruner: first (default), second or mixed");
        app.add_option("--cut", o->cut, "lottery: part that each round removes (default 0.2)");
        app.add_option("--loss-window", o->loss_window, "steps that `loss` is the mean of (default 100)")
            ->check(CLI::Range(std::size_t{1}, std::size_t{1} << 30));
        add_training_options(app, o->training, &o->uses);
        for (const char* option : {"rounds", "similarity", "scope", "taylor", "cut", "rewind-step", "like"})
          o->uses.only(app.get_option(std::string("--") + option),
                       "with --method " + methods_that_take(option),
                       [&given = *o, option] { return sgd::prune_method(given.method).takes(option); });
        return [o](const Session& session) { return prune(*o, session); };
      }};
}

}  // namespace skein::experiments
