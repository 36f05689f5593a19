#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "experiments/cli/command_table.hpp"
#include "experiments/cli/parts_options.hpp"
#include "experiments/cli/score_options.hpp"
#include "experiments/measures/cross_parts.hpp"
#include "experiments/nets/load_net.hpp"
#include "experiments/nets/net.hpp"
#include "experiments/nets/net_subject.hpp"
#include "experiments/nets/target_picture.hpp"
#include "experiments/records/json_file.hpp"
#include "experiments/statistics/table.hpp"
#include "lib/base/error.hpp"

namespace skein::experiments {
namespace {

struct RivalArguments {
  std::vector<std::string> nets;
  PartsArguments parts;
  int weights = 96;
};

/// One of the networks, and what is said of it.
struct RivalNumbers {
  std::size_t weights = 0;
  double loss = 0;
  std::optional<double> participation, cross;
};

/// The picture's parts: of a genome's labels or a drawing; nothing where neither is there.
std::optional<PartRegions> known_parts(const PartsArguments& arguments, const TargetPicture& target,
                                       const Session& session) {
  const bool labelled = target.net && target.net->genome && !target.net->genome->notes.labels.empty();
  if (!labelled && arguments.labels.empty() && arguments.regions.empty()) return {};
  PartsTarget parts = load_parts(arguments);
  for (const std::string& warning : parts.parts.warnings) session.say(warning);
  return std::move(parts.parts.regions);
}

std::vector<RivalNumbers> look_at(const RivalArguments& a, const TargetPicture& target,
                                  const Session& session) {
  const Picture small = resize(target.picture, cross_size, cross_size);
  const auto regions = known_parts(a.parts, target, session);
  std::vector<ChangeMaps> maps;
  std::vector<RivalNumbers> numbers;
  for (const std::string& name : a.nets) {
    const auto done = static_cast<std::int64_t>(maps.size());
    const auto go_on = [&] {
      return !session.listener() ||
             session.listener()({"networks", done, static_cast<std::int64_t>(a.nets.size()), {}});
    };
    const Net net = load_drawing_net(name);
    const Subject subject = subject_of(net);
    maps.push_back(change_maps_of(subject, cross_size, a.weights, session.seed(), go_on));
    RivalNumbers one;
    for (const float weight : subject.weights) one.weights += weight != 0;
    one.loss = mean_squared_error(draw(Plan(net.network), net.weights, {cross_size, cross_size}), small);
    if (regions)
      if (const auto touched = relative_participation(maps.back(), *regions))
        one.participation = *touched * static_cast<double>(regions->count());
    numbers.push_back(one);
  }
  const auto cross = cross_participation(maps, small);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i].cross = cross[i];
  return numbers;
}

nlohmann::ordered_json or_null(const std::optional<double>& value) {
  return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json();
}

Outcome run(const RivalArguments& a, const Session& session) {
  if (a.nets.size() < 2) throw ConfigError("rivals: two networks or more judge each other");
  if (a.weights < 1) throw ConfigError("--weights " + std::to_string(a.weights) + ": must be 1 or more");
  const TargetPicture target = load_target(a.parts.target, cross_size);
  const auto numbers = look_at(a, target, session);
  Outcome outcome{{{"target", target.title}, {"weights_moved", a.weights}}, {}};
  outcome.json["rows"] = nlohmann::ordered_json::array();
  outcome.text = "  weights      loss  participation  cross  network\n";
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const RivalNumbers& one = numbers[i];
    outcome.json["rows"].push_back({{"network", a.nets[i]},
                                    {"nonzero", one.weights},
                                    {"loss", finite_or_null(one.loss)},
                                    {"participation", or_null(one.participation)},
                                    {"cross_participation", or_null(one.cross)}});
    char line[64];
    std::snprintf(line, sizeof line, "%9zu %9.3g ", one.weights, one.loss);
    outcome.text += line + decimal_cell(one.participation, 14) + " " + decimal_cell(one.cross, 6) + "  " +
                    a.nets[i] + "\n";
  }
  return outcome;
}

}  // namespace

Command rivals_command() {
  return {"rivals", std::string(group_parts), "networks of one picture judge each other by their parts",
          "skein train @face --steps 500 --size 64 --out runs/dense && skein rivals @face runs/dense "
          "--target @face",
          [](CLI::App& app) -> RunCommand {
            const auto a = std::make_shared<RivalArguments>();
            app.add_option("NET,--net", a->nets, "files, folders, runs or @names of networks")->required();
            app.add_option("--target", a->parts.target, "the picture that all of them draw")->required();
            add_parts_options(app, a->parts);
            app.add_option("--weights", a->weights, "moved in each network (default 96)");
            return [a](const Session& session) { return run(*a, session); };
          }};
}

}  // namespace skein::experiments
