// The networks whose answer is known: one that composes by construction, one that only remembers.
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "experiments/families/picture_family.hpp"

namespace skein::experiments {
namespace {

/// A network in the making whose weights are told with its edges.
class Wired {
 public:
  explicit Wired(Signature signature) : builder_(std::move(signature)) {}
  ValueIndex add(Activation activation, const std::vector<std::pair<ValueIndex, double>>& inputs) {
    std::vector<Edge> edges;
    for (const auto& [source, weight] : inputs) {
      edges.push_back({source, static_cast<Slot>(weights_.size())});
      weights_.push_back(static_cast<float>(weight));
    }
    return builder_.add_unit({activation, ++layer_}, edges);
  }
  FamilyNetwork finish(std::vector<ValueIndex> outputs) && {
    Network network = std::move(builder_).finish(std::move(outputs), static_cast<int>(weights_.size()));
    return {std::move(network), std::move(weights_)};
  }

 private:
  NetworkBuilder builder_;
  Weights weights_;
  std::int32_t layer_ = 0;
};

constexpr ValueIndex bias_input = 3, first_code = 4;  // of the family's signature

/// Above what any value of the genome's network is, whatever is switched off.
double bound_of(const PictureFamily& family) {
  constexpr int size = 32;
  const Plan plan(family.network());
  std::vector<ValueIndex> values(static_cast<std::size_t>(family.network().value_count()));
  std::iota(values.begin(), values.end(), ValueIndex{0});
  std::vector<float> maps(values.size() * size * size);
  double greatest = 1;
  for (const Combination& combination : family.combinations()) {
    feature_maps(plan, family.weights(combination), Grid{size, size}, values, maps);
    for (const float value : maps)
      if (std::isfinite(value)) greatest = std::max(greatest, static_cast<double>(std::abs(value)));
  }
  return 2 * greatest + 1;
}

/// s where every one of these is 1, 0 where one is 0: `open` are values of 0 or 1 with weights that sum to 1 when open.
std::array<ValueIndex, 2> gate(Wired& net, ValueIndex s, double bound,
                               const std::vector<std::pair<ValueIndex, double>>& open) {
  std::array<ValueIndex, 2> halves{};
  for (const int sign : {1, -1}) {
    std::vector<std::pair<ValueIndex, double>> inputs{{s, sign}};
    for (const auto& [value, weight] : open) inputs.emplace_back(value, bound * weight);
    inputs.emplace_back(bias_input, -bound);
    halves[sign > 0 ? 0 : 1] = net.add(Activation::relu, inputs);
  }
  return halves;
}

/// Adds the genome's units with these weights; returns the values of its outputs. `edge(unit, edge, source, inputs)`
/// appends what an edge becomes.
template <class EachEdge>
std::vector<ValueIndex> add_genome(Wired& net, const Network& network, const EachEdge& each_edge) {
  std::vector<ValueIndex> place(static_cast<std::size_t>(network.value_count()));
  std::iota(place.begin(), place.begin() + network.input_count(), ValueIndex{0});
  for (int u = 0; u < network.unit_count(); ++u) {
    std::vector<std::pair<ValueIndex, double>> inputs;
    for (const Edge& edge : network.edges_of(u)) each_edge(edge, place[edge.source], inputs);
    place[static_cast<std::size_t>(network.input_count() + u)] =
        net.add(network.units()[static_cast<std::size_t>(u)].activation, inputs);
  }
  std::vector<ValueIndex> outputs;
  for (const ValueIndex output : network.outputs()) outputs.push_back(place[output]);
  return outputs;
}

}  // namespace

FamilyNetwork hand_gated(const PictureFamily& family) {
  Wired net(family.signature());
  const double bound = bound_of(family);
  const int steps = family.levels() - 1;
  // Per part and step k: two units whose difference is 1 where the part has at least that level, else 0.
  std::vector<std::vector<std::array<ValueIndex, 2>>> at_least(family.part_count());
  for (std::size_t p = 0; p < at_least.size(); ++p)
    for (int k = 0; k < steps; ++k) {
      const ValueIndex z = first_code + static_cast<ValueIndex>(p);
      at_least[p].push_back({net.add(Activation::relu, {{z, steps}, {bias_input, -k}}),
                             net.add(Activation::relu, {{z, steps}, {bias_input, -k - 1.0}})});
    }
  const Weights own = family.weights(family.combinations().back());
  const auto outputs =
      add_genome(net, family.network(), [&](const Edge& edge, ValueIndex source, auto& inputs) {
        const int part = family.part_of_slot()[edge.slot];
        const double weight = static_cast<double>(own[edge.slot]);
        if (part < 0) {
          inputs.emplace_back(source, weight);
          return;
        }
        for (const auto& [above, beyond] : at_least[static_cast<std::size_t>(part)]) {
          const auto halves = gate(net, source, bound, {{above, 1}, {beyond, -1}});
          inputs.emplace_back(halves[0], weight / steps);
          inputs.emplace_back(halves[1], -weight / steps);
        }
      });
  return std::move(net).finish(outputs);
}

FamilyNetwork lookup_network(const PictureFamily& family, const std::vector<Combination>& known) {
  Wired net(family.signature());
  const double bound = bound_of(family);
  const int steps = family.levels() - 1;
  std::vector<std::vector<std::pair<ValueIndex, double>>> sums(3);
  for (const Combination& combination : known) {
    const auto code = family.code(combination);
    // 1 where the code is this one, 0 where a part is a level or more away.
    std::vector<std::pair<ValueIndex, double>> off{{bias_input, 1}};
    for (std::size_t p = 0; p < code.size(); ++p) {
      const ValueIndex z = first_code + static_cast<ValueIndex>(p);
      for (const int sign : {1, -1})
        off.emplace_back(net.add(Activation::relu, {{z, sign}, {bias_input, -sign * code[p]}}), -steps);
    }
    const ValueIndex match = net.add(Activation::relu, off);
    const Weights weights = family.weights(combination);
    const auto outputs =
        add_genome(net, family.network(), [&](const Edge& edge, ValueIndex source, auto& inputs) {
          inputs.emplace_back(source, static_cast<double>(weights[edge.slot]));
        });
    for (std::size_t o = 0; o < outputs.size(); ++o) {
      const auto halves = gate(net, outputs[o], bound, {{match, 1}});
      sums[o].emplace_back(halves[0], 1);
      sums[o].emplace_back(halves[1], -1);
    }
  }
  std::vector<ValueIndex> outputs;
  for (const auto& sum : sums) outputs.push_back(net.add(Activation::identity, sum));
  return std::move(net).finish(outputs);
}

}  // namespace skein::experiments
