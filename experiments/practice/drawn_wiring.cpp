#include "experiments/practice/drawn_wiring.hpp"

#include <array>
#include <string>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"

namespace skein::experiments {
namespace {

constexpr std::array computing{Activation::gaussian, Activation::relu, Activation::sigmoid, Activation::sin,
                               Activation::tanh};

}  // namespace

sgd::Wiring drawn_wiring(const RandomWiring& law, std::uint64_t seed) {
  law.validate();
  sgd::Wiring wiring;
  wiring.signature = picture_signature();
  if (static_cast<std::size_t>(law.sources) != wiring.signature.inputs.size())
    throw ConfigError("a wiring of " + std::to_string(law.sources) + " sources for a picture's " +
                      std::to_string(wiring.signature.inputs.size()) + " inputs");
  const auto width = static_cast<std::size_t>(law.width), depth = static_cast<std::size_t>(law.depth);
  RandomStream random(seed, "drawn wiring");
  std::size_t below = wiring.signature.inputs.size();
  for (std::size_t layer = 0; layer < depth; ++layer) {
    auto& units = wiring.hidden.emplace_back(width);
    for (sgd::MlpUnit& unit : units)
      unit.kind.activation = computing[random.below(static_cast<std::uint32_t>(computing.size()))];
    wiring.masks.emplace_back(width * below, std::uint8_t{0});
    below = width;
  }
  const std::size_t outputs = wiring.signature.outputs.size();
  wiring.masks.emplace_back(outputs * below, std::uint8_t{1});
  std::vector<LayerArrow> arrows;
  draw_wiring(law, 0, seed, 0, &arrows);
  for (const LayerArrow& arrow : arrows) {
    const auto layer = static_cast<std::size_t>(arrow.layer), unit = static_cast<std::size_t>(arrow.unit);
    const std::size_t columns = layer == 0 ? wiring.signature.inputs.size() : width;
    wiring.masks[layer][unit * columns + static_cast<std::size_t>(arrow.source)] = 1;
    if (arrow.copy) wiring.hidden[layer][unit].kind = {Activation::identity, true};
  }
  for (const auto& mask : wiring.masks) wiring.copies.emplace_back(mask.size(), std::uint8_t{0});
  sgd::validate(wiring);
  return wiring;
}

}  // namespace skein::experiments
