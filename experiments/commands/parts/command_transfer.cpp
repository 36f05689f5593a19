#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "experiments/cli/command_table.hpp"
#include "experiments/cli/net_in_parts.hpp"
#include "experiments/cli/parts_options.hpp"
#include "experiments/families/transfer.hpp"
#include "experiments/nets/load_net.hpp"
#include "experiments/nets/net.hpp"
#include "experiments/records/json_file.hpp"
#include "experiments/statistics/spread.hpp"
#include "lib/base/sound_text.hpp"

namespace skein::experiments {
namespace {

struct TransferArguments {
  std::string net;
  PartsArguments parts;
  TransferSettings settings;
};

nlohmann::ordered_json steps_json(const std::optional<std::int64_t>& steps) {
  return steps ? nlohmann::ordered_json(*steps) : nlohmann::ordered_json();
}

/// The median with what did not arrive counted as the most steps allowed, and how many arrived.
nlohmann::ordered_json arrivals(const std::vector<Transfer>& found, std::int64_t most,
                                std::optional<std::int64_t> Transfer::*steps) {
  std::vector<double> values;
  int arrived = 0;
  for (const Transfer& one : found) {
    arrived += (one.*steps).has_value();
    values.push_back(static_cast<double>((one.*steps).value_or(most)));
  }
  return {{"arrived", arrived}, {"of", found.size()}, {"median_steps", spread(std::move(values)).median}};
}

Outcome run(TransferArguments a, const Session& session) {
  a.settings.seed = session.seed();
  a.settings.validate();
  const PartsTarget target = load_parts_of_network(a.net, a.parts, session);
  const auto found = find_transfer(as_mlp(load_drawing_net(a.net)), target, a.settings, session.listener());
  Outcome outcome{{{"target", target.title},
                   {"steps_allowed", a.settings.steps},
                   {"own", arrivals(found, a.settings.steps, &Transfer::steps)},
                   {"fresh", arrivals(found, a.settings.steps, &Transfer::fresh)},
                   {"edits", nlohmann::ordered_json::array()}},
                  "  part                          edit             bar   steps   from new weights\n"};
  char line[240];
  for (const Transfer& one : found) {
    outcome.json["edits"].push_back({{"part", one.part},
                                     {"edit", name(one.edit)},
                                     {"bar", one.bar},
                                     {"steps", steps_json(one.steps)},
                                     {"fresh_steps", steps_json(one.fresh)},
                                     {"least", finite_or_null(one.least)},
                                     {"fresh_least", finite_or_null(one.fresh_least)}});
    const auto text = [](const std::optional<std::int64_t>& steps) {
      return steps ? std::to_string(*steps) : std::string("never");
    };
    std::snprintf(line, sizeof line, "  %s  %-10s %9.3g %7s %18s\n", table_cell(one.part, 28).c_str(),
                  std::string(name(one.edit)).c_str(), one.bar, text(one.steps).c_str(),
                  text(one.fresh).c_str());
    outcome.text += line;
  }
  return outcome;
}

}  // namespace

Command transfer_command() {
  return {"transfer", std::string(group_parts),
          "how long a network takes to draw its picture with a part edited",
          "skein transfer @face --steps 300", [](CLI::App& app) -> RunCommand {
            const auto a = std::make_shared<TransferArguments>();
            add_parts_of_network(app, a->net, a->parts);
            app.add_option("--steps", a->settings.steps, "of each fit, at most (default 2000)");
            app.add_option("--size", a->settings.size, "side of the pictures, pixels (default 64)");
            app.add_option("--lr", a->settings.rate, "learning rate of Adam (default 0.003)");
            app.add_option("--bar", a->settings.bar,
                           "error to be reached, of that between the picture and its edit (default 0.1)");
            return [a](const Session& session) { return run(*a, session); };
          }};
}

}  // namespace skein::experiments
