#include "sgd/mlp/onnx_file.hpp"

#include <algorithm>
#include <bit>

#include "lib/base/error.hpp"
#include "lib/files/npy.hpp"
#include "lib/files/protobuf.hpp"
#include "sgd/mlp/mlp_folder.hpp"
#include "sgd/mlp/onnx_fields.hpp"

namespace skein::sgd {
namespace {

static_assert(std::endian::native == std::endian::little);

/// A graph as it grows: each operation gives the name of what it computes.
class OnnxGraph {
 public:
  using Names = std::vector<std::string>;

  template <class T>
  std::string constant(const std::string& name, const std::vector<std::size_t>& shape,
                       const std::vector<T>& values, int type) {
    ProtoMessage tensor;
    for (const std::size_t side : shape) tensor.number(onnx::tensor::dims, side);
    tensor.number(onnx::tensor::data_type, static_cast<std::uint64_t>(type));
    tensor.bytes(onnx::tensor::name, name);
    tensor.bytes(onnx::tensor::raw_data,
                 {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)});
    graph_.bytes(onnx::graph::initializer, tensor.written());
    return name;
  }
  /// A number that is added or multiplied everywhere; made when first used.
  std::string number(float value, const std::string& name) {
    if (std::ranges::find(numbers_, name) != numbers_.end()) return name;
    numbers_.push_back(name);
    return constant(name, {}, std::vector{value}, onnx::float32_type);
  }
  /// `attribute` may be left empty.
  void operation(const std::string& kind, const Names& inputs, const Names& outputs,
                 const std::string& attribute = {}, std::int64_t value = 0) {
    ProtoMessage node;
    for (const std::string& input : inputs) node.bytes(onnx::node::input, input);
    for (const std::string& output : outputs) node.bytes(onnx::node::output, output);
    node.bytes(onnx::node::name, outputs[0]);
    node.bytes(onnx::node::op_type, kind);
    if (!attribute.empty()) {
      ProtoMessage message;
      message.bytes(onnx::attribute::name, attribute);
      message.number(onnx::attribute::whole, static_cast<std::uint64_t>(value));
      message.number(onnx::attribute::type, onnx::attribute::whole_type);
      node.bytes(onnx::node::attribute, message.written());
    }
    graph_.bytes(onnx::graph::node, node.written());
  }
  std::string apply(const std::string& kind, const Names& inputs, const std::string& output,
                    const std::string& attribute = {}, std::int64_t value = 0) {
    operation(kind, inputs, {output}, attribute, value);
    return output;
  }
  /// What goes in or comes out, of shape (N, width).
  void port(int field, const std::string& name, std::size_t width) {
    ProtoMessage samples, side, shape, tensor, type, info;
    samples.bytes(onnx::shape::symbol, "N");
    side.number(onnx::shape::size, width);
    shape.bytes(onnx::shape::dimension, samples.written());
    shape.bytes(onnx::shape::dimension, side.written());
    tensor.number(onnx::value_type::element, onnx::float32_type);
    tensor.bytes(onnx::value_type::shape, shape.written());
    type.bytes(onnx::value_type::tensor, tensor.written());
    info.bytes(onnx::value_info::name, name);
    info.bytes(onnx::value_info::type, type.written());
    graph_.bytes(field, info.written());
  }
  const std::string& finish() {
    graph_.bytes(onnx::graph::name, "skein");
    return graph_.written();
  }

 private:
  ProtoMessage graph_;
  Names numbers_;
};

/// Units of one activation that stand side by side.
struct UnitRun {
  UnitKind kind;
  std::size_t count = 0;
};

std::vector<UnitRun> runs_of(const std::vector<MlpUnit>& units) {
  std::vector<UnitRun> runs;
  for (const MlpUnit& unit : units) {
    if (runs.empty() || runs.back().kind != unit.kind) runs.push_back({unit.kind, 0});
    ++runs.back().count;
  }
  return runs;
}

std::string activated(OnnxGraph& graph, Activation activation, const std::string& sums,
                      const std::string& out) {
  switch (activation) {
    case Activation::identity:
      return sums;
    case Activation::sin:
      return graph.apply("Sin", {sums}, out);
    case Activation::cos:
      return graph.apply("Cos", {sums}, out);
    case Activation::tanh:
      return graph.apply("Tanh", {sums}, out);
    case Activation::relu:
      return graph.apply("Relu", {sums}, out);
    case Activation::sigmoid:
      return graph.apply("Tanh", {graph.apply("Mul", {sums, graph.number(0.5f, "half")}, out + "_half")},
                         out);
    case Activation::gaussian: {
      const std::string square = graph.apply("Mul", {sums, sums}, out + "_square");
      const std::string bell =
          graph.apply("Exp", {graph.apply("Neg", {square}, out + "_negative")}, out + "_bell");
      const std::string twice = graph.apply("Mul", {bell, graph.number(2, "two")}, out + "_twice");
      return graph.apply("Sub", {twice, graph.number(1, "one")}, out);
    }
    case Activation::steep_sigmoid: {
      const std::string steep = graph.number(static_cast<float>(steep_sigmoid_slope), "steepness");
      return graph.apply("Sigmoid", {graph.apply("Mul", {sums, steep}, out + "_steep")}, out);
    }
  }
  return sums;
}

/// The layer's units: each run its activation, joined again.
std::string unit_values(OnnxGraph& graph, const std::vector<MlpUnit>& units, const std::string& sums,
                        const std::string& layer) {
  const std::vector<UnitRun> runs = runs_of(units);
  if (runs.size() == 1) return activated(graph, runs[0].kind.activation, sums, "units_" + layer);
  std::vector<std::int64_t> sizes;
  OnnxGraph::Names parts, values;
  for (const UnitRun& run : runs) {
    sizes.push_back(static_cast<std::int64_t>(run.count));
    parts.push_back("sums_" + layer + "_" + std::to_string(parts.size()));
  }
  const std::string split = graph.constant("runs_" + layer, {sizes.size()}, sizes, onnx::int64_type);
  graph.operation("Split", {sums, split}, parts, "axis", 1);
  for (std::size_t r = 0; r < runs.size(); ++r)
    values.push_back(
        activated(graph, runs[r].kind.activation, parts[r], "units_" + layer + "_" + std::to_string(r)));
  return graph.apply("Concat", values, "units_" + layer, "axis", 1);
}

/// lib/picture/colour.hpp in ONNX's operations.
void add_colour_head(OnnxGraph& graph) {
  const std::string zero = graph.number(0, "zero"), one = graph.number(1, "one"),
                    four = graph.number(4, "four"), six = graph.number(6, "six");
  const std::string each =
      graph.constant("each_output", {3}, std::vector<std::int64_t>{1, 1, 1}, onnx::int64_type);
  const std::string sectors =
      graph.constant("sectors", {1, 3}, std::vector<float>{5, 3, 1}, onnx::float32_type);
  graph.operation("Split", {"outputs", each}, {"raw_hue", "raw_saturation", "raw_brightness"}, "axis", 1);
  const std::string turn = graph.apply("Add", {"raw_hue", one}, "turn");
  const std::string hue = graph.apply("Sub", {turn, graph.apply("Floor", {turn}, "whole_turns")}, "hue");
  const std::string saturation = graph.apply("Clip", {"raw_saturation", zero, one}, "saturation");
  const std::string value = graph.apply(
      "Clip", {graph.apply("Abs", {"raw_brightness"}, "size_of_brightness"), zero, one}, "brightness");
  const std::string place =
      graph.apply("Add", {graph.apply("Mul", {hue, six}, "six_hues"), sectors}, "place");
  const std::string rounds = graph.apply("Floor", {graph.apply("Div", {place, six}, "sixths")}, "rounds");
  const std::string k =
      graph.apply("Sub", {place, graph.apply("Mul", {rounds, six}, "whole_rounds")}, "sector");
  const std::string nearer = graph.apply("Min", {k, graph.apply("Sub", {four, k}, "sector_down")}, "nearer");
  const std::string ramp = graph.apply("Clip", {nearer, zero, one}, "ramp");
  const std::string chroma = graph.apply("Mul", {value, saturation}, "chroma");
  graph.apply("Sub", {value, graph.apply("Mul", {chroma, ramp}, "darkening")}, "rgb");
}

/// "cache:3,sin:1;gaussian:2": runs of units, layer after layer.
std::string units_text(const Wiring& wiring) {
  std::string text;
  for (std::size_t l = 0; l < wiring.hidden.size(); ++l) {
    std::string layer;
    for (const UnitRun& run : runs_of(wiring.hidden[l]))
      layer += (layer.empty() ? "" : ",") + std::string(name(run.kind)) + ":" + std::to_string(run.count);
    text += (l == 0 ? "" : ";") + layer;
  }
  return text;
}

std::string joined_names(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ",") + name;
  return text;
}

}  // namespace

std::string onnx_model(const Mlp& mlp, const OnnxOptions& options) {
  validate(mlp);
  const Signature& signature = mlp.wiring.signature;
  if (options.colour_head && signature.outputs != picture_signature().outputs)
    throw ConfigError("a colour head needs the outputs hue, saturation and brightness");
  for (const auto* names : {&signature.inputs, &signature.outputs})
    for (const std::string& name : *names)
      if (name.find(',') != std::string::npos)
        throw ConfigError("'" + name +
                          "': names of inputs and outputs with a comma cannot be written as ONNX");
  OnnxGraph graph;
  std::string values = "samples";
  const ArrayMap arrays = weight_arrays(mlp);
  for (int l = 0; l <= mlp.wiring.depth(); ++l) {
    const std::string layer = (l < 10 ? "0" : "") + std::to_string(l);
    const Array &weights = arrays.at("layer_" + layer), &mask = arrays.at("mask_" + layer);
    const std::string w = graph.constant("layer_" + layer, weights.shape,
                                         std::get<std::vector<float>>(weights.values), onnx::float32_type);
    const std::string m = graph.constant("mask_" + layer, mask.shape,
                                         std::get<std::vector<std::uint8_t>>(mask.values), onnx::uint8_type);
    const std::string cast = graph.apply("Cast", {m}, "kinds_" + layer, "to", onnx::float32_type);
    const std::string kept = graph.apply("Min", {cast, graph.number(1, "one")}, "kept_" + layer);
    const std::string masked = graph.apply("Mul", {w, kept}, "masked_" + layer);
    const bool last = l == mlp.wiring.depth();
    const std::string sums = graph.apply("MatMul", {values, masked}, last ? "outputs" : "sums_" + layer);
    if (!last) values = unit_values(graph, mlp.wiring.hidden[static_cast<std::size_t>(l)], sums, layer);
  }
  if (options.colour_head) add_colour_head(graph);
  graph.port(onnx::graph::input, "samples", signature.inputs.size());
  graph.port(onnx::graph::output, "outputs", signature.outputs.size());
  if (options.colour_head) graph.port(onnx::graph::output, "rgb", 3);

  ProtoMessage model, opset;
  model.number(onnx::model::ir_version, onnx_ir_version);
  model.bytes(onnx::model::producer_name, "skein");
  model.bytes(onnx::model::graph, graph.finish());
  opset.number(onnx::opset::version, onnx_opset);
  model.bytes(onnx::model::opset_import, opset.written());
  for (const auto& [key, value] :
       {std::pair<std::string, std::string>{"inputs", joined_names(signature.inputs)},
        {"outputs", joined_names(signature.outputs)},
        {"units", units_text(mlp.wiring)}}) {
    ProtoMessage property;
    property.bytes(onnx::property::key, key);
    property.bytes(onnx::property::value, value);
    model.bytes(onnx::model::metadata, property.written());
  }
  return model.written();
}

}  // namespace skein::sgd
