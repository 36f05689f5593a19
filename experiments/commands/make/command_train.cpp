#include <CLI/CLI.hpp>
#include <memory>
#include <optional>

#include "experiments/cli/command_table.hpp"
#include "experiments/drawing/figure_file.hpp"
#include "experiments/figures/feature_figure.hpp"
#include "experiments/figures/wiring_figure.hpp"
#include "experiments/fit/train_arguments.hpp"
#include "experiments/jobs/recursion_training.hpp"
#include "experiments/jobs/training_job.hpp"
#include "experiments/nets/load_net.hpp"
#include "experiments/nets/net.hpp"
#include "experiments/nets/target_picture.hpp"
#include "experiments/report/report.hpp"
#include "experiments/runs/run_folder.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/picture/image.hpp"
#include "sgd/mlp/mlp_file.hpp"
#include "sgd/recursion/recursion_file.hpp"

namespace skein::experiments {
namespace {

struct TrainCommand {
  std::string target, out;
  std::int64_t checkpoint_every = 1000;
  TrainArguments fit;
};

RunRequest request_of(const TrainCommand& options, const TargetPicture& target, const sgd::Mlp& mlp,
                      std::uint64_t seed) {
  RunRequest request{"train", {{"target", options.target}}, {}};
  auto& settings = request.settings;
  if (options.fit.wiring.empty()) settings["arch"] = sgd::architecture_of(mlp.wiring).text();
  else settings["wiring"] = options.fit.wiring;
  settings["init"] = options.fit.init;
  settings["init-scale"] = options.fit.initial_scale;
  settings["copies"] = options.fit.copies;
  settings["size"] = std::max(target.picture.width, target.picture.height);
  settings["checkpoint-every"] = options.checkpoint_every;
  settings["seed"] = seed;
  options.fit.training.add_to(settings);
  options.fit.uses.strip(settings);
  request.files = {"loss.csv", "target.png", "picture.png", "features.png", "wiring.svg", "network.mlp"};
  return request;
}

void write_figures(const RunFolder& run, const sgd::Mlp& mlp, const Picture& target, const Session& session) {
  const Net net = net_of(mlp, "trained", NetSource::run);
  const Grid grid{target.width, target.height};
  const auto figure = [&](const char* name, const auto& write) {
    try_figure(session, run.file(name), [&] { write(run.file(name)); });
  };
  figure("target.png", [&](const auto& file) { write_png(file, to_image(target)); });
  figure("picture.png",
         [&](const auto& file) { write_png(file, to_image(draw(Plan(net.network), net.weights, grid))); });
  figure("features.png",
         [&](const auto& file) { write_figure(file, feature_figure(view_of(mlp), {.grid = grid})); });
  figure("wiring.svg", [&](const auto& file) { write_figure(file, wiring_figure(view_of(mlp))); });
}

/// A listener that also keeps some 500 losses on disk.
ProgressListener recording(const RunFolder& run, const sgd::TrainSettings& settings,
                           const ProgressListener& next) {
  const std::int64_t often =
      settings.report_every * std::max<std::int64_t>(1, settings.steps / 500 / settings.report_every);
  return [&run, next, often](const Progress& progress) {
    if (progress.done % often != 0) return next(progress);
    nlohmann::ordered_json line{{"step", progress.done}};
    for (const auto& [name, value] : progress.values) line[name] = value;
    run.record(line);
    return next(progress);
  };
}

/// A recursion instead of layers: `--arch rec:4(6;relu:12)`.
Outcome train_recursion(const TrainCommand& options, const Session& session) {
  const TargetPicture target = load_target(options.target, options.fit.size);
  RecursionJob job{.recursion = sgd::parse_recursion(options.fit.arch),
                   .start = {},
                   .stages = {},
                   .settings = options.fit.training.settings(session.seed())};
  job.stages.push_back({job.recursion.rounds, target.picture});
  job.start =
      sgd::initial_weights(job.recursion, picture_signature(), session.seed(), options.fit.initial_scale);
  job.validate();
  RunRequest request{"train", {{"target", options.target}}, {}};
  request.settings["arch"] = job.recursion.text();
  request.settings["init-scale"] = options.fit.initial_scale;
  request.settings["size"] = std::max(target.picture.width, target.picture.height);
  request.settings["checkpoint-every"] = options.checkpoint_every;
  request.settings["seed"] = session.seed();
  options.fit.training.add_to(request.settings);
  options.fit.uses.strip(request.settings);
  request.files = {"loss.csv", "target.png", "picture.png", "network.recursion", "training.checkpoint"};
  const RunFolder run(options.out, request, session);
  if (const auto& done = run.done_before(session)) return {*done, {}};
  const auto checkpoint = run.file("training.checkpoint");
  const auto trained = run_recursion_training(job, {.file = checkpoint, .every = options.checkpoint_every},
                                              session.listener());
  if (!trained) throw Interrupted("stopped; the same command resumes " + options.out);
  sgd::write_recursion(run.file("network.recursion"), trained->net);
  write_file(run.file("loss.csv"), loss_curve_csv(trained->losses));
  const auto parameters = sgd::parameter_count(job.recursion, picture_signature());
  const nlohmann::ordered_json result{
      {"loss", trained->loss},
      {"best_loss", trained->best_loss},
      {"psnr", psnr(trained->best_loss)},
      {"steps", job.settings.steps},
      {"seconds", trained->seconds},
      {"steps_per_second",
       trained->seconds > 0 ? static_cast<double>(trained->steps_now) / trained->seconds : 0.0},
      {"nonzero", std::ranges::count_if(trained->net.weights, [](float w) { return w != 0.0f; }) - 1},
      {"weights", parameters},
      {"arch", job.recursion.text()},
      {"out", options.out}};
  run.keep_result(result);
  const Net net = net_of(trained->net, "trained", NetSource::run);
  const Grid grid{target.picture.width, target.picture.height};
  try_figure(session, run.file("target.png"),
             [&] { write_png(run.file("target.png"), to_image(target.picture)); });
  try_figure(session, run.file("picture.png"), [&] {
    write_png(run.file("picture.png"), to_image(draw(Plan(net.network), net.weights, grid)));
  });
  std::filesystem::remove(checkpoint);
  run.finish();
  return {result, {}};
}

Outcome train(const TrainCommand& options, const Session& session) {
  options.fit.uses.check();
  if (sgd::is_recursion(options.fit.arch)) {
    if (options.fit.init == "keep")
      throw ConfigError("--init keep needs a --wiring; a recursion starts from random weights");
    return train_recursion(options, session);
  }
  const TargetPicture target = load_target(options.target, options.fit.size);
  std::optional<Net> wiring;
  if (!options.fit.wiring.empty()) wiring = load_drawing_net(options.fit.wiring);
  const sgd::Mlp mlp = wiring_to_fit(options.fit, wiring ? &*wiring : nullptr,
                                     target.net ? &*target.net : nullptr, picture_signature());
  TrainingJob job = training_job(options.fit, mlp, session.seed());
  job.settings.validate();
  require_batch_fits(job.settings, target.picture);
  const RunFolder run(options.out, request_of(options, target, mlp, session.seed()), session);
  if (const auto& done = run.done_before(session)) return {*done, {}};
  const CheckpointPlan checkpoints{run.file("checkpoint"), options.checkpoint_every, true};
  if (run.resumed()) session.say(options.out + ": resuming");
  run.forget_after("step", checkpointed_step(checkpoints.file));
  const auto trained =
      run_training(job, target.picture, checkpoints, recording(run, job.settings, session.listener()));
  if (!trained) throw Interrupted("stopped; the same command resumes " + options.out);
  sgd::write_mlp(run.file("network.mlp"), trained->mlp);
  write_file(run.file("loss.csv"), loss_curve_csv(trained->losses));
  nlohmann::ordered_json result = to_json(*trained);
  result["out"] = options.out;
  run.keep_result(result);
  write_figures(run, trained->mlp, target.picture, session);
  try_figure(session, run.file("report.html"), [&] { write_report({options.out}, run.file("report.html")); });
  run.finish();
  return {result, {}};
}

}  // namespace

Command train_command() {
  return {"train", std::string(group_make), "fit the weights of an architecture or wiring to a target",
          "skein train @face --out runs/face --steps 500 --size 64", [](CLI::App& app) -> RunCommand {
            const auto o = std::make_shared<TrainCommand>();
            app.add_option("TARGET,--target", o->target, "a network or @name to draw, or a PNG or JPEG")
                ->required();
            app.add_option("--out", o->out, "folder of the run")->required();
            app.add_option("--checkpoint-every", o->checkpoint_every, "steps (default 1000)")
                ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 40));
            add_train_arguments(app, o->fit);
            return [o](const Session& session) { return train(*o, session); };
          }};
}

}  // namespace skein::experiments
