#include "experiments/figures/feature_arrays.hpp"

#include <cstdio>

#include "lib/base/error.hpp"
#include "lib/engine/engine.hpp"

namespace skein::experiments {
namespace {

constexpr std::size_t most_bytes = std::size_t{2} << 30;

/// (planes, pixels) to (height, width, planes).
Array interleaved(std::span<const float> planes, std::size_t count, const Grid& grid) {
  const std::size_t pixels = grid.pixels();
  std::vector<float> out(count * pixels);
  for (std::size_t p = 0; p < pixels; ++p)
    for (std::size_t c = 0; c < count; ++c) out[p * count + c] = planes[c * pixels + p];
  return {{static_cast<std::size_t>(grid.height), static_cast<std::size_t>(grid.width), count},
          std::move(out)};
}

}  // namespace

ArrayMap feature_arrays(const sgd::Mlp& mlp, const Grid& grid) {
  validate(grid);
  const Network network = sgd::lower(mlp.wiring).network;
  const auto values = static_cast<std::size_t>(network.value_count());
  if ((values + 6) * grid.pixels() > most_bytes / sizeof(float))
    throw ConfigError("the maps of " + std::to_string(values) + " units at " + std::to_string(grid.width) +
                      " x " + std::to_string(grid.height) + " take over 2 GiB; a smaller --size does not");
  const Plan plan(network);
  std::vector<std::vector<ValueIndex>> layers(static_cast<std::size_t>(network.depth()) + 1);
  for (ValueIndex v = 0; v < values; ++v) {
    const bool input = v < static_cast<ValueIndex>(network.input_count());
    const auto layer = input ? 0
                             : static_cast<std::size_t>(
                                   network.units()[v - static_cast<ValueIndex>(network.input_count())].layer);
    layers[layer].push_back(v);
  }
  ArrayMap arrays;
  for (std::size_t l = 0; l < layers.size(); ++l) {
    std::vector<float> maps(layers[l].size() * grid.pixels());
    feature_maps(plan, mlp.weights, grid, layers[l], maps);
    char name[32];
    std::snprintf(name, sizeof name, "layer_%02zu", l);
    arrays[name] = {
        {layers[l].size(), static_cast<std::size_t>(grid.height), static_cast<std::size_t>(grid.width)},
        std::move(maps)};
  }
  std::vector<float> outputs(static_cast<std::size_t>(network.output_count()) * grid.pixels());
  evaluate(plan, mlp.weights, grid, outputs);
  arrays["hsv"] = interleaved(outputs, static_cast<std::size_t>(network.output_count()), grid);
  const Picture picture = draw(plan, mlp.weights, grid);
  arrays["rgb"] = interleaved(picture.rgb, 3, grid);
  return arrays;
}

}  // namespace skein::experiments
