#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <span>

#include "experiments/cli/command_table.hpp"
#include "experiments/drawing/figure_file.hpp"
#include "experiments/figures/graphviz.hpp"
#include "experiments/figures/wiring_figure.hpp"
#include "experiments/nets/load_net.hpp"
#include "experiments/nets/net.hpp"
#include "lib/base/file.hpp"
#include "lib/files/npy.hpp"
#include "neat/files/genome_json.hpp"
#include "neat/files/picbreeder_export.hpp"
#include "sgd/mlp/mlp_folder.hpp"
#include "sgd/mlp/mlp_json.hpp"
#include "sgd/mlp/onnx_file.hpp"

namespace skein::experiments {
namespace {

const std::vector<std::string> formats{"npy-folder", "npz",        "graphviz", "svg",
                                       "pdf",        "picbreeder", "json",     "onnx"};

/// What the name of the output promises; a folder of arrays when it promises nothing.
std::string format_by_name(const std::string& out) {
  const std::string extension = std::filesystem::path(out).extension().string();
  if (extension == ".npz") return "npz";
  if (extension == ".dot" || extension == ".gv") return "graphviz";
  if (extension == ".json" || extension == ".onnx") return extension.substr(1);
  if (extension == ".svg" || extension == ".pdf") return extension.substr(1);
  if (extension == ".xml" || extension == ".zip") return "picbreeder";
  return "npy-folder";
}

void write(const Net& net, const std::string& format, const std::string& out, bool colour_head) {
  if (format == "npy-folder") {
    sgd::write_mlp_folder(out, as_mlp(net));
  } else if (format == "npz") {
    write_npz(out, sgd::weight_arrays(as_mlp(net)));
  } else if (format == "graphviz") {
    write_file(
        out, graphviz_text(net.network, net.weights, net.title, net.genome ? &net.genome->genome : nullptr));
  } else if (format == "svg" || format == "pdf") {
    const NetworkView view = net.genome ? view_of(neat::express(net.genome->genome))
                             : net.mlp  ? view_of(*net.mlp)
                                        : view_of(net.network, net.weights);
    write_figure(out, wiring_figure(view, {.title = net.title}),
                 format == "pdf" ? FigureFormat::pdf : FigureFormat::svg);
  } else if (format == "onnx") {
    write_file(out, sgd::onnx_model(as_mlp(net), {.colour_head = colour_head}));
  } else if (format == "json") {
    write_file(out, net.genome ? neat::genome_json(*net.genome) : sgd::mlp_json(as_mlp(net)));
  } else if (net.genome) {
    neat::write_picbreeder(out, std::span(&*net.genome, 1));
  } else {
    throw ConfigError("only a genome can be written as Picbreeder's; `skein lift` makes one of an MLP");
  }
}

}  // namespace

Command export_command() {
  return {"export", std::string(group_convert),
          "for NumPy, ONNX, Graphviz, Picbreeder, as JSON to edit; a drawing of the wiring",
          "skein export @face --out face.svg", [](CLI::App& app) -> RunCommand {
            const auto net = std::make_shared<std::string>(), out = std::make_shared<std::string>(),
                       format = std::make_shared<std::string>();
            app.add_option("NET,--net", *net, "file, folder, run or @name of a network")->required();
            app.add_option("--out", *out, "file, or folder for npy-folder")->required();
            app.add_option("--format", *format,
                           "npy-folder, npz, graphviz, svg, pdf, picbreeder, json or onnx (default: by the "
                           "name of --out)")
                ->check(CLI::IsMember(formats));
            const auto colour_head = std::make_shared<bool>(false);
            app.add_flag("--colour-head", *colour_head, "onnx: a second output, rgb in [0, 1]");
            return [net, out, format, colour_head](const Session& session) {
              session.refuse_existing(*out);
              const std::string chosen = format->empty() ? format_by_name(*out) : *format;
              if (*colour_head && chosen != "onnx")
                throw ConfigError("--colour-head belongs to the format onnx, not to " + chosen);
              write(load_net(*net), chosen, *out, *colour_head);
              return Outcome{{{"out", *out}, {"format", chosen}}, {}};
            };
          }};
}

}  // namespace skein::experiments
