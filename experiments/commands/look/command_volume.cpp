#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "experiments/cli/command_table.hpp"
#include "experiments/commands/look/volume_arguments.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"

namespace skein::experiments {
namespace {

nlohmann::ordered_json json_of(const Share& share) {
  return {{"value", share.value}, {"low", share.low}, {"high", share.high}};
}

nlohmann::ordered_json cell_of(const RandomWiring& wiring, const VolumeArguments& o,
                               const WiringVolume& volume) {
  nlohmann::ordered_json cell{{"width", wiring.width},
                              {"depth", wiring.depth},
                              {"compositional", volume.compositional.value},
                              {"low", volume.compositional.low},
                              {"high", volume.compositional.high}};
  const auto exact = o.levels == 0 ? exact_compositional(wiring) : std::nullopt;
  cell["exact"] = exact ? nlohmann::ordered_json(*exact) : nlohmann::ordered_json();
  cell["spanning"] = json_of(volume.spanning);
  cell["ratio"] = volume.ratio ? json_of(*volume.ratio) : nlohmann::ordered_json();
  return cell;
}

std::string volume_csv(const nlohmann::ordered_json& cells) {
  std::string csv = "width,depth,compositional,low,high,exact,spanning,spanning_low,spanning_high,ratio\n";
  const auto text = [](const nlohmann::ordered_json& value) { return value.is_null() ? "" : value.dump(); };
  for (const auto& cell : cells) {
    for (const char* column : {"width", "depth", "compositional", "low", "high", "exact"})
      csv += text(cell[column]) + ",";
    const auto& spanning = cell["spanning"];
    csv += text(spanning["value"]) + "," + text(spanning["low"]) + "," + text(spanning["high"]) + "," +
           (cell["ratio"].is_null() ? "" : text(cell["ratio"]["value"])) + "\n";
  }
  return csv;
}

/// Widths down, depths across: the shares of compositional wirings.
std::string volume_text(const VolumeArguments& o, const nlohmann::ordered_json& cells) {
  char number[32];
  std::string text = "share of wirings that keep " + std::to_string(o.wiring.sources) +
                     " primitives pure, by width (down) and depth (across)\n      ";
  for (const int depth : o.depths) std::snprintf(number, sizeof number, "%8d", depth), text += number;
  std::size_t next = 0;
  for (const int width : o.widths) {
    std::snprintf(number, sizeof number, "\n%6d", width);
    text += number;
    for (std::size_t d = 0; d < o.depths.size(); ++d) {
      std::snprintf(number, sizeof number, "%8.4f", cells[next++]["compositional"].get<double>());
      text += number;
    }
  }
  return text + "\n";
}

Outcome run(const VolumeArguments& o, const Session& session) {
  o.uses.check();
  if (!o.practice.empty()) return run_practice(o, session);
  const auto wiring_at = [&](int width, int depth) {
    RandomWiring wiring = o.wiring;
    wiring.width = width;
    wiring.depth = depth;
    wiring.density = o.density;
    return wiring;
  };
  for (const int width : o.widths)
    for (const int depth : o.depths) wiring_at(width, depth).validate();
  if (!o.out.empty()) session.refuse_existing(o.out);
  const auto total = static_cast<std::int64_t>(o.widths.size() * o.depths.size());
  nlohmann::ordered_json cells = nlohmann::ordered_json::array();
  for (const int width : o.widths)
    for (const int depth : o.depths) {
      const auto done = static_cast<std::int64_t>(cells.size());
      const ProgressListener listener = [&](const Progress&) {
        return !session.listener() || session.listener()({"cells", done, total, {}});
      };
      const auto volume =
          sample_volume(wiring_at(width, depth), o.levels, o.samples, session.seed(), listener);
      if (!volume) throw Interrupted("stopped; nothing was written");
      cells.push_back(cell_of(wiring_at(width, depth), o, *volume));
    }
  if (!o.out.empty()) write_file(o.out, volume_csv(cells));
  Outcome outcome{
      {{"primitives", o.wiring.sources}, {"samples", o.samples}, {"levels", o.levels}, {"cells", cells}},
      volume_text(o, cells)};
  if (!o.out.empty()) outcome.json["out"] = o.out;
  return outcome;
}

}  // namespace

Command volume_command() {
  return {
      "volume", std::string(group_look),
      "the share of random wirings that keep primitives apart, and what training makes of them",
      "skein volume --primitives 3 --widths 12,24,48,96 --depths 1,2,3,4,5,6 --copies 0.5 --levels 2",
      [](CLI::App& app) -> RunCommand {
        const auto o = std::make_shared<VolumeArguments>();
        app.add_option("--primitives", o->wiring.sources, "parts to be kept apart (default 3)");
        app.add_option("--widths", o->widths, "units of a layer (default 3,6,...,192)")->delimiter(',');
        app.add_option("--depths", o->depths, "layers (default 1 to 9)")->delimiter(',');
        auto* fan_in =
            app.add_option("--fan-in", o->wiring.fan_in, "predecessors of a unit, on average (default 2)");
        auto* density =
            app.add_option("--density", o->density, "share of predecessors read, instead of --fan-in");
        density->excludes(fan_in);
        app.add_flag("--dense-first", o->wiring.dense_first,
                     "with --density: the first layer keeps the fan-in")
            ->needs(density);
        app.add_option("--copies", o->wiring.copies, "share of units that copy one predecessor (default 0)");
        app.add_option("--levels", o->levels, "computing units on the way to a unit, at least (default 0)");
        app.add_option("--samples", o->samples, "wirings drawn for each cell (default 20000)");
        app.add_option("--out", o->out, "a CSV file of the cells")->excludes(add_practice_options(app, *o));
        return [o](const Session& session) { return run(*o, session); };
      }};
}

}  // namespace skein::experiments
