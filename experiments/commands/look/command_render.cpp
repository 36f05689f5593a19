#include <CLI/CLI.hpp>
#include <memory>

#include "experiments/cli/command_table.hpp"
#include "experiments/drawing/figure_file.hpp"
#include "experiments/figures/feature_arrays.hpp"
#include "experiments/figures/feature_figure.hpp"
#include "experiments/nets/load_net.hpp"
#include "experiments/nets/net.hpp"
#include "experiments/nets/target_picture.hpp"
#include "lib/engine/stream_render.hpp"
#include "lib/picture/image.hpp"

namespace skein::experiments {
namespace {

struct RenderArguments {
  std::string net, out, features, npz;
  int size = default_picture_size, unroll = 0;
  double extent = 1;
};

Outcome render(const RenderArguments& options, const Session& session) {
  const Grid grid{options.size, options.size, options.extent};
  validate(grid);
  for (const std::string& file : {options.out, options.features, options.npz})
    if (!file.empty()) session.refuse_existing(file);
  Net net = load_drawing_net(options.net);
  if (options.unroll > 0) net = at_rounds(std::move(net), options.unroll, options.net);
  for (const std::string& warning : net.warnings) session.say("note: " + warning);
  if (!options.npz.empty()) write_npz(options.npz, feature_arrays(as_mlp(net), grid));
  if (!options.features.empty()) {
    const FeatureFigureOptions figure{.title = net.title, .grid = grid};
    const NetworkView view = net.recursion ? view_of(net.network, net.weights) : view_of(as_mlp(net));
    write_figure(options.features, feature_figure(view, figure));
  }
  if (!stream_render(Plan(net.network), net.weights, grid, options.out, session.listener()))
    throw Interrupted("stopped; no picture was written");
  Outcome outcome{{{"size", options.size}, {"out", options.out}}, {}};
  if (!options.features.empty()) outcome.json["features"] = options.features;
  if (!options.npz.empty()) outcome.json["npz"] = options.npz;
  return outcome;
}

}  // namespace

Command render_command() {
  return {"render", std::string(group_look), "draw a network; every unit's map as a figure or as arrays",
          "skein render @face --size 512 --out face.png --features face-maps.png --npz face.npz",
          [](CLI::App& app) -> RunCommand {
            const auto options = std::make_shared<RenderArguments>();
            app.add_option("NET,--net", options->net, "file, folder, run or @name of a network")->required();
            app.add_option("--out", options->out, "the picture, PNG")->required();
            app.add_option("--size", options->size, "pixels a side (default 256)");
            app.add_option("--features", options->features,
                           "figure of every unit's map by layer: PNG, .svg or .pdf");
            app.add_option("--npz", options->npz, "arrays for NumPy: rgb, hsv, and each layer's maps");
            app.add_option("--unroll", options->unroll, "rounds of a recursion (default: its own)")
                ->check(CLI::Range(1, sgd::most_rounds));
            app.add_option("--extent", options->extent, "x and y span [-E, E] (default 1; 2 zooms out)");
            return [options](const Session& session) { return render(*options, session); };
          }};
}

}  // namespace skein::experiments
