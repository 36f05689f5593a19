#include "experiments/regime/regime_request.hpp"

#include <algorithm>

#include "experiments/measures/measures.hpp"
#include "experiments/regime/regime_rows.hpp"
#include "experiments/rows/depth_axis.hpp"
#include "lib/base/error.hpp"

namespace skein::experiments {
namespace {

/// Evolved networks, the evolved wiring retrained and shuffled stand at their own depth; the others at all.
const std::vector<std::string>& usual_methods() {
  static const std::vector<std::string> all{"evolved", "dense-adam", "retrained", "shuffle-evolved",
                                            "sp",      "magnitude",  "random",    "shuffle"};
  return all;
}

void refuse_what_cannot_be(const RegimeSettings& settings) {
  if (settings.targets.empty()) throw ConfigError("regime needs one TARGET or more");
  if (!settings.depths.empty() && !settings.offsets.empty())
    throw ConfigError("--depths and --offsets exclude each other");
  if (settings.seeds < 2)
    throw ConfigError("--seeds " + std::to_string(settings.seeds) +
                      ": the shape of a depth curve needs two or more");
  if (settings.match != "steps" && settings.match != "loss")
    throw ConfigError("--match " + settings.match + ": there are steps and loss");
  if (settings.match == "loss" && !(settings.bar > 0))
    throw ConfigError("--match loss needs --bar X, the loss that networks are matched at");
  if (settings.match == "steps" && settings.bar != 0)
    throw ConfigError("--bar is used only with --match loss");
  regime_column(settings.measure);
}

}  // namespace

CampaignRequest regime_request(const RegimeSettings& settings) {
  refuse_what_cannot_be(settings);
  CampaignRequest request;
  CompareSettings& rows = request.settings;
  for (const std::string& target : settings.targets)
    if (std::ranges::find(request.targets, target) == request.targets.end())
      request.targets.push_back(target);
  rows.budget = settings.budget;
  rows.options.training.steps = settings.steps;
  rows.options.size = settings.size;
  rows.options.architecture = settings.architecture;
  rows.options.widths = name(width_rule(settings.widths));
  rows.options.bar = settings.match == "loss" ? settings.bar : 0;
  rows.seeds = seeds_from(settings.first_seed, settings.seeds);
  rows.methods = settings.methods.empty() ? usual_methods() : settings.methods;
  rows.all_at_depths = true;
  if (settings.offsets.empty())
    rows.depths = parse_depths(settings.depths.empty() ? regime_depths : settings.depths);
  else rows.depth_offsets = parse_offsets(settings.offsets);
  if (!settings.offsets.empty() && rows.depth_offsets.empty() && settings.offsets != "0")
    throw ConfigError("--offsets '" + settings.offsets + "': there are none; write them rising, as -2..2");
  rows.keep = settings.keep;
  if (settings.keep.empty()) {
    rows.keep = {"0.256", "0.086"};
    rows.keep_of = {{"magnitude", {"0.086"}}, {"random", {"0.086"}}};
  }
  request.fixed = {{"kind", "regime"},        {"budget", rows.budget},         {"steps", settings.steps},
                   {"size", settings.size},   {"arch", settings.architecture}, {"match", settings.match},
                   {"bar", rows.options.bar}, {"widths", rows.options.widths}};
  request.axes = {{"targets", request.targets},
                  {"methods", rows.methods},
                  {"keep", rows.keep},
                  {"depths", rows.depths},
                  {"depth-offsets", rows.depth_offsets},
                  {"seeds", rows.seeds}};
  return request;
}

}  // namespace skein::experiments
