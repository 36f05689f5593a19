#include "experiments/figures/network_view.hpp"

#include <algorithm>
#include <map>

#include "lib/base/error.hpp"
#include "lib/network/network_graph.hpp"

namespace skein::experiments {
namespace {

/// Marks which values an output reads, and which are computed from anything at all.
void find_presence(NetworkView& view) {
  const Network& net = view.network;
  const auto inputs = static_cast<std::size_t>(net.input_count());
  const auto wanted = reaching_outputs(net);
  for (std::size_t v = 0; v < wanted.size(); ++v) {
    const bool fed = v < inputs || !net.edges_of(static_cast<int>(v - inputs)).empty();
    view.places[v].presence = wanted[v] != 0 ? Presence::used : fed ? Presence::unused : Presence::absent;
  }
}

void place_inputs(NetworkView& view) {
  const auto& names = view.network.signature().inputs;
  for (std::size_t i = 0; i < names.size(); ++i)
    view.places[i] = {0, static_cast<int>(i), "input", names[i], false, {}};
}

void name_outputs(NetworkView& view) {
  const auto& names = view.network.signature().outputs;
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::string& name = view.places[view.network.outputs()[i]].name;
    name += (name.empty() ? "" : " = ") + names[i];
  }
}

std::string node_name(std::int32_t branch, std::int32_t id) {
  return branch == 0 ? std::to_string(id) : std::to_string(branch) + ":" + std::to_string(id);
}

void check_weights(const Network& network, const Weights& weights) {
  if (static_cast<int>(weights.size()) != network.slot_count())
    throw ConfigError("a network of " + std::to_string(network.slot_count()) +
                      " weights cannot be shown with " + std::to_string(weights.size()));
}

}  // namespace

NetworkView view_of(const sgd::Mlp& mlp) {
  NetworkView view;
  view.network = sgd::lower(mlp.wiring).network;
  view.weights = mlp.weights;
  check_weights(view.network, view.weights);
  view.places.resize(static_cast<std::size_t>(view.network.value_count()));
  place_inputs(view);
  std::size_t value = static_cast<std::size_t>(view.network.input_count());
  for (int layer = 0; layer < mlp.wiring.depth(); ++layer) {
    int column = 0;
    for (const sgd::MlpUnit& unit : mlp.wiring.hidden[static_cast<std::size_t>(layer)]) {
      ValuePlace& place = view.places[value++];
      place.layer = layer + 1;
      place.column = column++;
      place.kind = unit.kind.cache ? "cache" : std::string(name(unit.kind.activation));
      if (unit.origin) {
        place.copy = unit.origin->copy;
        place.name = node_name(unit.origin->branch, unit.origin->id);
      }
    }
    view.columns = std::max(view.columns, column);
  }
  for (int column = 0; value < view.places.size(); ++value)
    view.places[value] = {mlp.wiring.depth() + 1, column++, "output", "", false, {}};
  view.layers = mlp.wiring.depth() + 2;
  const bool same_columns = std::ranges::all_of(
      mlp.wiring.hidden, [&](const auto& layer) { return layer.size() == mlp.wiring.hidden.front().size(); });
  if (same_columns && mlp.wiring.depth() > 0)
    for (const ValuePlace& place : view.places) {
      if (place.layer != 1) continue;
      if (view.groups.empty() || view.groups.back().kind != place.kind)
        view.groups.push_back({place.kind, place.column, 0});
      ++view.groups.back().count;
    }
  view.columns = std::max({view.columns, view.network.input_count(), view.network.output_count()});
  name_outputs(view);
  find_presence(view);
  return view;
}

NetworkView view_of(const Network& network, const Weights& weights, const std::vector<std::string>& names) {
  check_weights(network, weights);
  NetworkView view{network, weights, {}, {}, network.depth() + 1, 0};
  view.places.resize(static_cast<std::size_t>(network.value_count()));
  place_inputs(view);
  std::map<Activation, int> fullest;
  std::map<std::pair<int, Activation>, int> count;
  for (const Unit& unit : network.units())
    fullest[unit.activation] = std::max(fullest[unit.activation], ++count[{unit.layer, unit.activation}]);
  std::map<Activation, int> first;
  for (const auto& [activation, most] : fullest) {
    first[activation] = view.columns;
    view.groups.push_back({std::string(name(activation)), view.columns, most});
    view.columns += most;
  }
  count.clear();
  for (int u = 0; u < network.unit_count(); ++u) {
    const auto index = static_cast<std::size_t>(u);
    const Unit& unit = network.units()[index];
    const int column = first[unit.activation] + count[{unit.layer, unit.activation}]++;
    view.places[index + static_cast<std::size_t>(network.input_count())] = {
        unit.layer, column, std::string(name(unit.activation)), index < names.size() ? names[index] : "",
        false,      {}};
  }
  view.columns = std::max(view.columns, network.input_count());
  name_outputs(view);
  find_presence(view);
  return view;
}

NetworkView view_of(const neat::Phenotype& phenotype) {
  std::vector<std::string> names;
  for (const neat::Marking& node : phenotype.node_of_unit)
    names.push_back(node.branch < 0 ? "" : node_name(node.branch, node.id));
  return view_of(phenotype.network, phenotype.weights, names);
}

}  // namespace skein::experiments
