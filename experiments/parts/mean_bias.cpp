#include "experiments/parts/mean_bias.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "lib/base/error.hpp"

namespace skein::experiments {

WithBiases with_biases(const Network& network) {
  const auto& inputs = network.signature().inputs;
  const auto found = std::ranges::find(inputs, "bias");
  if (found == inputs.end()) throw ConfigError("replacing by means needs an input called bias");
  const auto constant = static_cast<ValueIndex>(found - inputs.begin());
  WithBiases result;
  NetworkBuilder builder(network.signature());
  auto next = static_cast<Slot>(network.slot_count());
  for (int u = 0; u < network.unit_count(); ++u) {
    std::vector<Edge> edges(network.edges_of(u).begin(), network.edges_of(u).end());
    result.bias.push_back(edges.empty() ? WithBiases::none : next);
    if (!edges.empty()) edges.push_back({constant, next++});
    builder.add_unit(network.units()[static_cast<std::size_t>(u)], edges);
  }
  result.network =
      std::move(builder).finish({network.outputs().begin(), network.outputs().end()}, static_cast<int>(next));
  return result;
}

std::vector<double> mean_values(const Plan& plan, std::span<const float> weights, const Grid& grid,
                                std::span<const std::uint8_t> marked) {
  const Network& network = plan.network();
  std::vector<ValueIndex> values(static_cast<std::size_t>(network.value_count()));
  std::iota(values.begin(), values.end(), ValueIndex{0});
  PixelSubset samples{grid, {}};
  for (std::size_t p = 0; p < marked.size(); ++p)
    if (marked[p]) samples.pixels.push_back(static_cast<std::uint32_t>(p));
  const std::size_t count = samples.pixels.size();
  std::vector<float> maps(values.size() * count);
  std::vector<double> means(values.size(), 0.0);
  if (count == 0) return means;
  feature_maps(plan, weights, samples, values, maps);
  for (std::size_t v = 0; v < values.size(); ++v) {
    double sum = 0;
    for (std::size_t p = 0; p < count; ++p) sum += static_cast<double>(maps[v * count + p]);
    means[v] = std::isfinite(sum) ? sum / static_cast<double>(count) : 0.0;
  }
  return means;
}

}  // namespace skein::experiments
