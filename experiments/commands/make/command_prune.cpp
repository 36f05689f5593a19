#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <optional>

#include "experiments/cli/command_table.hpp"
#include "experiments/drawing/figure_file.hpp"
#include "experiments/figures/feature_figure.hpp"
#include "experiments/fit/prune_arguments.hpp"
#include "experiments/jobs/training_job.hpp"
#include "experiments/nets/load_net.hpp"
#include "experiments/nets/net.hpp"
#include "experiments/nets/target_picture.hpp"
#include "experiments/runs/run_folder.hpp"
#include "lib/base/file.hpp"
#include "lib/files/framed_file.hpp"
#include "lib/picture/image.hpp"
#include "sgd/mlp/mlp_file.hpp"

namespace skein::experiments {
namespace {

struct PruneCommand {
  std::string net, target, out, run;
  PruneArguments cut;
};

RunRequest request_of(const PruneCommand& options, const Picture& target, std::uint64_t seed) {
  RunRequest request{"prune", {{"net", options.net}, {"target", options.target}}, {}};
  auto& settings = request.settings;
  settings["method"] = options.cut.method;
  settings["keep"] = options.cut.keep;
  settings["like"] = options.cut.like;
  settings["rounds"] = options.cut.rounds;
  settings["size"] = std::max(target.width, target.height);
  settings["similarity"] = options.cut.similarity;
  settings["scope"] = options.cut.scope;
  settings["taylor"] = options.cut.taylor;
  settings["cut"] = options.cut.cut;
  settings["loss-window"] = options.cut.loss_window;
  settings["seed"] = seed;
  options.cut.training.add_to(settings);
  options.cut.uses.strip(settings);
  if (options.cut.rounds == 0) settings.erase("rounds");
  request.files = {"round_*", "network.mlp"};
  return request;
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

Outcome prune(const PruneCommand& options, const Session& session) {
  options.cut.uses.check();
  const TargetPicture target = load_target(options.target, options.cut.size);
  std::optional<sgd::Wiring> like;
  if (!options.cut.like.empty()) like = as_mlp(load_drawing_net(options.cut.like)).wiring;
  const PruningJob job = pruning_job(options.cut, as_mlp(load_drawing_net(options.net)), target.picture,
                                     like ? &*like : nullptr, session.seed());
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
    run.record(to_json(round));
    char name[48];
    std::snprintf(name, sizeof name, "round_%02d_features.png", round.round);
    try_figure(session, run.file(name),
               [&] { write_figure(run.file(name), feature_figure(view_of(mlp), {.grid = grid})); });
    char line[160];
    std::snprintf(line, sizeof line, "round %d: %lld weights, %d units, loss %.3g", round.round,
                  static_cast<long long>(round.nonzero), round.units, round.loss);
    session.say(line);
  };
  const auto pruned = run_pruning(job, run.path(), book_in(run.path()), session.listener(), on_round,
                                  options.cut.loss_window);
  if (!pruned) throw Interrupted("stopped; the same command resumes " + run.path().string());
  sgd::write_mlp(run.file("network.mlp"), pruned->mlp);
  sgd::write_mlp(options.out, pruned->mlp);
  if (is_constant(draw(Plan(sgd::lower(pruned->mlp.wiring).network), pruned->mlp.weights, grid)))
    session.say("the pruned network draws one colour: what was left reaches no output that shows");
  nlohmann::ordered_json result = to_json(*pruned, job);
  result["out"] = options.out;
  run.keep_result(result);
  run.finish();
  return {result, {}};
}

}  // namespace

Command prune_command() {
  return {"prune", std::string(group_make), "find a wiring: cut weights, retraining in between",
          "skein train @face --out runs/face --steps 500 --size 64\n"
          "skein prune runs/face --target @face --out face.mlp --method sp --keep 600 --steps 500 --size 64",
          [](CLI::App& app) -> RunCommand {
            const auto o = std::make_shared<PruneCommand>();
            app.add_option("MLP,--net", o->net, "the network to prune")->required();
            app.add_option("--target", o->target, "a network or @name to draw, or a PNG or JPEG")->required();
            app.add_option("--out", o->out, "the MLP file")->required();
            app.add_option("--out-run", o->run, "folder of the run, with every round (default: OUT.run)");
            add_prune_arguments(app, o->cut);
            return [o](const Session& session) { return prune(*o, session); };
          }};
}

}  // namespace skein::experiments
