// The type Net of the module: what draws.
#include <pybind11/stl.h>

#include "bridge/compare_wirings.hpp"
#include "bridge/layerize.hpp"
#include "experiments/figures/feature_arrays.hpp"
#include "experiments/nets/load_net.hpp"
#include "experiments/nets/net_description.hpp"
#include "experiments/nets/target_picture.hpp"
#include "experiments/python/arrays.hpp"
#include "experiments/python/held_net.hpp"
#include "experiments/python/layers.hpp"
#include "lib/base/error.hpp"
#include "lib/files/framed_file.hpp"
#include "lib/picture/image.hpp"
#include "neat/files/genome_file.hpp"
#include "sgd/mlp/mlp_file.hpp"

namespace skein::python {
namespace {

namespace py = pybind11;
using experiments::Net;
using experiments::NetSource;

Grid grid_of(const py::object& size, double extent) {
  Grid grid{.extent = extent};
  if (py::isinstance<py::int_>(size)) {
    grid.width = grid.height = size.cast<int>();
  } else if (py::isinstance<py::sequence>(size) && py::len(size) == 2) {
    grid.height = py::cast<int>(size[py::int_(0)]);
    grid.width = py::cast<int>(size[py::int_(1)]);
  } else {
    throw ConfigError("size must be a number of pixels, or (rows, columns)");
  }
  validate(grid);
  return grid;
}

void require_drawing(const HeldNet& net) {
  if (!net.net().draws())
    throw ConfigError(net.net().title +
                      ": this network does not draw; its inputs and outputs are not those of a picture");
}

py::array_t<float> render(const HeldNet& net, const py::object& size, double extent) {
  require_drawing(net);
  const Grid grid = grid_of(size, extent);
  Picture picture;
  {
    const py::gil_scoped_release unlocked;
    picture = draw(net.plan(), net.net().weights, grid);
  }
  return array_of(picture);
}

py::list maps(const HeldNet& net, const py::object& size, double extent) {
  require_drawing(net);
  const Grid grid = grid_of(size, extent);
  ArrayMap arrays;
  {
    const py::gil_scoped_release unlocked;
    arrays = experiments::feature_arrays(net.mlp(), grid);
  }
  py::list layers;
  for (auto& [name, array] : arrays) {
    if (!name.starts_with("layer_")) continue;
    layers.append(owned(std::get<std::vector<float>>(std::move(array.values)),
                        {static_cast<py::ssize_t>(array.shape[0]), grid.height, grid.width}));
  }
  return layers;
}

/// The raw outputs at given inputs, (samples, outputs).
py::array_t<float> outputs(const HeldNet& net, const py::object& inputs) {
  const SampleTable table = table_of(inputs, "the inputs");
  const Network& network = net.net().network;
  if (table.inputs != network.input_count())
    throw ConfigError("the inputs have " + std::to_string(table.inputs) + " columns; " + net.net().title +
                      " reads " + std::to_string(network.input_count()));
  const auto count = static_cast<std::size_t>(network.output_count());
  std::vector<float> planes(count * table.count), rows(planes.size());
  {
    const py::gil_scoped_release unlocked;
    if (table.count > 0) evaluate(net.plan(), net.net().weights, table, planes);
    for (std::size_t s = 0; s < table.count; ++s)
      for (std::size_t o = 0; o < count; ++o) rows[s * count + o] = planes[o * table.count + s];
  }
  return owned(std::move(rows), {static_cast<py::ssize_t>(table.count), static_cast<py::ssize_t>(count)});
}

NetPointer layerize(const HeldNet& net) {
  if (!net.net().genome) throw ConfigError(net.net().title + ": is an MLP already, layerize takes a genome");
  const py::gil_scoped_release unlocked;
  return held(net.mlp(), net.net().title);
}

NetPointer lift(const HeldNet& net, bool keep_dead) {
  if (!net.net().mlp) throw ConfigError(net.net().title + ": is a genome already, lift takes an MLP");
  const py::gil_scoped_release unlocked;
  neat::AnnotatedGenome genome = bridge::lift(net.mlp(), keep_dead);
  genome.notes.name = net.net().title;
  return held(experiments::net_of(std::move(genome), net.net().title, NetSource::genome_file));
}

NetPointer load(const std::string& argument) {
  const py::gil_scoped_release unlocked;
  return held(experiments::load_net(argument), argument);
}

void save(const HeldNet& net, const std::string& file) {
  const py::gil_scoped_release unlocked;
  if (net.net().genome) neat::write_genome(file, *net.net().genome);
  else sgd::write_mlp(file, net.mlp());
}

py::tuple state_of(const HeldNet& net) {
  const std::string bytes =
      net.net().genome ? neat::genome_bytes(*net.net().genome) : sgd::encode_mlp(net.mlp());
  return py::make_tuple(net.net().title, net.argument(), py::bytes(bytes));
}

NetPointer from_state(const py::tuple& state) {
  if (state.size() != 3) throw FormatError("a pickled network is of another version");
  const auto title = state[0].cast<std::string>(), argument = state[1].cast<std::string>(),
             bytes = state[2].cast<std::string>();
  if (framed_kind(bytes) == neat::genome_file_kind)
    return held(experiments::net_of(neat::parse_genome(bytes, title), title, NetSource::genome_file),
                argument);
  return held(experiments::net_of(sgd::decode_mlp(bytes, title), title, NetSource::mlp_file), argument);
}

py::dict compare_wirings(const HeldNet& reference, const HeldNet& candidate, int null_samples,
                         std::uint64_t seed, int size) {
  std::vector<std::pair<std::string, double>> numbers;
  {
    const py::gil_scoped_release unlocked;
    numbers = bridge::named(
        bridge::compare_wirings(bridge::plain_wiring(reference.net().network, reference.net().weights),
                                bridge::plain_wiring(candidate.net().network, candidate.net().weights),
                                {.size = size, .null_samples = null_samples, .seed = seed}));
  }
  py::dict dict;
  for (const auto& [name, value] : numbers) dict[py::str(name)] = value;
  return dict;
}

void write_picture(const std::string& file, const py::object& array) {
  write_png(file, to_image(picture_of(array)));
}

std::string text_of(const HeldNet& net) {
  return "<skein.Net " + net.net().title + ": " + net.net().kind() + ", " +
         std::to_string(net.net().network.unit_count()) + " units, " +
         std::to_string(net.net().network.edge_count()) + " weights>";
}

bool same(const HeldNet& a, const HeldNet& b) {
  return a.net().network == b.net().network && a.net().weights == b.net().weights;
}

}  // namespace

void bind_networks(py::module_& module) {
  py::class_<HeldNet, std::shared_ptr<HeldNet>>(
      module, "Net",
      "Whatever draws, or computes anything else: a genome or a layered network. Never changed once made; "
      "threads may\n"
      "share it; it can be pickled. Arrays that it gives are the caller's own.")
      .def("render", &render, py::arg("size") = experiments::default_picture_size, py::arg("extent") = 1.0,
           "The picture: float32 of shape (rows, columns, 3), red, green, blue from 0 to 1. `size`: pixels a "
           "side, or\n"
           "(rows, columns). x and y span [-extent, extent]; row 0 is the top, y = -extent.")
      .def("maps", &maps, py::arg("size") = 64, py::arg("extent") = 1.0,
           "Every unit's map: a list, one array a layer, float32 of shape (units, rows, columns), raw "
           "values. The first\n"
           "is the inputs (x, y, d, bias), the last the outputs (hue, saturation, brightness). A genome's "
           "maps are\n"
           "those of its layered form.")
      .def("__call__", &outputs, py::arg("inputs"),
           "The raw outputs, float32 (samples, outputs), at `inputs` of shape (samples, inputs).")
      .def(
          "info", [](const HeldNet& net) { return to_python(experiments::describe(net.net())); },
          "What it is, as `skein info --json`: kind, nodes, links, depth, arch, width, parameters, nonzero, "
          "copies,\n"
          "activations, warnings, ...")
      .def("layerize", &layerize,
           "A genome as a masked layered network, exactly. ConfigError for a layered one.")
      .def("lift", &lift, py::arg("keep_dead") = false,
           "A layered network as a genome, copies contracted. ConfigError for a genome.")
      .def("keep", &keep, py::arg("masks"),
           "The network with only the weights that `masks` marks: a list of arrays (in, out), one a layer as "
           "in .masks,\n"
           "not 0 where a weight stays. ConfigError for other shapes and for marks where there is no weight.")
      .def("with_weights", &with_weights, py::arg("weights"),
           "The network with other weights: a list of arrays (in, out), one a layer as in .weights, 0 where "
           "the network\n"
           "has none.")
      .def("save", &save, py::arg("file"),
           "Writes it to a file of skein's: a genome or an MLP; under a name that ends in .json as JSON.")
      .def_property_readonly(
          "weights", [](const HeldNet& net) { return layer_weights(net); },
          "The weights, a list of float32 (in, out), one a layer; 0 where there is none. Of a genome: of its "
          "layered\n"
          "form.")
      .def_property_readonly(
          "masks", [](const HeldNet& net) { return layer_masks(net); },
          "Which weights exist, a list of uint8 (in, out): 0 none, 1 a weight, 2 the weight of a copy that "
          "is carried up.")
      .def_property_readonly(
          "title", [](const HeldNet& net) { return net.net().title; }, "What people call it.")
      .def_property_readonly(
          "kind", [](const HeldNet& net) { return std::string(net.net().kind()); }, "\"genome\" or \"mlp\".")
      .def_property_readonly(
          "draws", [](const HeldNet& net) { return net.net().draws(); },
          "Whether it reads a picture's inputs and gives hue, saturation and brightness.")
      .def_property_readonly("argument", &HeldNet::argument,
                             "What it was loaded from; empty for one that was made here.")
      .def_property_readonly(
          "inputs", [](const HeldNet& net) { return net.net().network.signature().inputs; },
          "The names of what it reads.")
      .def_property_readonly(
          "outputs", [](const HeldNet& net) { return net.net().network.signature().outputs; },
          "The names of what it gives.")
      .def("__eq__", &same, py::is_operator())
      .def("__hash__", [](const HeldNet& net) { return net.net().network.edge_count(); })
      .def("__repr__", &text_of)
      .def(py::pickle(&state_of, &from_state));
  module.def("load", &load, py::arg("argument"));
  module.def("write_png", &write_picture, py::arg("file"), py::arg("picture"));
  module.def("from_arrays", &from_arrays, py::arg("arch"), py::arg("weights"), py::arg("masks"),
             py::arg("inputs"), py::arg("outputs"));
  module.def("dense", &dense, py::arg("arch"), py::arg("inputs"), py::arg("outputs"), py::arg("seed"),
             py::arg("scale"));
  module.def("compare_wirings", &compare_wirings, py::arg("reference"), py::arg("candidate"),
             py::arg("null_samples"), py::arg("seed"), py::arg("size"));
}

}  // namespace skein::python
