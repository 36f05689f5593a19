#include "sgd/recursion/recursion.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"

namespace skein::sgd {
namespace {

constexpr std::string_view tied_mark = "rec:", untied_mark = "untied:";

[[noreturn]] void refuse_recursion(std::string_view text, const std::string& what) {
  std::string quoted(text.substr(0, 200));
  for (char& c : quoted)
    if (c < ' ' || c > '~') c = ' ';
  throw ConfigError("recursion \"" + quoted + "\": " + what +
                    "; for example rec:4(6;relu:12;steep-sigmoid:2)");
}

int whole_number(std::string_view part, const char* what, int limit, std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
  if (error != std::errc() || end != part.data() + part.size() || number < 1 || number > limit)
    refuse_recursion(text, std::string(what) + " must be a whole number from 1 to " + std::to_string(limit));
  return number;
}

/// "relu:8,tanh:4" as Architecture reads it.
std::vector<std::pair<UnitKind, int>> parse_units(std::string_view part, const char* what,
                                                  std::string_view text) {
  std::vector<std::pair<UnitKind, int>> units;
  try {
    units = parse_architecture("1;" + std::string(part)).columns;
  } catch (const ConfigError&) {
    refuse_recursion(text, std::string(what) + " must list units as kind:count, each kind once");
  }
  for (const auto& [kind, count] : units)
    if (kind.cache) refuse_recursion(text, std::string(what) + " has a cache; nothing is carried through it");
  return units;
}

std::string text_of(const std::vector<std::pair<UnitKind, int>>& units) {
  return Architecture{1, units}.text().substr(2);
}

int width_of(const std::vector<std::pair<UnitKind, int>>& units) { return Architecture{1, units}.width(); }

/// The matrices of a recursion in the order of its slots.
struct RecursionShapes {
  RecursionShapes(const Recursion& r, const Signature& signature)
      : inputs(static_cast<std::int32_t>(signature.inputs.size())),
        state(r.state),
        block(width_of(r.block)),
        head(width_of(r.head)),
        outputs(static_cast<std::int32_t>(signature.outputs.size())),
        blocks(r.tied ? 1 : r.rounds) {}

  std::int32_t inputs, state, block, head, outputs;
  int blocks;

  Slot after_encoder() const { return static_cast<Slot>(state) * static_cast<Slot>(inputs) + 1; }
  Slot of_block() const { return static_cast<Slot>(block) * static_cast<Slot>(2 * state + inputs); }
  Slot first_of_block(int index) const { return after_encoder() + static_cast<Slot>(index) * of_block(); }
  Slot first_of_head() const { return first_of_block(blocks); }
  Slot first_of_outputs() const {
    return first_of_head() + static_cast<Slot>(head) * static_cast<Slot>(state);
  }
  Slot count() const {
    return first_of_outputs() + static_cast<Slot>(outputs) * static_cast<Slot>(state + head);
  }

  void validate(int rounds) const {
    if (inputs == 0 || outputs == 0) throw ConfigError("recursion: no inputs or no outputs");
    const std::int64_t slots = std::int64_t{state} * inputs + 1 +
                               std::int64_t{blocks} * block * (2 * std::int64_t{state} + inputs) +
                               std::int64_t{head} * state + std::int64_t{outputs} * (state + head);
    const std::int64_t edges = std::int64_t{rounds} * (block * (2 * std::int64_t{state} + inputs) + state);
    if (slots > largest_mlp || edges > largest_mlp)
      throw ConfigError("recursion: more than " + std::to_string(largest_mlp) + " weights or edges");
  }
};

WeightLayout layout_of(const RecursionShapes& s) {
  WeightLayout layout;
  const auto add = [&](std::int32_t rows, std::int32_t columns, bool carrying) {
    const auto layer = static_cast<std::int32_t>(layout.layers.size());
    layout.layers.push_back({rows, columns + (carrying ? 1 : 0)});
    for (std::int32_t row = 0; row < rows; ++row) {
      for (std::int32_t column = 0; column < columns; ++column) layout.places.push_back({layer, row, column});
      if (carrying && row == 0) layout.places.push_back({layer, row, columns});
    }
  };
  add(s.state, s.inputs, true);
  for (int block = 0; block < s.blocks; ++block) {
    add(s.block, s.state + s.inputs, false);
    add(s.state, s.block, false);
  }
  if (s.head > 0) add(s.head, s.state, false);
  add(s.outputs, s.state + s.head, false);
  return layout;
}

/// Values numbered one after the other.
std::vector<ValueIndex> values_from(ValueIndex first, std::int32_t count) {
  std::vector<ValueIndex> values;
  for (std::int32_t i = 0; i < count; ++i) values.push_back(first + static_cast<ValueIndex>(i));
  return values;
}

/// Builds the network layer by layer.
class RecursionBuilder {
 public:
  RecursionBuilder(const Signature& signature, Slot carrying) : builder_(signature), carrying_(carrying) {}

  /// Units that read `sources` through a full matrix whose slots begin at `slot`; with `carried`, unit i also adds
  /// carried[i].
  std::vector<ValueIndex> add_layer(const std::vector<Activation>& activations,
                                    const std::vector<ValueIndex>& sources, Slot slot,
                                    const std::vector<ValueIndex>& carried = {}) {
    ++layer_;
    std::vector<ValueIndex> values;
    for (std::size_t row = 0; row < activations.size(); ++row) {
      std::vector<Edge> edges;
      if (!carried.empty()) edges.push_back({carried[row], carrying_});
      for (std::size_t column = 0; column < sources.size(); ++column) {
        edges.push_back({sources[column], slot});
        if (++slot == carrying_) ++slot;  // behind the first row of the first matrix
      }
      values.push_back(builder_.add_unit({activations[row], layer_}, edges));
    }
    return values;
  }
  Network finish(std::vector<ValueIndex> outputs, Slot slots) {
    return std::move(builder_).finish(std::move(outputs), static_cast<int>(slots));
  }

 private:
  NetworkBuilder builder_;
  Slot carrying_;
  std::int32_t layer_ = 0;
};

std::vector<Activation> activations_of(const std::vector<std::pair<UnitKind, int>>& units) {
  std::vector<Activation> activations;
  for (const auto& [kind, count] : units)
    activations.insert(activations.end(), static_cast<std::size_t>(count), kind.activation);
  return activations;
}

std::vector<ValueIndex> joined(std::vector<ValueIndex> a, const std::vector<ValueIndex>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace

std::string Recursion::text() const {
  std::string result = std::string(tied ? tied_mark : untied_mark) + std::to_string(rounds) + "(" +
                       std::to_string(state) + ";" + text_of(block);
  if (!head.empty()) result += ";" + text_of(head);
  return result + ")";
}

bool is_recursion(std::string_view text) {
  return text.starts_with(tied_mark) || text.starts_with(untied_mark);
}

Recursion parse_recursion(std::string_view text) {
  if (!is_recursion(text)) refuse_recursion(text, "it must begin with rec: or untied:");
  Recursion result;
  result.tied = text.starts_with(tied_mark);
  const std::string_view rest = text.substr((result.tied ? tied_mark : untied_mark).size());
  const auto open = rest.find('(');
  if (open == std::string_view::npos || !rest.ends_with(')'))
    refuse_recursion(text, "after the rounds come state, block and head in brackets");
  result.rounds = whole_number(rest.substr(0, open), "rounds", most_rounds, text);
  const std::string_view inside = rest.substr(open + 1, rest.size() - open - 2);
  const auto first = inside.find(';');
  if (first == std::string_view::npos) refuse_recursion(text, "state and block are parted by ';'");
  result.state = whole_number(inside.substr(0, first), "the state", widest_mlp, text);
  const auto second = inside.find(';', first + 1);
  result.block = parse_units(inside.substr(first + 1, second - first - 1), "the block", text);
  if (second != std::string_view::npos)
    result.head = parse_units(inside.substr(second + 1), "the head", text);
  return result;
}

Slot carrying_slot(const Signature& signature) { return static_cast<Slot>(signature.inputs.size()); }

LoweredRecursion lower(const Recursion& recursion, const Signature& signature, int rounds) {
  if (rounds == 0) rounds = recursion.rounds;
  if (rounds < 1 || rounds > most_rounds)
    throw ConfigError("recursion: " + std::to_string(rounds) + " rounds; there may be 1 to " +
                      std::to_string(most_rounds));
  const RecursionShapes shapes(recursion, signature);
  shapes.validate(std::max(rounds, recursion.rounds));
  RecursionBuilder builder(signature, carrying_slot(signature));
  const std::vector<Activation> linear(static_cast<std::size_t>(shapes.state), Activation::identity),
      block = activations_of(recursion.block), head = activations_of(recursion.head),
      out(static_cast<std::size_t>(shapes.outputs), Activation::identity);
  const auto inputs = values_from(0, shapes.inputs);
  auto state = builder.add_layer(linear, inputs, 0);
  for (int round = 0; round < rounds; ++round) {
    const Slot first = shapes.first_of_block(std::min(round, shapes.blocks - 1));
    const auto inner = builder.add_layer(block, joined(state, inputs), first);
    state = builder.add_layer(
        linear, inner,
        first + static_cast<Slot>(shapes.block) * static_cast<Slot>(shapes.state + shapes.inputs), state);
  }
  auto top = state;
  if (!head.empty()) top = joined(top, builder.add_layer(head, state, shapes.first_of_head()));
  const auto outputs = builder.add_layer(out, top, shapes.first_of_outputs());
  LoweredRecursion result{builder.finish(outputs, shapes.count()), layout_of(shapes),
                          std::vector<std::uint8_t>(shapes.count(), 1)};
  result.trainable[carrying_slot(signature)] = 0;
  return result;
}

std::int64_t parameter_count(const Recursion& recursion, const Signature& signature) {
  const RecursionShapes shapes(recursion, signature);
  shapes.validate(recursion.rounds);
  return std::int64_t{shapes.count()} - 1;
}

Weights initial_weights(const Recursion& recursion, const Signature& signature, std::uint64_t seed,
                        double scale) {
  if (!(scale > 0) || !std::isfinite(scale))
    throw ConfigError("scale of the initial weights is " + std::to_string(scale) + "; it must be positive");
  constexpr double truncated_at_two = 0.87962566103423978;  // its standard deviation
  const RecursionShapes shapes(recursion, signature);
  shapes.validate(recursion.rounds);
  const WeightLayout layout = layout_of(shapes);
  Weights weights;
  std::int32_t layer = -1;
  RandomStream random(seed, "initial weights of a recursion");
  for (std::size_t slot = 0; slot < layout.places.size(); ++slot) {
    const WeightPlace& place = layout.places[slot];
    if (place.layer != layer) {
      layer = place.layer;
      random = RandomStream(seed, "initial weights of a recursion", static_cast<std::uint64_t>(layer));
    }
    if (slot == carrying_slot(signature)) {
      weights.push_back(1);
      continue;
    }
    const bool added = layer > 0 && layer <= 2 * shapes.blocks && layer % 2 == 0;
    const std::int32_t fan_in =
        layer == 0 ? shapes.inputs : layout.layers[static_cast<std::size_t>(layer)].columns;
    const double size = scale / std::sqrt(static_cast<double>(fan_in) * (added ? recursion.rounds : 1));
    weights.push_back(static_cast<float>(size * random.truncated_normal() / truncated_at_two));
  }
  return weights;
}

void validate(const RecursiveNet& net) {
  const RecursionShapes shapes(net.recursion, net.signature);
  shapes.validate(net.recursion.rounds);
  const std::size_t count = shapes.count();
  if (net.weights.size() != count || (!net.initial.empty() && net.initial.size() != count))
    throw ConfigError("recursion: " + std::to_string(net.weights.size()) + " weights and " +
                      std::to_string(net.initial.size()) + " initial ones, there are " +
                      std::to_string(count));
  for (const Weights* weights : {&net.weights, &net.initial}) {
    if (!std::ranges::all_of(*weights, [](float w) { return std::isfinite(w); }))
      throw ConfigError("recursion: has a weight that is not finite");
    if (!weights->empty() && (*weights)[carrying_slot(net.signature)] != 1.0f)
      throw ConfigError("recursion: the weight that carries its state on is not 1");
  }
}

}  // namespace skein::sgd
