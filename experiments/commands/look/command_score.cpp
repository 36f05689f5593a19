#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "experiments/cli/command_table.hpp"
#include "experiments/cli/score_options.hpp"
#include "experiments/judges/detector_judge.hpp"
#include "experiments/judges/pair_calibration.hpp"
#include "experiments/judges/vlm_judge.hpp"
#include "experiments/labels/label_agreement.hpp"
#include "experiments/measures/score_report.hpp"
#include "experiments/nets/load_net.hpp"
#include "experiments/nets/net_labels.hpp"
#include "experiments/nets/net_subject.hpp"
#include "experiments/nets/target_picture.hpp"
#include "experiments/parts/parts_target.hpp"
#include "experiments/runs/option_uses.hpp"

namespace skein::experiments {
namespace {

struct ScoreArguments {
  std::string net, target, labels, regions, judge = "structure", judge_url, judge_model;
  ScoreSettings settings;
  int unroll = 0;
  OptionUses uses;
};

nlohmann::ordered_json agreement_json(const LabelAgreement& agreement, const LabelAgreement& plain) {
  return {{"value", agreement.area},
          {"plain", plain.area},
          {"shuffled", agreement.shuffled},
          {"shuffled_spread", agreement.shuffled_spread},
          {"links", agreement.links},
          {"same_pairs", agreement.same},
          {"different_pairs", agreement.different},
          {"unit", "area under the curve"}};
}

/// The structure judge's opinions replaced by those of a model, which is tried on pictures of known state
/// first.
Outcome judged_by_model(const VlmSettings& vlm, Evidence evidence, const Session& session) {
  const VlmCalibration calibration = calibrate_vlm(vlm, session.listener());
  const JudgedSteps judged = judge_by_model(evidence, vlm, session.listener());
  const Score result = score(evidence);
  Outcome outcome{to_json(result), to_text(result)};
  outcome.json["judge"] = "vlm";
  outcome.json["judge_details"] = {{"model", vlm.chat.model},
                                   {"calibration_pictures", calibration.pictures},
                                   {"calibration_accuracy", calibration.accuracy},
                                   {"calibration_kappa", calibration.kappa},
                                   {"calibration_unanswered", calibration.unanswered},
                                   {"asked", judged.asked},
                                   {"refused", judged.refused},
                                   {"unclear", judged.unclear}};
  char line[240];
  std::snprintf(
      line, sizeof line,
      "judge vlm (%.60s): accuracy %.3f, kappa %.3f on %zu pictures of known state; asked about %zu "
      "steps, %zu refused, %zu unclear\n",
      vlm.chat.model.c_str(), calibration.accuracy, calibration.kappa, calibration.pictures, judged.asked,
      judged.refused, judged.unclear);
  outcome.text += line;
  if (calibration.kappa < least_kappa)
    session.say(
        "the model does not tell whole pictures from broken ones well (kappa below 0.4): its score "
        "says little");
  return outcome;
}

/// Opinions that are chances by small questions, with the fit that `skein judges --judge vlm` has left.
Outcome judged_by_atoms(const VlmSettings& vlm, const LogisticFit& fit, Evidence evidence,
                        const Session& session) {
  const JudgedSteps judged = judge_by_atoms(evidence, vlm, fit, session.listener());
  const Score result = score(evidence);
  Outcome outcome{to_json(result), to_text(result)};
  outcome.json["judge"] = "vlm-atoms";
  outcome.json["judge_details"] = {
      {"model", vlm.chat.model}, {"asked", judged.asked}, {"unclear", judged.unclear}};
  char line[200];
  std::snprintf(line, sizeof line, "judge vlm-atoms (%.60s): asked about %zu steps, %zu without an answer\n",
                vlm.chat.model.c_str(), judged.asked, judged.unclear);
  outcome.text += line;
  return outcome;
}

/// The parts of what the network draws: drawn regions, or the labels of the target's links or its own.
std::optional<PartRegions> known_parts(const ScoreArguments& arguments, const Session& session) {
  PartsArguments parts{arguments.target.empty() ? arguments.net : arguments.target, {}, arguments.regions};
  if (arguments.regions.empty()) {
    const TargetPicture target = load_target(parts.target, parts_size);
    parts.labels = arguments.target.empty() || arguments.target == arguments.net ? arguments.labels : "";
    const bool labelled = target.net && target.net->genome &&
                          (!parts.labels.empty() || !target.net->genome->notes.labels.empty());
    if (!labelled) return {};
  }
  const PartsTarget found = load_parts(parts);
  for (const std::string& warning : found.parts.warnings) session.say(warning);
  if (found.parts.parts.size() < 2) return {};
  return found.parts.regions;
}

Outcome run(const ScoreArguments& arguments, const Session& session) {
  arguments.uses.check();
  ScoreSettings settings = arguments.settings;
  settings.seed = session.seed();
  settings.validate();
  Net net = load_drawing_net(arguments.net);
  if (arguments.unroll > 0) net = at_rounds(std::move(net), arguments.unroll, arguments.net);
  const std::vector<neat::LinkLabel> labels = labels_of(net, arguments.labels, arguments.net);
  const bool ask_model = arguments.judge.starts_with("vlm");
  const VlmSettings vlm =
      ask_model ? vlm_settings(arguments.judge_url, arguments.judge_model) : VlmSettings();
  const std::optional<LogisticFit> fit =
      arguments.judge == "vlm-atoms" ? std::optional(kept_calibration(vlm)) : std::nullopt;
  settings.parts = known_parts(arguments, session);
  Evidence evidence = gather(subject_of(net), settings, session.listener());
  if (arguments.judge == "detector") judge_by_detector(evidence);
  Outcome outcome;
  if (fit) {
    outcome = judged_by_atoms(vlm, *fit, std::move(evidence), session);
  } else if (ask_model) {
    outcome = judged_by_model(vlm, std::move(evidence), session);
  } else {
    const Score result = score(evidence);
    outcome = {to_json(result), to_text(result)};
    outcome.json["judge"] = arguments.judge;
  }
  if (!arguments.target.empty()) {
    const TargetPicture target = load_target(arguments.target, settings.size);
    const Picture drawn = draw(Plan(net.network), net.weights, {target.picture.width, target.picture.height});
    outcome.json["loss"] = mean_squared_error(drawn, target.picture);
    outcome.text += "loss to the target: " + std::to_string(mean_squared_error(drawn, target.picture)) + "\n";
  }
  if (!labels.empty()) {
    const auto senses = senses_of(net.genome->genome, labels);
    const auto agreement = label_agreement(link_similarity(net.genome->genome), senses, 1000, settings.seed);
    const auto plain = label_agreement(plain_similarity(net.genome->genome), senses, 0);
    outcome.json["label_agreement"] = agreement.area;
    outcome.json["label_agreement_details"] = agreement_json(agreement, plain);
    char line[160];
    std::snprintf(line, sizeof line,
                  "label agreement %.3f over %zu links (plain %.3f, shuffled %.3f +- %.3f)\n", agreement.area,
                  agreement.links, plain.area, agreement.shuffled, agreement.shuffled_spread);
    outcome.text += line;
  }
  return outcome;
}

}  // namespace

Command score_command() {
  return {
      "score", std::string(group_look), "every measure of representation, with its spread",
      "skein score @face", [](CLI::App& app) -> RunCommand {
        const auto arguments = std::make_shared<ScoreArguments>();
        ScoreSettings& settings = arguments->settings;
        app.add_option("NET,--net", arguments->net, "file, folder, run or @name of a network")->required();
        app.add_option("--target", arguments->target,
                       "NET or picture that the network should draw: adds its loss");
        app.add_option("--labels", arguments->labels,
                       "CSV of link_branch, link_id, label: adds label agreement and the measures by parts");
        app.add_option("--regions", arguments->regions,
                       "PNG of flat colours, one a part of the picture: adds the measures by parts");
        app.add_option("--judge", arguments->judge,
                       "who says whether a changed picture is whole: structure (default), detector, vlm, or "
                       "vlm-atoms "
                       "(needs a calibration: skein judges --judge vlm)")
            ->check(CLI::IsMember({"structure", "detector", "vlm", "vlm-atoms"}));
        const auto by_model = [&a = *arguments] { return a.judge.starts_with("vlm"); };
        const auto url = app.add_option(
            "--judge-url", arguments->judge_url,
            "chat-completions server, https://host/v1 (or SKEIN_JUDGE_URL; the key is SKEIN_JUDGE_KEY)");
        const auto model =
            app.add_option("--judge-model", arguments->judge_model, "its model (or SKEIN_JUDGE_MODEL)");
        for (const CLI::Option* option : {url, model})
          arguments->uses.only(option, "with --judge vlm", by_model);
        app.add_option("--unroll", arguments->unroll, "rounds of a recursion (default: its own)")
            ->check(CLI::Range(1, sgd::most_rounds));
        add_score_options(app, settings);
        app.add_option("--resamples", settings.resamples, "for the intervals")->capture_default_str();
        return [arguments](const Session& session) { return run(*arguments, session); };
      }};
}

}  // namespace skein::experiments
