#include "sgd/mlp/wiring_graph.hpp"

#include <algorithm>
#include <numeric>

#include "lib/graph/reachability.hpp"

namespace skein::sgd {

namespace {

using Values = std::vector<std::uint32_t>;

Values values_from(std::size_t first, std::size_t count) {
  Values values(count);
  std::iota(values.begin(), values.end(), static_cast<std::uint32_t>(first));
  return values;
}

Values input_values(const Wiring& wiring) { return values_from(0, wiring.signature.inputs.size()); }

Values output_values(const Wiring& wiring, const DirectedGraph& graph) {
  const std::size_t count = wiring.signature.outputs.size();
  return values_from(graph.nodes - count, count);
}

}  // namespace

DirectedGraph graph_of(const Wiring& wiring) {
  DirectedGraph graph;
  std::uint32_t below = 0, here = static_cast<std::uint32_t>(wiring.signature.inputs.size());
  for (std::size_t l = 0; l < wiring.masks.size(); ++l) {
    const std::uint32_t columns = here - below;
    for (std::uint32_t i = 0; i < wiring.masks[l].size(); ++i)
      if (wiring.masks[l][i] != 0) graph.edges.emplace_back(below + i % columns, here + i / columns);
    below = here;
    here += static_cast<std::uint32_t>(l < wiring.hidden.size() ? wiring.hidden[l].size()
                                                                : wiring.signature.outputs.size());
  }
  graph.nodes = here;
  return graph;
}

std::vector<std::uint8_t> reached_from_inputs(const Wiring& wiring) {
  return reached_from(graph_of(wiring), input_values(wiring));
}

std::vector<std::uint8_t> reaching_outputs(const Wiring& wiring) {
  const DirectedGraph graph = graph_of(wiring);
  return reaching(graph, output_values(wiring, graph));
}

bool connected(const Wiring& wiring) {
  const auto outputs = liveness(wiring).outputs;
  return std::ranges::all_of(outputs, [](std::uint8_t reached) { return reached != 0; });
}

int Liveness::units() const {
  int count = 0;
  for (const auto& layer : hidden) count += std::accumulate(layer.begin(), layer.end(), 0);
  return count;
}

int Liveness::outputs_reached() const { return std::accumulate(outputs.begin(), outputs.end(), 0); }

Liveness liveness(const Wiring& wiring) {
  const DirectedGraph graph = graph_of(wiring);
  const auto alive = on_a_path(graph, input_values(wiring), output_values(wiring, graph));
  auto next = alive.begin() + std::ssize(wiring.signature.inputs);
  Liveness result;
  for (const auto& layer : wiring.hidden) {
    result.hidden.emplace_back(next, next + std::ssize(layer));
    next += std::ssize(layer);
  }
  result.outputs.assign(next, alive.end());  // an output reaches itself
  return result;
}

}  // namespace skein::sgd
