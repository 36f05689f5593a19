#include <CLI/CLI.hpp>
#include <memory>

#include "experiments/cli/command_table.hpp"
#include "experiments/cli/training_flags.hpp"
#include "experiments/figures/feature_figure.hpp"
#include "experiments/figures/figure_file.hpp"
#include "experiments/figures/wiring_figure.hpp"
#include "experiments/report/report.hpp"
#include "experiments/runs/net.hpp"
#include "experiments/runs/run_folder.hpp"
#include "experiments/runs/training_job.hpp"
#include "lib/base/file.hpp"
#include "lib/picture/image.hpp"
#include "sgd/mlp/initial_weights.hpp"
#include "sgd/mlp/mlp_file.hpp"

namespace skein::experiments {
namespace {

struct TrainArguments {
  std::string target, out, arch, wiring, init = "random", copies = "train";
  int size = 0;
  std::int64_t checkpoint_every = 1000;
  double initial_scale = 1;
  TrainingOptions training;
  OptionUses uses;
};

/// The wiring to fit: that of a network, dense in an architecture, or dense in the target's own.
sgd::Mlp wiring_to_fit(const TrainArguments& options, const TargetPicture& target) {
  if (!options.wiring.empty()) return as_mlp(load_drawing_net(options.wiring));
  sgd::Mlp mlp;
  const sgd::Architecture architecture = !options.arch.empty() ? sgd::parse_architecture(options.arch)
                                         : target.net ? sgd::architecture_of(as_mlp(*target.net).wiring)
                                                      : sgd::parse_architecture(default_architecture);
  mlp.wiring = sgd::dense_wiring(architecture, picture_signature());
  return mlp;
}

TrainingJob job_of(const TrainArguments& options, const sgd::Mlp& mlp, std::uint64_t seed) {
  TrainingJob job{mlp.wiring, mlp.weights, options.copies == "freeze", options.training.settings(seed)};
  if (options.init == "random")
    job.start = sgd::initial_weights(
        mlp.wiring, {.seed = seed, .scale = options.initial_scale, .copies_at_one = job.freeze_copies});
  return job;
}

RunRequest request_of(const TrainArguments& options, const TargetPicture& target, const sgd::Mlp& mlp,
                      std::uint64_t seed) {
  RunRequest request{"train", {{"target", options.target}}, {}};
  auto& settings = request.settings;
  if (options.wiring.empty()) settings["arch"] = sgd::architecture_of(mlp.wiring).text();
  else settings["wiring"] = options.wiring;
  settings["init"] = options.init;
  settings["init-scale"] = options.initial_scale;
  settings["copies"] = options.copies;
  settings["size"] = std::max(target.picture.width, target.picture.height);
  settings["checkpoint-every"] = options.checkpoint_every;
  settings["seed"] = seed;
  options.training.add_to(settings);
  options.uses.strip(settings);
  request.files = {"loss.csv", "target.png", "picture.png", "features.png", "wiring.svg", "network.mlp"};
  return request;
}

nlohmann::ordered_json result_of(const TrainedNetwork& trained, const std::string& out) {
  return {{"loss", trained.loss},
          {"best_loss", trained.best_loss},
          {"psnr", psnr(trained.best_loss)},
          {"steps", trained.steps},
          {"seconds", trained.seconds},
          {"steps_per_second",
           trained.seconds > 0 ? static_cast<double>(trained.steps_now) / trained.seconds : 0.0},
          {"nonzero", std::ranges::count_if(trained.mlp.weights, [](float w) { return w != 0.0f; })},
          {"weights", trained.mlp.weights.size()},
          {"out", out}};
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

Outcome train(const TrainArguments& options, const Session& session) {
  options.uses.check();
  const TargetPicture target = load_target(options.target, options.size);
  const sgd::Mlp mlp = wiring_to_fit(options, target);
  if (options.init == "keep" && mlp.weights.empty())
    throw ConfigError("--init keep needs a --wiring whose weights are to be kept");
  TrainingJob job = job_of(options, mlp, session.seed());
  job.settings.validate();
  require_batch_fits(job.settings, target.picture);
  const RunFolder run(options.out, request_of(options, target, mlp, session.seed()), session);
  if (run.finished_result()) {
    session.say(options.out + ": already done; --force does it again");
    return {*run.finished_result(), {}};
  }
  const CheckpointPlan checkpoints{run.file("checkpoint"), options.checkpoint_every, true};
  if (run.resumed()) session.say(options.out + ": resuming");
  run.forget_after("step", checkpointed_step(checkpoints.file));
  const auto trained =
      run_training(job, target.picture, checkpoints, recording(run, job.settings, session.listener()));
  if (!trained) throw Interrupted("stopped; the same command resumes " + options.out);
  sgd::write_mlp(run.file("network.mlp"), trained->mlp);
  write_file(run.file("loss.csv"), loss_curve_csv(trained->losses));
  const auto result = result_of(*trained, options.out);
  run.keep_result(result);
  write_figures(run, trained->mlp, target.picture, session);
  try_figure(session, run.file("report.html"), [&] { write_report({options.out}, run.file("report.html")); });
  run.finish();
  return {result, {}};
}

}  // namespace

Command train_command() {
  return {
      "train", std::string(group_make), "fit the weights of an architecture or wiring to a target",
      "skein train @face --out runs/face --steps 500 --size 64", [](CLI::App& app) -> RunCommand {
        const auto o = std::make_shared<TrainArguments>();
        app.add_option("TARGET,--target", o->target, "a network or @name to draw, or a PNG or JPEG")
            ->required();
        app.add_option("--out", o->out, "folder of the run")->required();
        const auto arch =
            app.add_option("--arch", o->arch, "\"12;cache:15,gaussian:4\": dense layers of these units");
        app.add_option("--wiring", o->wiring, "a network whose wiring is to be fitted")->excludes(arch);
        app.add_option("--init", o->init, "random (default) or keep the wiring's weights")
            ->check(CLI::IsMember({"random", "keep"}));
        o->uses.only(
            app.add_option("--init-scale", o->initial_scale, "times the LeCun-normal width (default 1)")
                ->check(CLI::PositiveNumber),
            "with --init random", [&given = *o] { return given.init == "random"; });
        o->uses.only(
            app.add_option("--copies", o->copies, "train (default) or freeze the wiring's weight-1 copies")
                ->check(CLI::IsMember({"train", "freeze"})),
            "with --wiring: dense layers have no copies", [&given = *o] { return !given.wiring.empty(); });
        app.add_option("--size", o->size, "longer side (default: a picture's own, 256 for a network)")
            ->check(CLI::Range(1, largest_image_side));
        app.add_option("--checkpoint-every", o->checkpoint_every, "steps (default 1000)")
            ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 40));
        add_training_options(app, o->training, &o->uses);
        return [o](const Session& session) { return train(*o, session); };
      }};
}

}  // namespace skein::experiments
