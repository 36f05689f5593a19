#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "experiments/cli/command_table.hpp"
#include "experiments/cli/score_options.hpp"
#include "experiments/judges/judge_calibration.hpp"
#include "experiments/judges/judge_trial.hpp"
#include "experiments/judges/pair_calibration.hpp"
#include "experiments/nets/load_net.hpp"
#include "experiments/nets/net_labels.hpp"
#include "experiments/nets/net_subject.hpp"
#include "experiments/runs/option_uses.hpp"
#include "experiments/statistics/proportion.hpp"
#include "experiments/statistics/statistics.hpp"

namespace skein::experiments {
namespace {

struct JudgesArguments {
  std::string net, against, labels, judge = "offline", judge_url, judge_model;
  std::uint64_t twin_seed = 11;  // the judges were fitted with 0
  int sketches = 0, pairs = 48;
  ScoreSettings settings;
  OptionUses uses;
};

nlohmann::ordered_json interval_json(const Interval& interval) {
  return {{"mean", interval.mean}, {"low", interval.low}, {"high", interval.high}, {"n", interval.count}};
}

/// The fit that the program ships, made anew, and what it reaches on pictures left out.
Outcome fitted_judges(const JudgesArguments& arguments, const Session& session) {
  const auto results = calibrate_judges(0, arguments.sketches, session.listener());
  Outcome outcome{{{"pictures", results[0].areas.size()}}, {}};
  outcome.json["fits"] = nlohmann::ordered_json::array();
  for (const OfflineJudge judge : offline_judges) {
    const CalibrationResult& result = results[static_cast<std::size_t>(judge)];
    const Interval area = student_interval(result.areas), accuracy = student_interval(result.accuracies);
    nlohmann::ordered_json twins;
    std::string fell;
    for (const Fracture fracture : fractures) {
      const auto f = static_cast<std::size_t>(fracture);
      twins[std::string(name(fracture))] = {{"fell", result.fell[f]}, {"difference", result.difference[f]}};
      char share[40];
      std::snprintf(share, sizeof share, "%s%s %.0f %%", fell.empty() ? "" : ", ",
                    std::string(name(fracture)).c_str(), 100 * result.fell[f]);
      fell += share;
    }
    outcome.json["fits"].push_back({{"judge", name(judge)},
                                    {"steps", result.steps},
                                    {"area", interval_json(area)},
                                    {"accuracy", interval_json(accuracy)},
                                    {"twins", twins},
                                    {"intercept", result.calibration.intercept},
                                    {"slope", result.calibration.slope},
                                    {"low", result.calibration.low},
                                    {"high", result.calibration.high}});
    char line[320];
    std::snprintf(
        line, sizeof line,
        "%-10s %zu steps of %zu pictures; each left out in turn: area %.3f [%.3f, %.3f], accuracy %.3f "
        "[%.3f, %.3f]; twins with the lower mean: %s\n",
        std::string(name(judge)).c_str(), result.steps, result.areas.size(), area.mean, area.low, area.high,
        accuracy.mean, accuracy.low, accuracy.high, fell.c_str());
    outcome.text += line;
  }
  return outcome;
}

Outcome tried_judges(const JudgesArguments& arguments, const Session& session) {
  ScoreSettings settings = arguments.settings;
  settings.seed = session.seed();
  settings.validate();
  const Net net = load_drawing_net(arguments.net);
  const std::vector<neat::LinkLabel> labels = labels_of(net, arguments.labels, arguments.net);
  auto trials = try_judges_on_twins(as_mlp(net), arguments.twin_seed, settings, session.listener());
  if (!labels.empty())
    for (JudgeTrial& trial : try_judges_on_labels(net.genome->genome, labels, settings))
      trials.push_back(std::move(trial));
  return {{{"net", net.title}, {"twin_seed", arguments.twin_seed}, {"trials", to_json(trials)}},
          to_text(trials)};
}

/// What a model makes of pairs and pictures whose answer is known.
Outcome calibrated_model(const VlmSettings& vlm, const Session& session) {
  const PairCalibration calibration = calibrate_pairs(vlm, session.listener());
  Outcome outcome{{{"judge", "vlm"}, {"model", vlm.chat.model}}, {}};
  outcome.json.update(to_json(calibration));
  char line[320];
  std::snprintf(
      line, sizeof line,
      "judge vlm (%.60s): %zu pairs, %zu answered alike in both orders, %zu discarded, %zu unanswered\n"
      "accuracy of those kept %.3f, kappa %.3f; bias for what is shown first %+.3f\n",
      vlm.chat.model.c_str(), calibration.pairs, calibration.kept, calibration.discarded,
      calibration.unanswered, calibration.accuracy, calibration.kappa, calibration.order_bias);
  outcome.text = line;
  for (const FamilyCalibration& family : calibration.families) {
    std::snprintf(line, sizeof line, "  %-8s pairs %.3f (n %zu), atoms %.3f\n", family.family.c_str(),
                  family.pair_area, family.pairs, family.atom_area);
    outcome.text += line;
  }
  if (calibration.fit)
    std::snprintf(
        line, sizeof line,
        "atoms (%s), fitted on half of the originals, tried on %zu pictures of the others: area %.3f, "
        "accuracy %.3f, Brier score %.3f\n",
        calibration.by_chances ? "log-probabilities" : "words alone", calibration.tested,
        calibration.test_area, calibration.test_accuracy, calibration.test_brier);
  else std::snprintf(line, sizeof line, "atoms: too few answers for a fit\n");
  outcome.text += line;
  if (calibration.kept < calibration.pairs / 2 || calibration.kappa < least_kappa)
    session.say(
        "the model does not tell whole pictures from broken ones well (half of the pairs or more lost, or "
        "kappa below 0.4): what it prefers says little");
  return outcome;
}

/// Whose steps a model finds the more whole.
Outcome preferred_network(const JudgesArguments& arguments, const VlmSettings& vlm, const Session& session) {
  ScoreSettings settings = arguments.settings;
  settings.seed = session.seed();
  settings.directions = 0;
  settings.noise_draws = 0;
  settings.validate();
  const auto look = [&](const std::string& net) {
    return gather(subject_of(load_drawing_net(net)), settings, session.listener());
  };
  const Evidence a = look(arguments.net), b = look(arguments.against);
  const NetworkPreference found =
      prefer(a, b, vlm, static_cast<std::size_t>(arguments.pairs), session.listener());
  const Share share = wilson_share(found.a, found.a + found.b);
  char line[320];
  std::snprintf(line, sizeof line,
                "judge vlm (%.60s): of %zu pairs of steps %zu for the first network, %zu for the second, %zu "
                "discarded, %zu unanswered; share of the first %.3f [%.3f, %.3f]\n",
                vlm.chat.model.c_str(), found.pairs, found.a, found.b, found.discarded, found.unanswered,
                share.value, share.low, share.high);
  return {{{"judge", "vlm"},
           {"model", vlm.chat.model},
           {"net", arguments.net},
           {"against", arguments.against},
           {"pairs", found.pairs},
           {"first", found.a},
           {"second", found.b},
           {"discarded", found.discarded},
           {"unanswered", found.unanswered},
           {"share", share.value},
           {"low", share.low},
           {"high", share.high}},
          line};
}

Outcome judges(const JudgesArguments& arguments, const Session& session) {
  arguments.uses.check();
  if (arguments.judge == "vlm") {
    if (arguments.net.empty() != arguments.against.empty())
      throw ConfigError(
          "judges: a model is calibrated without a NET, or compares a NET with --against another");
    const VlmSettings vlm = vlm_settings(arguments.judge_url, arguments.judge_model);
    return arguments.net.empty() ? calibrated_model(vlm, session)
                                 : preferred_network(arguments, vlm, session);
  }
  if (arguments.net.empty() == (arguments.sketches == 0))
    throw ConfigError("judges: a NET is tried, or --sketches fits the judges anew: one of the two");
  return arguments.net.empty() ? fitted_judges(arguments, session) : tried_judges(arguments, session);
}

}  // namespace

Command judges_command() {
  return {
      "judges", std::string(group_look), "do the judges tell whole steps from broken ones where it is known?",
      "skein judges @face --weights 24 --size 64", [](CLI::App& app) -> RunCommand {
        const auto a = std::make_shared<JudgesArguments>();
        app.add_option(
            "NET,--net", a->net,
            "tries the judges on its steps against those of its fractured twins, and on its labels");
        const auto labels = app.add_option("--labels", a->labels,
                                           "CSV of link_branch, link_id, label (default: the genome's own)");
        const auto seed =
            app.add_option("--twin-seed", a->twin_seed, "which draw of the twins")->capture_default_str();
        app.add_option(
               "--sketches", a->sketches,
               "fits the judges anew to @face, @flower, @sunset and so many random sketches, each picture "
               "left out in turn (shipped: 24)")
            ->check(CLI::Range(1, 1000));
        app.add_option("--judge", a->judge,
                       "offline: structure and detector (default); vlm: a model, calibrated on 96 pairs of "
                       "known answer")
            ->check(CLI::IsMember({"offline", "vlm"}));
        const auto against = app.add_option(
            "--against", a->against, "network whose steps the model holds against those of NET, in pairs");
        const auto pairs = app.add_option("--pairs", a->pairs, "of steps, each asked about in both orders")
                               ->check(CLI::Range(1, 10'000))
                               ->capture_default_str();
        const auto url =
            app.add_option("--judge-url", a->judge_url,
                           "chat-completions server (or SKEIN_JUDGE_URL; the key is SKEIN_JUDGE_KEY)");
        const auto model =
            app.add_option("--judge-model", a->judge_model, "its model (or SKEIN_JUDGE_MODEL)");
        add_score_options(app, a->settings);
        const auto offline = [&arguments = *a] { return arguments.judge == "offline"; };
        const auto tries = [&arguments = *a] {
          return arguments.judge == "offline" && !arguments.net.empty();
        };
        const auto named = [&arguments = *a] { return !arguments.net.empty(); };
        for (const CLI::Option* option : {labels, seed}) a->uses.only(option, "with a NET, offline", tries);
        a->uses.only(app.get_option("--sketches"), "with --judge offline", offline);
        for (const CLI::Option* option : {against, url, model})
          a->uses.only(option, "with --judge vlm", [&arguments = *a] { return arguments.judge == "vlm"; });
        a->uses.only(pairs, "with --against", [&arguments = *a] { return !arguments.against.empty(); });
        for (const char* flag : {"--size", "--weights", "--change"})
          a->uses.only(app.get_option(flag), "with a NET", named);
        return [a](const Session& session) { return judges(*a, session); };
      }};
}

}  // namespace skein::experiments
