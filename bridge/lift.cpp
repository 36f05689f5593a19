#include <algorithm>
#include <optional>
#include <set>

#include "bridge/layerize.hpp"
#include "lib/network/carriers.hpp"

namespace skein::bridge {

namespace {

using neat::Marking;

/// A value of the MLP on its way to being a node. Vertices are numbered as the lowered network's values.
struct Vertex {
  Activation activation = Activation::identity;
  std::optional<Marking> node;  ///< the genome node that the unit computes
  bool carrier = false;         ///< may vanish when it only passes one value on
  bool synthetic = false;       ///< hue or saturation of a greyscale genome
};

struct Graph {
  std::size_t inputs = 0;
  std::vector<Vertex> vertices;
  WithoutCarriers links;             ///< no link starts from a carrier that could vanish
  std::vector<std::size_t> outputs;  ///< the vertex of each output
};

/// Beyond these a chain of trained copies stays a chain, so that no product leaves single precision.
constexpr double least_factor = 1e-6, greatest_factor = 1e6;

/// The MLP's values with carriers contracted.
Graph contracted(const sgd::Mlp& mlp) {
  const sgd::Lowered lowered = sgd::lower(mlp.wiring);
  const Network& network = lowered.network;
  Graph graph;
  graph.inputs = static_cast<std::size_t>(network.input_count());
  graph.vertices.resize(static_cast<std::size_t>(network.value_count()));
  std::size_t v = graph.inputs;
  for (const auto& layer : mlp.wiring.hidden)
    for (const sgd::MlpUnit& unit : layer) {
      Vertex& vertex = graph.vertices[v++];
      vertex.activation = unit.kind.activation;
      if (unit.origin && !unit.origin->copy) {
        vertex.synthetic = unit.origin->branch < 0;
        if (!vertex.synthetic) vertex.node = Marking{unit.origin->branch, unit.origin->id};
      }
      vertex.carrier = unit.kind.activation == Activation::identity && !vertex.node && !vertex.synthetic;
    }
  const auto vertex_of = [&](int u) -> const Vertex& {
    return graph.vertices[graph.inputs + static_cast<std::size_t>(u)];
  };
  graph.links = without_carriers(
      network, mlp.weights,
      {.without_zeros = false,
       .carrier = [&](int u) { return vertex_of(u).carrier; },
       .stays = [&](int u) { return vertex_of(u).node.has_value() || vertex_of(u).synthetic; },
       .least_factor = least_factor,
       .greatest_factor = greatest_factor});
  for (const ValueIndex output : network.outputs()) graph.outputs.push_back(output);
  return graph;
}

/// An output that reads one unit with weight 1 is that unit, unless it is another output already.
void merge_outputs(Graph& graph) {
  std::set<std::size_t> taken;
  for (std::size_t& output : graph.outputs) {
    const auto& sources = graph.links.sources[output];
    if (sources.size() == 1 && sources[0].factor == 1 && sources[0].value >= graph.inputs &&
        taken.insert(sources[0].value).second)
      output = sources[0].value;
  }
}

/// Whether the MLP is a greyscale genome's: it has synthetic units, and hue and saturation read nothing else.
bool is_greyscale(const Graph& graph, const Signature& signature) {
  const auto nothing = [&](std::size_t v) {
    return graph.vertices[v].synthetic && graph.links.sources[v].empty();
  };
  const auto silent = [&](std::size_t output) {
    const bool is_unit = output < graph.vertices.size() - signature.outputs.size();
    return is_unit ? nothing(output)
                   : std::ranges::all_of(graph.links.sources[output],
                                         [&](const Scaled& source) { return nothing(source.value); });
  };
  return signature.outputs == picture_signature().outputs &&
         std::ranges::any_of(graph.vertices, &Vertex::synthetic) && silent(graph.outputs[0]) &&
         silent(graph.outputs[1]);
}

/// Which vertices become nodes: the outputs, genome nodes, with `keep_dead` every unit that has or feeds a
/// link, and whatever feeds one of these.
std::vector<std::uint8_t> kept_vertices(const Graph& graph, bool keep_dead) {
  std::vector<std::uint8_t> keep(graph.vertices.size(), 0), linked(graph.vertices.size(), 0);
  for (std::size_t v = 0; v < graph.vertices.size(); ++v) {
    for (const Scaled& source : graph.links.sources[v]) linked[v] = linked[source.value] = 1;
    if (v < graph.inputs || graph.vertices[v].node) keep[v] = 1;
  }
  for (const std::size_t output : graph.outputs) keep[output] = 1;
  const std::size_t units = graph.vertices.size() - graph.outputs.size();  // output vertices are no units
  for (std::size_t v = 0; keep_dead && v < units; ++v)
    if (linked[v] != 0 && !(graph.vertices[v].carrier && graph.links.sources[v].size() == 1)) keep[v] = 1;
  return feeding(graph.links, keep);
}

/// Gives out markings: those asked for, each once, and new ones of branch 0.
class Markings {
 public:
  void reserve(Marking marking) {
    reserved_.insert(marking);
    if (marking.branch == 0 && marking.id < largest_start) next_ = std::max(next_, marking.id + 1);
  }
  Marking take(const std::optional<Marking>& wanted) {
    return wanted && used_.insert(*wanted).second ? *wanted : fresh();
  }
  Marking fresh() {
    while (reserved_.contains({0, next_})) ++next_;
    return {0, next_++};
  }

 private:
  static constexpr std::int32_t largest_start = 1 << 30;
  std::set<Marking> reserved_, used_;
  std::int32_t next_ = 0;
};

}  // namespace

neat::AnnotatedGenome lift(const sgd::Mlp& mlp, bool keep_dead) {
  sgd::validate(mlp);
  Graph graph = contracted(mlp);
  merge_outputs(graph);
  neat::AnnotatedGenome lifted;
  lifted.genome.signature = mlp.wiring.signature;
  if (is_greyscale(graph, mlp.wiring.signature)) {
    lifted.genome.signature.outputs = {"ink"};
    graph.outputs.erase(graph.outputs.begin(), graph.outputs.begin() + 2);
  }
  const std::vector<std::uint8_t> keep = kept_vertices(graph, keep_dead);

  // Step 1. Markings: the inputs', the nodes', then new ones.
  Markings markings;
  const auto wanted = [&](std::size_t v) -> std::optional<Marking> {
    if (v >= graph.inputs) return graph.vertices[v].node;
    if (mlp.wiring.inputs.empty()) return std::nullopt;
    return Marking{mlp.wiring.inputs[v].branch, mlp.wiring.inputs[v].id};
  };
  for (std::size_t v = 0; v < graph.vertices.size(); ++v)
    if (const auto marking = wanted(v); marking && keep[v] != 0) markings.reserve(*marking);
  std::vector<Marking> marking_of(graph.vertices.size());
  for (std::size_t v = 0; v < graph.vertices.size(); ++v)
    if (keep[v] != 0) marking_of[v] = markings.take(wanted(v));

  // Step 2. Nodes: inputs, outputs, hidden ones in the order of layers.
  std::vector<std::uint8_t> is_output(graph.vertices.size(), 0);
  const auto add_node = [&](std::size_t v, neat::NodeRole role) {
    lifted.genome.nodes.push_back({marking_of[v], role, graph.vertices[v].activation});
  };
  for (std::size_t v = 0; v < graph.inputs; ++v) add_node(v, neat::NodeRole::input);
  for (const std::size_t output : graph.outputs) {
    is_output[output] = 1;
    add_node(output, neat::NodeRole::output);
  }
  for (std::size_t v = graph.inputs; v < graph.vertices.size(); ++v)
    if (keep[v] != 0 && is_output[v] == 0) add_node(v, neat::NodeRole::hidden);

  // Step 3. Links, by target and source.
  for (std::size_t v = graph.inputs; v < graph.vertices.size(); ++v)
    if (keep[v] != 0)
      for (const Scaled& source : graph.links.sources[v])
        lifted.genome.links.push_back(
            {markings.fresh(), marking_of[source.value], marking_of[v], source.factor, true});
  neat::validate(lifted.genome);
  return lifted;
}

}  // namespace skein::bridge
