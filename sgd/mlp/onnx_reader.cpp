// The reverse of onnx_file.cpp: the network of a model that skein wrote.
#include <charconv>
#include <cmath>
#include <cstring>
#include <map>

#include "lib/base/error.hpp"
#include "lib/files/protobuf.hpp"
#include "sgd/mlp/onnx_fields.hpp"
#include "sgd/mlp/onnx_file.hpp"

namespace skein::sgd {
namespace {

[[noreturn]] void refuse_onnx(const std::string& name, const std::string& cause) {
  throw FormatError(name + ": " + cause);
}

std::vector<std::string_view> split_text(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = std::min(text.find(at), text.size());
    parts.push_back(text.substr(0, end));
    if (end == text.size()) return parts;
    text.remove_prefix(end + 1);
  }
}

struct OnnxTensor {
  std::vector<std::uint64_t> dims;
  std::uint64_t type = 0;
  std::string_view data;
};

/// What the file holds: properties by key, tensors by name.
struct OnnxContent {
  std::map<std::string, std::string, std::less<>> properties;
  std::map<std::string, OnnxTensor, std::less<>> tensors;
};

OnnxTensor tensor_of(std::string_view message, std::string& tensor_name, const std::string& name) {
  const auto fields = proto_fields(message, name);
  OnnxTensor tensor{proto_numbers(fields, onnx::tensor::dims, name), 0, {}};
  for (const ProtoField& field : fields) {
    if (field.number == onnx::tensor::data_type) tensor.type = field.value;
    if (field.number == onnx::tensor::name) tensor_name = field.bytes;
    if (field.number == onnx::tensor::raw_data) tensor.data = field.bytes;
  }
  return tensor;
}

OnnxContent content_of(std::string_view bytes, const std::string& name) {
  OnnxContent content;
  for (const ProtoField& part : proto_fields(bytes, name)) {
    if (part.number == onnx::model::metadata) {
      std::string key, value;
      for (const ProtoField& field : proto_fields(part.bytes, name))
        (field.number == onnx::property::key ? key : value) = field.bytes;
      content.properties[key] = value;
    }
    if (part.number != onnx::model::graph) continue;
    for (const ProtoField& field : proto_fields(part.bytes, name)) {
      if (field.number != onnx::graph::initializer) continue;
      std::string tensor_name;
      const OnnxTensor tensor = tensor_of(field.bytes, tensor_name, name);
      content.tensors[tensor_name] = tensor;
    }
  }
  return content;
}

const std::string& property_of(const OnnxContent& content, const char* key, const std::string& name) {
  const auto found = content.properties.find(key);
  if (found == content.properties.end())
    refuse_onnx(name, std::string("has no property '") + key + "', which skein writes");
  return found->second;
}

std::vector<std::string> names_of(const std::string& text) {
  std::vector<std::string> names;
  for (const std::string_view part : split_text(text, ',')) names.emplace_back(part);
  return names;
}

std::vector<std::vector<MlpUnit>> units_of(const std::string& text, const std::string& name) {
  std::vector<std::vector<MlpUnit>> hidden;
  for (const std::string_view layer : split_text(text, ';')) {
    auto& units = hidden.emplace_back();
    for (const std::string_view run : split_text(layer, ',')) {
      const auto colon = run.find(':');
      MlpUnit unit;
      const std::string_view kind = run.substr(0, colon);
      if (kind == "cache") unit.kind.cache = true;
      else if (const auto activation = parse_activation(kind)) unit.kind.activation = *activation;
      else refuse_onnx(name, "names units of an unknown kind");
      std::size_t count = 0;
      const char* end = run.data() + run.size();
      const auto [last, error] = colon == std::string_view::npos
                                     ? std::from_chars_result{run.data(), std::errc::invalid_argument}
                                     : std::from_chars(run.data() + colon + 1, end, count);
      const std::size_t room = static_cast<std::size_t>(widest_mlp) - units.size();
      if (error != std::errc{} || last != end || count > room) refuse_onnx(name, "counts units wrongly");
      units.insert(units.end(), count, unit);
    }
    if (hidden.size() > static_cast<std::size_t>(deepest_mlp)) refuse_onnx(name, "has too many layers");
  }
  return hidden;
}

std::string_view data_of(const OnnxContent& content, const std::string& tensor_name, MatrixShape shape,
                         int type, std::size_t size, const std::string& name) {
  const auto found = content.tensors.find(tensor_name);
  if (found == content.tensors.end()) refuse_onnx(name, "has no initializer '" + tensor_name + "'");
  const OnnxTensor& tensor = found->second;
  const std::vector<std::uint64_t> wanted{static_cast<std::uint64_t>(shape.columns),
                                          static_cast<std::uint64_t>(shape.rows)};
  const std::size_t places = static_cast<std::size_t>(shape.rows) * static_cast<std::size_t>(shape.columns);
  if (tensor.dims != wanted || tensor.type != static_cast<std::uint64_t>(type) ||
      tensor.data.size() != places * size)
    refuse_onnx(name,
                "its initializer '" + tensor_name + "' has not the shape or type that its units ask for");
  return tensor.data;
}

/// The layer's existing weights, from arrays of shape (in, out).
void read_layer(const OnnxContent& content, int l, Mlp& mlp, const std::string& name) {
  const MatrixShape shape = mlp.wiring.shape(l);
  const std::string layer = (l < 10 ? "0" : "") + std::to_string(l);
  const auto weights = data_of(content, "layer_" + layer, shape, onnx::float32_type, sizeof(float), name);
  const auto mask = data_of(content, "mask_" + layer, shape, onnx::uint8_type, 1, name);
  const auto rows = static_cast<std::size_t>(shape.rows), columns = static_cast<std::size_t>(shape.columns);
  auto& masks = mlp.wiring.masks.emplace_back(rows * columns);
  auto& copies = mlp.wiring.copies.emplace_back(rows * columns);
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < columns; ++c) {
      const auto kind = static_cast<unsigned char>(mask[c * rows + r]);
      float weight = 0;
      std::memcpy(&weight, weights.data() + (c * rows + r) * sizeof weight, sizeof weight);
      if (kind > 2 || !std::isfinite(weight))
        refuse_onnx(name, "layer " + layer + " holds a weight that is none");
      masks[r * columns + c] = kind > 0 ? 1 : 0;
      copies[r * columns + c] = kind == 2 ? 1 : 0;
      if (kind > 0) mlp.weights.push_back(weight);
    }
}

}  // namespace

bool may_be_onnx(std::string_view bytes) { return bytes.starts_with("\x08\x08\x12\x05skein"); }

Mlp parse_onnx(std::string_view bytes, const std::string& name) {
  if (!may_be_onnx(bytes)) refuse_onnx(name, "not an ONNX model that skein wrote");
  const OnnxContent content = content_of(bytes, name);
  Mlp mlp;
  mlp.wiring.signature = {names_of(property_of(content, "inputs", name)),
                          names_of(property_of(content, "outputs", name))};
  mlp.wiring.hidden = units_of(property_of(content, "units", name), name);
  for (int l = 0; l <= mlp.wiring.depth(); ++l) read_layer(content, l, mlp, name);
  try {
    validate(mlp);
  } catch (const ConfigError& error) {
    refuse_onnx(name, error.what());
  }
  return mlp;
}

}  // namespace skein::sgd
