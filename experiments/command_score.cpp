#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "experiments/command_table.hpp"
#include "experiments/label_agreement.hpp"
#include "experiments/net.hpp"
#include "experiments/score_report.hpp"

namespace skein::experiments {
namespace {

struct ScoreArguments {
  std::string net, target, labels, judge = "structure";
  ScoreSettings settings;
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

Outcome run(const ScoreArguments& arguments, const Session& session) {
  if (arguments.judge != "structure")
    throw ConfigError("judge '" + arguments.judge + "': the judge there is is 'structure'");
  ScoreSettings settings = arguments.settings;
  settings.seed = session.seed();
  const Net net = load_drawing_net(arguments.net);
  std::vector<neat::LinkLabel> labels;
  if (!arguments.labels.empty()) {
    if (!net.genome)
      throw ConfigError(arguments.net + ": labels belong to the links of a genome, this is an MLP");
    labels = read_labels(arguments.labels);
  } else if (net.genome) {
    labels = net.genome->notes.labels;
  }
  const Score result =
      score(net.genome ? subject_of(net.genome->genome) : subject_of(*net.mlp), settings, session.listener());
  Outcome outcome{to_json(result), to_text(result)};
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
                       "CSV of link_branch, link_id, label: adds label agreement");
        app.add_option("--judge", arguments->judge, "who says whether a changed picture is whole: structure");
        app.add_option("--size", settings.size, "side of the pictures that are judged, pixels")
            ->capture_default_str();
        app.add_option("--weights", settings.weights, "weights sampled, spread over the layers")
            ->capture_default_str();
        app.add_option("--change", settings.match.change, "visible change that steps are matched at")
            ->capture_default_str();
        app.add_option("--resamples", settings.resamples, "for the intervals")->capture_default_str();
        return [arguments](const Session& session) { return run(*arguments, session); };
      }};
}

}  // namespace skein::experiments
