#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "experiments/cli/command_table.hpp"
#include "experiments/cli/score_options.hpp"
#include "experiments/drawing/figure_file.hpp"
#include "experiments/figures/contact_sheet.hpp"
#include "experiments/measures/sampled_steps.hpp"
#include "experiments/nets/load_net.hpp"
#include "experiments/nets/net_subject.hpp"
#include "experiments/runs/run_folder.hpp"
#include "lib/base/file.hpp"
#include "lib/files/npy.hpp"
#include "lib/picture/image.hpp"

namespace skein::experiments {
namespace {

struct SweepArguments {
  std::string net, out, weights = "all";
  double range = 1;
  int steps = 9, size = 64, directions = 0;
};

constexpr int most_directions = 100'000;
constexpr std::size_t largest_sheet = 96;  ///< sweeps on the contact sheet

/// What moves, and what to call it in files and captions.
struct Sweep {
  Direction direction;
  std::string name;
};

std::string short_number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", value);
  return text;
}

std::vector<int> numbers_of(const std::string& text) {
  std::vector<int> numbers;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    int number = -1;
    const auto [stop, error] = std::from_chars(text.data() + at, text.data() + end, number);
    if (error != std::errc() || stop != text.data() + end || number < 0)
      throw ConfigError("--weights " + text + ": 'all', how many, or numbers of weights separated by commas");
    numbers.push_back(number);
    at = end + 1;
  }
  return numbers;
}

std::vector<Sweep> sweeps_of(const Subject& subject, const SweepArguments& arguments, std::uint64_t seed) {
  std::vector<Sweep> sweeps;
  const auto add = [&](const Steps& steps, const char* prefix) {
    for (std::size_t i = 0; i < steps.count(); ++i) {
      const auto number = *prefix == 'w' ? steps.items[i].front().first : static_cast<Slot>(i);
      sweeps.push_back({steps.items[i], prefix + std::to_string(number)});
    }
  };
  ScoreSettings settings;
  settings.seed = seed;
  if (arguments.weights == "all") {
    for (const Slot slot : subject.slots())
      sweeps.push_back({{{slot, 1.0f}}, "weight-" + std::to_string(slot)});
  } else if (const auto numbers = numbers_of(arguments.weights);
             numbers.size() == 1 && arguments.weights.find(',') == std::string::npos) {
    settings.weights = std::max(1, numbers[0]);
    if (numbers[0] > 0) add(sampled_weights(subject, settings), "weight-");
  } else {
    for (const int number : numbers) {
      if (static_cast<std::size_t>(number) >= subject.weights.size())
        throw ConfigError("--weights: there is no weight " + std::to_string(number) +
                          ", the network has 0 to " +
                          std::to_string(static_cast<std::int64_t>(subject.weights.size()) - 1));
      sweeps.push_back({{{static_cast<Slot>(number), 1.0f}}, "weight-" + std::to_string(number)});
    }
  }
  if (arguments.directions > 0) {
    settings.directions = arguments.directions;
    add(sampled_directions(subject, settings), "direction-");
  }
  if (sweeps.empty()) throw ConfigError("there is nothing to sweep");
  return sweeps;
}

/// The pictures in reading order, `columns` to a row, a white line between them.
Image mosaic_of(const std::vector<Picture>& pictures, int columns) {
  const int count = static_cast<int>(pictures.size()), rows = (count + columns - 1) / columns;
  const int side = pictures.front().width;
  Image mosaic(columns * (side + 1) - 1, rows * (side + 1) - 1, 255);
  for (int s = 0; s < count; ++s) {
    const Image picture = to_image(pictures[static_cast<std::size_t>(s)]);
    for (int row = 0; row < side; ++row)
      std::copy_n(picture.pixel(row, 0), 3 * side,
                  mosaic.pixel(s / columns * (side + 1) + row, s % columns * (side + 1)));
  }
  return mosaic;
}

/// Everything that is kept of one sweep beside its strip.
struct Swept {
  std::vector<float> change;  ///< per step, mean |change|
  std::vector<float> map;     ///< (size, size), mean over steps and channels of |change|
  Image strip;                ///< the steps side by side
  Image block;                ///< the steps in a block, for the contact sheet
};

Swept sweep_once(const Plan& plan, const Weights& weights, const Direction& direction,
                 const std::vector<float>& steps, const Picture& base) {
  std::vector<Perturbation> moves;
  for (const float step : steps) moves.push_back(moved(weights, direction, step));
  std::vector<Picture> pictures(moves.size());
  draw_perturbed(plan, weights, {base.width, base.height}, moves,
                 [&](std::size_t i, Picture&& picture) { pictures[i] = std::move(picture); });
  Swept swept;
  swept.map.assign(base.pixels(), 0);
  for (const Picture& picture : pictures) {
    swept.change.push_back(static_cast<float>(visible_change(picture, base)));
    for (std::size_t i = 0; i < picture.rgb.size(); ++i)
      swept.map[i % base.pixels()] +=
          std::abs(picture.rgb[i] - base.rgb[i]) / (3 * static_cast<float>(pictures.size()));
  }
  const int count = static_cast<int>(pictures.size());
  swept.strip = mosaic_of(pictures, count);
  swept.block = mosaic_of(pictures, static_cast<int>(std::ceil(std::sqrt(count))));
  return swept;
}

RunRequest request_of(const SweepArguments& arguments, std::uint64_t seed) {
  return {"sweep",
          {{"net", arguments.net},
           {"weights", arguments.weights},
           {"directions", arguments.directions},
           {"range", arguments.range},
           {"steps", arguments.steps},
           {"size", arguments.size},
           {"seed", seed}},
          {},
          {"strips", "sheet.png", "sweep.npz"}};
}

Outcome run(const SweepArguments& arguments, const Session& session) {
  if (arguments.steps < 2 || arguments.steps > 1001) throw ConfigError("--steps must be 2 to 1001");
  if (!(arguments.range > 0) || arguments.range > 1e6)
    throw ConfigError("--range must be above 0, at most 1e6");
  if (arguments.size < 8 || arguments.size > 1024) throw ConfigError("--size must be 8 to 1024");
  const Net net = load_drawing_net(arguments.net);
  const Subject subject = subject_of(net);
  const auto sweeps = sweeps_of(subject, arguments, session.seed());
  const RunFolder folder(arguments.out, request_of(arguments, session.seed()), session);
  if (const auto& done = folder.done_before(session)) return {*done, {}};
  make_folder(folder.file("strips"));

  std::vector<float> steps;
  for (int s = 0; s < arguments.steps; ++s)
    steps.push_back(static_cast<float>(arguments.range * (2.0 * s / (arguments.steps - 1) - 1)));
  const Plan plan(subject.network);
  const Picture base = draw(plan, subject.weights, {arguments.size, arguments.size});
  std::vector<float> changes, maps;
  std::vector<std::int32_t> slots;
  std::vector<std::pair<float, SheetEntry>> entries;
  for (std::size_t i = 0; i < sweeps.size(); ++i) {
    if (session.listener() && !session.listener()({.stage = "sweep",
                                                   .done = static_cast<std::int64_t>(i),
                                                   .total = static_cast<std::int64_t>(sweeps.size()),
                                                   .values = {}}))
      throw Interrupted("stopped after " + std::to_string(i) + " weights; the same command sweeps " +
                        arguments.out);
    Swept swept = sweep_once(plan, subject.weights, sweeps[i].direction, steps, base);
    write_png(folder.file("strips/" + sweeps[i].name + ".png"), swept.strip);
    float mean = 0;
    for (const float change : swept.change) mean += change / static_cast<float>(steps.size());
    char caption[64];
    std::snprintf(caption, sizeof caption, "%s  %.3f", sweeps[i].name.c_str(), static_cast<double>(mean));
    entries.emplace_back(mean, SheetEntry{std::move(swept.block), caption});
    // Only the strongest can come to stand on the sheet; the others' pictures are let go as we pass.
    std::stable_sort(entries.begin(), entries.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    if (entries.size() > largest_sheet) entries.pop_back();
    changes.insert(changes.end(), swept.change.begin(), swept.change.end());
    maps.insert(maps.end(), swept.map.begin(), swept.map.end());
    slots.push_back(sweeps[i].direction.size() == 1 ? static_cast<std::int32_t>(sweeps[i].direction[0].first)
                                                    : -1);
  }

  const std::size_t side = static_cast<std::size_t>(arguments.size);
  write_npz(folder.file("sweep.npz"), {{"weight", {{slots.size()}, slots}},
                                       {"step", {{steps.size()}, steps}},
                                       {"change", {{slots.size(), steps.size()}, changes}},
                                       {"map", {{slots.size(), side, side}, maps}}});
  const nlohmann::ordered_json result{
      {"weights", sweeps.size()}, {"steps", arguments.steps}, {"out", arguments.out}};
  folder.keep_result(result);
  try_figure(session, folder.file("sheet.png"), [&] {
    std::vector<SheetEntry> sheet;
    for (auto& [mean, entry] : entries) sheet.push_back(std::move(entry));
    write_figure(
        folder.file("sheet.png"),
        contact_sheet(sheet, {.title = net.title + ": strongest first, step -" +
                                       short_number(arguments.range) + " to " + short_number(arguments.range),
                              .cell = 200}));
  });
  folder.finish();
  return {result, {}};
}

}  // namespace

Command sweep_command() {
  return {
      "sweep", std::string(group_look), "move each weight through a range: strips, change maps, arrays",
      "skein sweep @face --out face-sweep --weights 24", [](CLI::App& app) -> RunCommand {
        const auto arguments = std::make_shared<SweepArguments>();
        app.add_option("NET,--net", arguments->net, "file, folder, run or @name of a network")->required();
        app.add_option("--out", arguments->out, "folder of the run: sheet.png, strips/, sweep.npz")
            ->required();
        app.add_option("--weights", arguments->weights,
                       "all, how many (spread over the layers), or id,id,...");
        app.add_option("--directions", arguments->directions,
                       "also so many random directions of units' inputs")
            ->check(CLI::Range(0, most_directions));
        app.add_option("--range", arguments->range, "steps run from -RANGE to RANGE (default 1)");
        app.add_option("--steps", arguments->steps, "pictures per strip (default 9)");
        app.add_option("--size", arguments->size, "side of each picture, pixels (default 64)");
        return [arguments](const Session& session) { return run(*arguments, session); };
      }};
}

}  // namespace skein::experiments
