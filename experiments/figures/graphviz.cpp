#include "experiments/figures/graphviz.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

namespace skein::experiments {
namespace {

/// A string literal of the language.
std::string dot_text(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' || c == '\\' ? std::string{'\\', c} : std::string(1, c);
  return out + "\"";
}

/// What a unit is called: its activation, with the node it computes where that is known.
std::vector<std::string> unit_names(const Network& network, const neat::Genome* genome) {
  std::vector<std::string> names;
  for (const Unit& unit : network.units()) names.emplace_back(name(unit.activation));
  if (genome) {
    const neat::Phenotype phenotype = neat::express(*genome);
    for (std::size_t u = 0; u < names.size(); ++u)
      if (phenotype.node_of_unit[u].branch >= 0)
        names[u] += " " + std::to_string(phenotype.node_of_unit[u].branch) + "_" +
                    std::to_string(phenotype.node_of_unit[u].id);
  }
  return names;
}

/// Units that are fed by something or read by somebody, and the inputs.
std::vector<bool> taking_part(const Network& network) {
  std::vector<bool> part(static_cast<std::size_t>(network.value_count()));
  for (int v = 0; v < network.input_count(); ++v) part[static_cast<std::size_t>(v)] = true;
  for (int u = 0; u < network.unit_count(); ++u)
    for (const Edge& edge : network.edges_of(u))
      part[static_cast<std::size_t>(network.input_count() + u)] = part[edge.source] = true;
  for (const ValueIndex v : network.outputs()) part[v] = true;
  return part;
}

std::string arrow(ValueIndex from, std::size_t to, float weight) {
  char line[128];
  std::snprintf(line, sizeof line, "  v%u -> v%zu [label=\"%.3g\", color=\"%s\", penwidth=%.2f];\n", from, to,
                static_cast<double>(weight), weight < 0 ? "#d55e00" : "#0072b2",
                0.5 + std::min(3.0, static_cast<double>(std::abs(weight))));
  return line;
}

}  // namespace

std::string graphviz_text(const Network& network, const Weights& weights, const std::string& title,
                          const neat::Genome* genome) {
  const auto inputs = static_cast<std::size_t>(network.input_count());
  const std::vector<bool> part = taking_part(network);
  std::vector<std::string> names = network.signature().inputs;
  std::ranges::copy(unit_names(network, genome), std::back_inserter(names));
  for (std::size_t o = 0; o < network.outputs().size(); ++o)
    names[network.outputs()[o]] += "\n" + network.signature().outputs[o];
  std::map<int, std::string> ranks;
  std::string nodes, arrows;
  for (std::size_t v = 0; v < names.size(); ++v) {
    if (!part[v]) continue;
    nodes += "  v" + std::to_string(v) + " [label=" + dot_text(names[v]) + (v < inputs ? ", shape=box" : "") +
             "];\n";
    ranks[v < inputs ? 0 : network.units()[v - inputs].layer] += " v" + std::to_string(v) + ";";
  }
  for (int u = 0; u < network.unit_count(); ++u)
    for (const Edge& edge : network.edges_of(u))
      arrows += arrow(edge.source, inputs + static_cast<std::size_t>(u), weights[edge.slot]);
  std::string text = "digraph " + dot_text(title) +
                     " {\n  rankdir=BT;\n  node [shape=ellipse, fontname=\"sans-serif\"];\n" + nodes;
  for (const auto& [layer, members] : ranks) text += "  { rank=same;" + members + " }\n";
  return text + arrows + "}\n";
}

}  // namespace skein::experiments
