#include "experiments/report/report_network.hpp"

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>

#include "lib/base/base64.hpp"

namespace skein::experiments {
namespace {

template <class T>
std::string packed(const std::vector<T>& values) {
  static_assert(std::endian::native == std::endian::little);
  std::string bytes(values.size() * sizeof(T), '\0');
  if (!values.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
  return base64(bytes);
}

}  // namespace

nlohmann::ordered_json network_json(const NetworkView& view) {
  const Network& net = view.network;
  std::vector<std::uint8_t> activation, flags;
  for (const Unit& unit : net.units()) activation.push_back(static_cast<std::uint8_t>(unit.activation));
  std::vector<std::uint32_t> source, slot;
  std::vector<float> weight;
  bool tied = false;
  for (const Edge& edge : net.edges()) {
    tied |= edge.slot != slot.size();
    source.push_back(edge.source);
    slot.push_back(edge.slot);
    weight.push_back(view.weights[edge.slot]);
  }
  std::vector<std::uint16_t> layer, column;
  auto names = nlohmann::ordered_json::array();
  bool copies = false, output_row = false;
  for (const ValuePlace& place : view.places) {
    layer.push_back(static_cast<std::uint16_t>(place.layer));
    column.push_back(static_cast<std::uint16_t>(place.column));
    const int presence = place.presence == Presence::used ? 0 : place.presence == Presence::unused ? 2 : 4;
    flags.push_back(static_cast<std::uint8_t>(presence | (place.copy ? 1 : 0)));
    names.push_back(place.layer == 0 ? "" : place.name);
    copies |= place.copy;
    output_row |= place.kind == "output";
  }
  auto groups = nlohmann::ordered_json::array();
  for (const auto& group : view.groups) groups.push_back({group.kind, group.first, group.count});
  auto kinds = nlohmann::ordered_json::array();
  for (const Activation a : all_activations) kinds.push_back(name(a));
  nlohmann::ordered_json arrays{{"activation", packed(activation)}, {"source", packed(source)},
                                {"weight", packed(weight)},         {"layer", packed(layer)},
                                {"column", packed(column)},         {"flags", packed(flags)}};
  arrays["first"] = packed(std::vector<std::uint32_t>(net.first_edge().begin(), net.first_edge().end()));
  if (tied) arrays["slot"] = packed(slot);
  return {{"inputs", net.signature().inputs},
          {"outputs", std::vector<ValueIndex>(net.outputs().begin(), net.outputs().end())},
          {"draws", net.signature().outputs == picture_signature().outputs},
          {"kinds", kinds},
          {"layers", view.layers},
          {"columns", view.columns},
          {"groups", groups},
          {"copies", copies},
          {"outputRow", output_row},
          {"names", names},
          {"packed", arrays}};
}

}  // namespace skein::experiments
