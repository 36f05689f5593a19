#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sgd/mlp/mlp.hpp"

namespace skein::sgd {

inline constexpr std::uint64_t onnx_opset = 13;
inline constexpr std::uint64_t onnx_ir_version = 8;

struct OnnxOptions {
  bool colour_head = false;  ///< a second output "rgb" beside the raw hue, saturation and brightness
};

/// The network as an ONNX model of opset 13 (onnx.ai, "Open Neural Network Exchange Intermediate Representation").
///
///     samples   input, float32 (N, inputs): x, y, d, bias for a network that draws
///     outputs   output, float32 (N, outputs), linear: hue, saturation, brightness
///     rgb       output, float32 (N, 3) in [0, 1], with the colour head
///     layer_NN  initializer, float32 (in, out); NN = 00 is fed by the inputs
///     mask_NN   initializer, uint8 (in, out): 0 no weight, 1 a weight, 2 a copy's weight
///
/// A layer multiplies its input by layer_NN, masked by mask_NN, and applies each run of equal units its activation. The
/// model's properties name inputs, outputs and units, so that `parse_onnx` finds the network again. Initial weights and
/// the nodes that units came from are not kept. Throws ConfigError as `validate` does, or when a colour head is asked
/// for of a network that does not draw.
std::string onnx_model(const Mlp& mlp, const OnnxOptions& options = {});

/// Whether the bytes begin as a model that skein wrote.
bool may_be_onnx(std::string_view bytes);

/// The network of such a model. Throws FormatError naming the file: damaged, a property or an initializer missing,
/// arrays that do not fit the units.
Mlp parse_onnx(std::string_view bytes, const std::string& name);

}  // namespace skein::sgd
