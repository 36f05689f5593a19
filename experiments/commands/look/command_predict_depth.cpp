#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>
#include <memory>

#include "experiments/cli/command_table.hpp"
#include "experiments/nets/target_picture.hpp"
#include "experiments/regime/depth_predictor.hpp"
#include "lib/base/file.hpp"

namespace skein::experiments {
namespace {

struct PredictArguments {
  std::string picture, table;
};

nlohmann::ordered_json fits_of(const DepthPredictor& predictor, const PictureMeasures& picture) {
  auto json = nlohmann::ordered_json::array();
  for (const PredictorFit& fit : predictor.fits)
    json.push_back({{"name", picture_measure_names[fit.measure]},
                    {"value", picture[fit.measure]},
                    {"spearman", fit.spearman},
                    {"p", fit.p},
                    {"joint_p", fit.joint_p}});
  return json;
}

/// The picture's measures where there are too few optima to predict from.
Outcome without_table(const PictureMeasures& picture, const PredictArguments& options, std::size_t targets) {
  nlohmann::ordered_json json{{"depth", nullptr},          {"low", nullptr}, {"high", nullptr},
                              {"targets", targets},        {"peaks", 0},     {"better_than_baseline", false},
                              {"picture", options.picture}};
  json["measures"] = nlohmann::ordered_json::object();
  std::string text = "no depth is predicted: the table of measured optima has " + std::to_string(targets) +
                     " targets, and " + std::to_string(fewest_optima) + " at least are needed\n";
  for (std::size_t m = 0; m < picture_measure_count; ++m) {
    json["measures"][std::string(picture_measure_names[m])] = picture[m];
    char line[80];
    std::snprintf(line, sizeof line, "  %-16s %8.4f\n", std::string(picture_measure_names[m]).c_str(),
                  picture[m]);
    text += line;
  }
  return {json, text};
}

std::string text_of(const DepthPredictor& predictor, const PictureMeasures& picture,
                    const PredictedDepth& predicted) {
  char line[240];
  std::snprintf(line, sizeof line, "depth %.0f (%.0f to %.0f), by %s\n", predicted.depth, predicted.low,
                predicted.high,
                predictor.better ? std::string(picture_measure_names[predictor.best]).c_str()
                                 : "the median of the targets measured: no picture measure does better");
  std::string text = line;
  std::snprintf(line, sizeof line,
                "rests on %zu targets, %zu of them with a peak; mean error of a target left out: %.2f layers "
                "by the best "
                "measure, %.2f by the median",
                predictor.targets, predictor.peaks, predictor.error, predictor.median_error);
  text += line;
  if (predictor.own_error) {
    std::snprintf(line, sizeof line, ", %.2f by the genome's depth (%zu targets)", *predictor.own_error,
                  predictor.own_count);
    text += line;
  }
  std::snprintf(line, sizeof line, "\n  %-16s %9s %9s %7s %8s\n", "measure", "picture", "Spearman", "p",
                "joint p");
  text += line;
  for (const PredictorFit& fit : predictor.fits) {
    std::snprintf(line, sizeof line, "  %-16s %9.4f %+9.3f %7.4f %8.4f\n",
                  std::string(picture_measure_names[fit.measure]).c_str(), picture[fit.measure], fit.spearman,
                  fit.p, fit.joint_p);
    text += line;
  }
  return text;
}

Outcome predict(const PredictArguments& options, const Session& session) {
  const PictureMeasures picture = measure_picture(load_target(options.picture, measured_side).picture);
  std::vector<MeasuredOptimum> own;
  if (!options.table.empty()) own = parse_optima(read_file(options.table), options.table);
  const std::span<const MeasuredOptimum> optima = options.table.empty() ? measured_optima() : own;
  if (optima.size() < fewest_optima) return without_table(picture, options, optima.size());
  const DepthPredictor predictor = fit_depth_predictor(optima, session.seed());
  const PredictedDepth predicted = predict_depth(predictor, picture);
  nlohmann::ordered_json json{{"depth", std::lround(predicted.depth)},
                              {"low", std::lround(std::floor(predicted.low))},
                              {"high", std::lround(std::ceil(predicted.high))},
                              {"covered", predicted.covered},
                              {"targets", predictor.targets},
                              {"peaks", predictor.peaks},
                              {"better_than_baseline", predictor.better},
                              {"by", predictor.better ? picture_measure_names[predictor.best] : "median"},
                              {"error", predictor.error},
                              {"median_error", predictor.median_error}};
  json["own_depth_error"] = predictor.own_error ? nlohmann::ordered_json(*predictor.own_error) : nullptr;
  json["predictors"] = fits_of(predictor, picture);
  json["picture"] = options.picture;
  return {json, text_of(predictor, picture, predicted)};
}

}  // namespace

Command predict_depth_command() {
  return {"predict-depth", std::string(group_look),
          "the depth at which networks for a picture are most likely factored, and what that rests on",
          "skein predict-depth @landscape", [](CLI::App& app) -> RunCommand {
            const auto o = std::make_shared<PredictArguments>();
            app.add_option("PICTURE,--picture", o->picture, "a PNG or JPEG, or a network or @name to draw")
                ->required();
            app.add_option("--table", o->table,
                           "optima.csv of a run of `skein regime` to learn from (default: the one built in)");
            return [o](const Session& session) { return predict(*o, session); };
          }};
}

}  // namespace skein::experiments
