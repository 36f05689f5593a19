#include "bridge/layerize.hpp"

#include <algorithm>
#include <map>

#include "lib/base/error.hpp"

namespace skein::bridge {

namespace {

using sgd::UnitKind;
using sgd::UnitOrigin;

/// The phenotype, with the layers between which each of its values has to be at hand.
struct Spans {
  neat::Phenotype phenotype;
  std::vector<int> first;         ///< per value: the layer that computes it; 0 for inputs
  std::vector<int> last;          ///< per value: the highest layer that holds it, as a copy above `first`
  int depth = 1;                  ///< hidden layers
  std::vector<ValueIndex> order;  ///< values in the order in which they get their columns
};

/// Inputs, then units as a depth-first evaluation of the outputs finishes them (following a unit's links in
/// the genome's order), then units that reach no output likewise.
std::vector<ValueIndex> order_of_evaluation(const neat::Phenotype& phenotype) {
  const Network& network = phenotype.network;
  const auto inputs = static_cast<ValueIndex>(network.input_count());
  std::vector<ValueIndex> order;
  std::vector<std::uint8_t> visited(static_cast<std::size_t>(network.value_count()), 0);
  for (ValueIndex v = 0; v < inputs; ++v) {
    visited[v] = 1;
    order.push_back(v);
  }
  struct Visit {
    ValueIndex value;
    std::vector<Edge> edges;
    std::size_t next = 0;
  };
  std::vector<Visit> open;
  const auto enter = [&](ValueIndex value) {
    visited[value] = 1;
    const auto incoming = network.edges_of(static_cast<int>(value - inputs));
    std::vector<Edge> edges(incoming.begin(), incoming.end());
    std::ranges::sort(edges, {}, [&](const Edge& edge) { return phenotype.link_of_slot[edge.slot]; });
    open.push_back({value, std::move(edges)});
  };
  const auto evaluate_from = [&](ValueIndex root) {
    if (visited[root] != 0) return;
    enter(root);
    while (!open.empty()) {
      Visit& visit = open.back();
      if (visit.next == visit.edges.size()) {
        order.push_back(visit.value);
        open.pop_back();
      } else if (const ValueIndex source = visit.edges[visit.next++].source; visited[source] == 0) {
        enter(source);
      }
    }
  };
  // A greyscale genome's ink comes before the two synthetic units that are fed by it.
  const auto outputs = network.outputs();
  const auto synthetic = [&](ValueIndex v) {
    return v >= inputs && phenotype.node_of_unit[v - inputs].branch == -1;
  };
  for (const ValueIndex output : outputs)
    if (!synthetic(output)) evaluate_from(output);
  for (const ValueIndex output : outputs) evaluate_from(output);
  for (ValueIndex v = inputs; v < static_cast<ValueIndex>(network.value_count()); ++v) evaluate_from(v);
  return order;
}

Spans spans_of(const neat::Genome& genome) {
  Spans spans{neat::express(genome), {}, {}, 1, {}};
  const Network& network = spans.phenotype.network;
  const auto inputs = static_cast<std::size_t>(network.input_count());
  spans.first.assign(inputs, 0);
  for (const Unit& unit : network.units()) spans.first.push_back(unit.layer);
  if (neat::is_greyscale(genome))
    for (std::size_t o = 0; o < 2; ++o)
      spans.first[network.outputs()[o]] = spans.first[network.outputs()[2]] + 1;
  spans.depth = *std::ranges::max_element(spans.first);
  if (spans.depth > sgd::deepest_mlp)
    throw ConfigError("layerize: the genome needs " + std::to_string(spans.depth) + " layers, at most " +
                      std::to_string(sgd::deepest_mlp) + " are allowed");
  spans.last = spans.first;
  for (int u = 0; u < network.unit_count(); ++u)
    for (const Edge& edge : network.edges_of(u))
      spans.last[edge.source] =
          std::max(spans.last[edge.source], spans.first[inputs + static_cast<std::size_t>(u)] - 1);
  for (const ValueIndex output : network.outputs()) spans.last[output] = spans.depth;
  spans.order = order_of_evaluation(spans.phenotype);
  return spans;
}

/// Where every value sits: columns[layer][value], -1 where it is absent; layer 0 are the inputs.
struct Columns {
  sgd::Architecture architecture;
  std::vector<std::vector<int>> of;
};

Columns place(const Spans& spans) {
  const Network& network = spans.phenotype.network;
  const auto values = static_cast<std::size_t>(network.value_count());
  const auto inputs = static_cast<std::size_t>(network.input_count());
  const auto kind_at = [&](ValueIndex value, int layer) {
    if (layer > spans.first[value]) return UnitKind{Activation::identity, true};
    return UnitKind{network.units()[value - inputs].activation, false};
  };
  // Step 1. How many columns each kind needs in the fullest layer.
  std::map<std::string_view, std::pair<UnitKind, int>> fullest;
  for (int layer = 1; layer <= spans.depth; ++layer) {
    std::map<std::string_view, int> here;
    for (const ValueIndex value : spans.order)
      if (spans.first[value] <= layer && layer <= spans.last[value]) {
        const UnitKind kind = kind_at(value, layer);
        auto& [known, most] = fullest[name(kind)];
        known = kind;
        most = std::max(most, ++here[name(kind)]);
      }
  }
  Columns columns{{spans.depth, {}}, {}};
  std::map<std::string_view, int> start;
  for (const auto& [key, column] : fullest) {
    start[key] = columns.architecture.width();
    columns.architecture.columns.push_back(column);
  }
  // Step 2. A column for every value in every layer that holds it.
  columns.of.assign(static_cast<std::size_t>(spans.depth) + 1, std::vector<int>(values, -1));
  for (std::size_t i = 0; i < inputs; ++i) columns.of[0][i] = static_cast<int>(i);
  for (int layer = 1; layer <= spans.depth; ++layer) {
    std::map<std::string_view, int> next = start;
    for (const ValueIndex value : spans.order)
      if (spans.first[value] <= layer && layer <= spans.last[value])
        columns.of[static_cast<std::size_t>(layer)][value] = next[name(kind_at(value, layer))]++;
  }
  return columns;
}

/// One layer's matrix while it is filled, row-major (out, in).
struct Matrix {
  std::vector<std::uint8_t>& mask;
  std::vector<std::uint8_t>& copies;
  std::vector<double> weights;
  std::int32_t width;

  void add(int row, int column, double weight, bool copy) {
    const auto place =
        static_cast<std::size_t>(row) * static_cast<std::size_t>(width) + static_cast<std::size_t>(column);
    mask[place] = 1;
    copies[place] = copy ? 1 : 0;
    weights[place] += weight;
  }
};

}  // namespace

sgd::Mlp layerize(const neat::Genome& genome) {
  const Spans spans = spans_of(genome);
  const Network& network = spans.phenotype.network;
  const auto inputs = static_cast<std::size_t>(network.input_count());
  const Columns columns = place(spans);

  // Step 1. Every column of every layer, empty.
  sgd::Mlp mlp;
  mlp.wiring = sgd::dense_wiring(columns.architecture, network.signature());
  const auto origin_of = [&](ValueIndex value, bool copy) {
    const neat::Marking id =
        value < inputs ? genome.nodes[value].id : spans.phenotype.node_of_unit[value - inputs];
    return UnitOrigin{id.branch, id.id, copy};
  };
  for (ValueIndex i = 0; i < inputs; ++i) mlp.wiring.inputs.push_back(origin_of(i, false));

  // Step 2. Layer by layer: nodes with their links, copies with their carrying link, outputs last.
  for (int layer = 1; layer <= spans.depth + 1; ++layer) {
    const auto l = static_cast<std::size_t>(layer) - 1;
    std::ranges::fill(mlp.wiring.masks[l], std::uint8_t{0});
    Matrix matrix{mlp.wiring.masks[l], mlp.wiring.copies[l],
                  std::vector<double>(mlp.wiring.masks[l].size(), 0.0), mlp.wiring.shape(layer - 1).columns};
    const auto& below = columns.of[l];
    if (layer > spans.depth) {
      for (int o = 0; o < network.output_count(); ++o)
        matrix.add(o, below[network.outputs()[static_cast<std::size_t>(o)]], 1.0, true);
    } else {
      for (ValueIndex value = 0; value < static_cast<ValueIndex>(network.value_count()); ++value) {
        const int column = columns.of[l + 1][value];
        if (column < 0) continue;
        const bool copy = layer > spans.first[value];
        mlp.wiring.hidden[l][static_cast<std::size_t>(column)].origin = origin_of(value, copy);
        if (copy) matrix.add(column, below[value], 1.0, true);
        else
          for (const Edge& edge : network.edges_of(static_cast<int>(value - inputs)))
            matrix.add(column, below[edge.source],
                       genome.links[spans.phenotype.link_of_slot[edge.slot]].weight, false);
      }
    }
    for (std::size_t p = 0; p < matrix.weights.size(); ++p)
      if (matrix.mask[p] != 0) mlp.weights.push_back(static_cast<float>(matrix.weights[p]));
  }
  return mlp;
}

}  // namespace skein::bridge
