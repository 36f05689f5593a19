#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "experiments/cli/command_table.hpp"
#include "experiments/nets/load_net.hpp"
#include "experiments/nets/net.hpp"
#include "experiments/nets/net_description.hpp"
#include "experiments/runs/option_uses.hpp"
#include "sgd/mlp/mlp_file.hpp"
#include "sgd/twins/hide.hpp"

namespace skein::experiments {

namespace {

struct HideArguments {
  std::string net, out, architecture;
  sgd::HideSettings settings;
  std::vector<std::string> ways{"split", "cancel", "useless", "rotate", "flip", "permute"};
  OptionUses uses;
};

sgd::HideSettings settings_of(const HideArguments& options) {
  sgd::HideSettings settings = options.settings;
  const auto wants = [&](const char* way) {
    return std::find(options.ways.begin(), options.ways.end(), way) != options.ways.end();
  };
  settings.split = wants("split");
  settings.cancel = wants("cancel");
  settings.useless = wants("useless");
  settings.rotate = wants("rotate");
  settings.flip = wants("flip");
  settings.permute = wants("permute");
  if (!options.architecture.empty()) settings.architecture = sgd::parse_architecture(options.architecture);
  sgd::validate(settings);
  return settings;
}

Outcome run(const HideArguments& options, const Session& session) {
  options.uses.check();
  session.refuse_existing(options.out);
  const Net net = load_net(options.net);
  const Net hidden =
      net_of(sgd::hide(as_mlp(net), session.seed(), settings_of(options)), net.title, NetSource::mlp_file);
  sgd::write_mlp(options.out, *hidden.mlp);
  Outcome outcome{describe(hidden), {}};
  outcome.json["max_abs_difference"] = max_abs_difference(net, hidden);
  outcome.json["out"] = options.out;
  return outcome;
}

}  // namespace

Command hide_command() {
  return {
      "hide", std::string(group_convert),
      "the same picture from a wide network in which the wiring is hidden",
      "skein hide @face --out hidden.mlp --seed 1", [](CLI::App& app) -> RunCommand {
        const auto options = std::make_shared<HideArguments>();
        app.add_option("NET,--net", options->net, "genome or MLP to hide")->required();
        app.add_option("--out", options->out, "the MLP file")->required();
        app.add_option("--arch", options->architecture, "architecture to fill, \"12;cache:30,gaussian:8\"");
        options->uses.only(app.add_option("--widen", options->settings.widen,
                                          "without --arch: columns of each kind, as a factor")
                               ->capture_default_str(),
                           "without --arch", [&given = *options] { return given.architecture.empty(); });
        app.add_option("--ways", options->ways, "what to hide it by")
            ->delimiter(',')
            ->check(CLI::IsMember({"split", "cancel", "useless", "rotate", "flip", "permute"}))
            ->capture_default_str();
        app.add_flag("--sparse{false}", options->settings.dense, "only weights in use exist, instead of all");
        return [options](const Session& session) { return run(*options, session); };
      }};
}

}  // namespace skein::experiments
