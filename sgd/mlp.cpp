#include "sgd/mlp.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include "lib/error.hpp"

namespace skein::sgd {

namespace {

[[noreturn]] void refuse_architecture(std::string_view whole, const std::string& what) {
  throw ConfigError("architecture \"" + std::string(whole.substr(0, 200)) + "\": " + what);
}

int parse_count(std::string_view text, const std::string& what, int limit, std::string_view whole) {
  int count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size() || count < 1 || count > limit)
    refuse_architecture(whole, what + " is \"" + std::string(text.substr(0, 40)) +
                                   "\", a whole number from 1 to " + std::to_string(limit) + " is needed");
  return count;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// One "kind:count".
std::pair<UnitKind, int> parse_column(std::string_view column, std::string_view whole) {
  const auto colon = column.find(':');
  const std::string_view kind = trimmed(column.substr(0, colon));
  const auto activation = parse_activation(kind);
  if (colon == std::string_view::npos || (!activation && kind != "cache")) {
    std::string kinds = "cache";
    for (const Activation known : all_activations) kinds += ", " + std::string(skein::name(known));
    refuse_architecture(
        whole, "\"" + std::string(column.substr(0, 40)) + "\" is not kind:count with a kind of " + kinds);
  }
  return {UnitKind{activation.value_or(Activation::identity), !activation},
          parse_count(trimmed(column.substr(colon + 1)), "count of " + std::string(kind), widest_mlp, whole)};
}

[[noreturn]] void refuse(const std::string& what) { throw ConfigError("wiring: " + what); }

}  // namespace

std::string_view name(UnitKind kind) { return kind.cache ? "cache" : skein::name(kind.activation); }

int Architecture::width() const {
  int sum = 0;
  for (const auto& [kind, count] : columns) sum += count;
  return sum;
}

std::vector<UnitKind> Architecture::kinds() const {
  std::vector<UnitKind> result;
  for (const auto& [kind, count] : columns)
    result.insert(result.end(), static_cast<std::size_t>(count), kind);
  return result;
}

std::string Architecture::text() const {
  std::string result = std::to_string(depth);
  char separator = ';';
  for (const auto& [kind, count] : columns) {
    result += separator;
    result += std::string(name(kind)) + ':' + std::to_string(count);
    separator = ',';
  }
  return result;
}

Architecture parse_architecture(std::string_view text) {
  const std::string_view whole = trimmed(text);
  const auto semicolon = whole.find(';');
  if (semicolon == std::string_view::npos)
    refuse_architecture(whole, "no ';' between depth and columns; for example 12;cache:15,gaussian:4");
  Architecture result;
  result.depth = parse_count(trimmed(whole.substr(0, semicolon)), "depth", deepest_mlp, whole);
  for (std::string_view rest = whole.substr(semicolon + 1);;) {
    const auto comma = rest.find(',');
    const auto [kind, count] = parse_column(trimmed(rest.substr(0, comma)), whole);
    for (const auto& [known, columns] : result.columns)
      if (known == kind) refuse_architecture(whole, std::string(name(kind)) + " is named twice");
    result.columns.emplace_back(kind, count);
    if (result.width() > widest_mlp)
      refuse_architecture(whole, "wider than " + std::to_string(widest_mlp) + " columns");
    if (comma == std::string_view::npos) return result;
    rest = rest.substr(comma + 1);
  }
}

MatrixShape Wiring::shape(int layer) const {
  const auto units = [&](int l) {
    return static_cast<std::int32_t>(l < 0          ? signature.inputs.size()
                                     : l == depth() ? signature.outputs.size()
                                                    : hidden[static_cast<std::size_t>(l)].size());
  };
  return {units(layer), units(layer - 1)};
}

int Wiring::weight_count() const {
  std::int64_t count = 0;
  for (const auto& mask : masks) count += std::ranges::count_if(mask, [](std::uint8_t m) { return m != 0; });
  return static_cast<int>(count);
}

void validate(const Wiring& wiring) {
  const auto matrices = wiring.hidden.size() + 1;
  if (wiring.depth() > deepest_mlp)
    refuse(std::to_string(wiring.depth()) + " layers, at most " + std::to_string(deepest_mlp));
  if (wiring.signature.inputs.empty() || wiring.signature.outputs.empty()) refuse("no inputs or no outputs");
  if (!wiring.inputs.empty() && wiring.inputs.size() != wiring.signature.inputs.size())
    refuse(std::to_string(wiring.inputs.size()) + " origins for " +
           std::to_string(wiring.signature.inputs.size()) + " inputs");
  if (wiring.masks.size() != matrices || wiring.copies.size() != matrices)
    refuse(std::to_string(wiring.masks.size()) + " masks and " + std::to_string(wiring.copies.size()) +
           " copy masks, needed are " + std::to_string(matrices));
  std::int64_t total = 0;
  for (int layer = 0; layer <= wiring.depth(); ++layer) {
    const auto l = static_cast<std::size_t>(layer);
    const MatrixShape shape = wiring.shape(layer);
    if (shape.rows > widest_mlp || shape.columns > widest_mlp)
      refuse("layer " + std::to_string(layer + 1) + " is wider than " + std::to_string(widest_mlp));
    const std::int64_t size = static_cast<std::int64_t>(shape.rows) * shape.columns;
    total += size;
    if (std::ssize(wiring.masks[l]) != size || std::ssize(wiring.copies[l]) != size)
      refuse("the masks of layer " + std::to_string(layer + 1) + " do not have the size of its matrix, " +
             std::to_string(shape.rows) + " x " + std::to_string(shape.columns));
    for (std::size_t i = 0; i < wiring.masks[l].size(); ++i)
      if (wiring.masks[l][i] > 1 || wiring.copies[l][i] > wiring.masks[l][i])
        refuse("layer " + std::to_string(layer + 1) +
               " has a mask that is not 0 or 1, or a copy that does not exist");
  }
  if (total > largest_mlp)
    refuse(std::to_string(total) + " places for weights, at most " + std::to_string(largest_mlp));
}

void validate(const Mlp& mlp) {
  validate(mlp.wiring);
  const auto count = static_cast<std::size_t>(mlp.wiring.weight_count());
  const auto fits = [&](const Weights& weights) { return weights.empty() || weights.size() == count; };
  if (mlp.weights.size() != count || !fits(mlp.initial) || !fits(mlp.rewind))
    throw ConfigError("mlp: " + std::to_string(mlp.weights.size()) + " weights, " +
                      std::to_string(mlp.initial.size()) + " initial and " +
                      std::to_string(mlp.rewind.size()) + " to rewind to, the wiring has " +
                      std::to_string(count));
}

Wiring dense_wiring(const Architecture& architecture, const Signature& signature) {
  const std::int64_t width = architecture.width();
  if (architecture.depth * width * width > largest_mlp)
    throw ConfigError("architecture \"" + architecture.text() + "\" has more than " +
                      std::to_string(largest_mlp) + " weights");
  Wiring wiring;
  wiring.signature = signature;
  std::vector<MlpUnit> layer;
  for (const UnitKind kind : architecture.kinds()) layer.push_back({kind, std::nullopt});
  wiring.hidden.assign(static_cast<std::size_t>(architecture.depth), layer);
  for (int l = 0; l <= wiring.depth(); ++l) {
    const MatrixShape shape = wiring.shape(l);
    const auto size = static_cast<std::size_t>(shape.rows) * static_cast<std::size_t>(shape.columns);
    wiring.masks.emplace_back(size, std::uint8_t{1});
    wiring.copies.emplace_back(size, std::uint8_t{0});
  }
  validate(wiring);
  return wiring;
}

Architecture architecture_of(const Wiring& wiring) {
  std::map<std::string_view, std::pair<UnitKind, int>> fullest;
  for (const auto& layer : wiring.hidden) {
    std::map<std::string_view, int> here;
    for (const MlpUnit& unit : layer) {
      auto& [kind, most] = fullest[name(unit.kind)];
      kind = unit.kind;
      most = std::max(most, ++here[name(unit.kind)]);
    }
  }
  Architecture result{wiring.depth(), {}};
  for (const auto& [key, column] : fullest) result.columns.push_back(column);
  return result;
}

Lowered lower(const Wiring& wiring) {
  validate(wiring);
  Lowered result;
  NetworkBuilder builder(wiring.signature);
  ValueIndex below = 0;                                                 // first value of the layer below
  auto next = static_cast<ValueIndex>(wiring.signature.inputs.size());  // first value of this layer
  Slot slot = 0;
  std::vector<Edge> edges;
  for (int layer = 0; layer <= wiring.depth(); ++layer) {
    const auto l = static_cast<std::size_t>(layer);
    const MatrixShape shape = wiring.shape(layer);
    result.layout.layers.push_back(shape);
    for (std::int32_t row = 0; row < shape.rows; ++row) {
      edges.clear();
      for (std::int32_t column = 0; column < shape.columns; ++column) {
        if (wiring.masks[l][static_cast<std::size_t>(row) * static_cast<std::size_t>(shape.columns) +
                            static_cast<std::size_t>(column)] == 0)
          continue;
        edges.push_back({below + static_cast<ValueIndex>(column), slot++});
        result.layout.places.push_back({layer, row, column});
      }
      const Activation activation = layer == wiring.depth()
                                        ? Activation::identity
                                        : wiring.hidden[l][static_cast<std::size_t>(row)].kind.activation;
      builder.add_unit({activation, layer + 1}, edges);
    }
    below = next;
    next += static_cast<ValueIndex>(shape.rows);
  }
  std::vector<ValueIndex> outputs;
  for (ValueIndex value = below; value < next; ++value) outputs.push_back(value);
  result.network = std::move(builder).finish(std::move(outputs), static_cast<int>(slot));
  return result;
}

std::vector<std::uint8_t> trainable_without_copies(const Wiring& wiring) {
  std::vector<std::uint8_t> result;
  for (std::size_t l = 0; l < wiring.masks.size(); ++l)
    for (std::size_t i = 0; i < wiring.masks[l].size(); ++i)
      if (wiring.masks[l][i] != 0) result.push_back(wiring.copies[l][i] != 0 ? 0 : 1);
  return result;
}

Mlp restrict_to(const Mlp& mlp, const std::vector<std::uint8_t>& keep) {
  validate(mlp);
  if (keep.size() != mlp.weights.size())
    throw ConfigError("mlp: " + std::to_string(keep.size()) + " keep flags for " +
                      std::to_string(mlp.weights.size()) + " weights");
  Mlp result = mlp;
  std::size_t slot = 0;
  for (std::size_t l = 0; l < result.wiring.masks.size(); ++l)
    for (std::size_t i = 0; i < result.wiring.masks[l].size(); ++i)
      if (mlp.wiring.masks[l][i] != 0 && keep[slot++] == 0)
        result.wiring.masks[l][i] = result.wiring.copies[l][i] = 0;
  const auto kept = [&](const Weights& weights) {
    Weights chosen;
    for (std::size_t s = 0; s < weights.size(); ++s)
      if (keep[s] != 0) chosen.push_back(weights[s]);
    return chosen;
  };
  result.weights = kept(mlp.weights);
  result.initial = kept(mlp.initial);
  result.rewind = kept(mlp.rewind);
  return result;
}

}  // namespace skein::sgd
