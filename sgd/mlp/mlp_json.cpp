#include "sgd/mlp/mlp_json.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include "lib/files/json_reader.hpp"

namespace skein::sgd {
namespace {

using Json = nlohmann::ordered_json;

/// The shortest decimal that reads back as the same float.
double shortest(float value) {
  char text[32];
  double number = 0;
  std::from_chars(text, std::to_chars(text, text + sizeof text, value).ptr, number);
  return number;
}

Json json_of(const UnitOrigin& origin) {
  Json json{{"node", {origin.branch, origin.id}}};
  if (origin.copy) json["copy"] = true;
  return json;
}

std::int32_t int32_at(const JsonPlace& place) {
  return static_cast<std::int32_t>(
      place.whole(std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()));
}

UnitOrigin origin_at(const JsonPlace& place) {
  const JsonPlace node = place.at("node");
  if (node.size() != 2) node.refuse("[branch, id]");
  UnitOrigin origin{int32_at(node.at(std::size_t{0})), int32_at(node.at(1)), false};
  if (place.has("copy")) origin.copy = place.at("copy").truth();
  return origin;
}

MlpUnit unit_at(const JsonPlace& place) {
  MlpUnit unit;
  const std::string kind = place.at("kind").text();
  if (kind == "cache") {
    unit.kind.cache = true;
  } else if (const auto activation = parse_activation(kind)) {
    unit.kind.activation = *activation;
  } else {
    place.at("kind").refuse("cache or the name of an activation");
  }
  if (place.has("node")) unit.origin = origin_at(place);
  return unit;
}

Json units_json(const Wiring& wiring) {
  Json units = Json::array();
  for (std::size_t l = 0; l < wiring.hidden.size(); ++l)
    for (const MlpUnit& unit : wiring.hidden[l]) {
      Json json{{"layer", l + 1}, {"kind", name(unit.kind)}};
      if (unit.origin) json.update(json_of(*unit.origin));
      units.push_back(std::move(json));
    }
  return units;
}

Json weights_json(const Mlp& mlp) {
  Json weights = Json::array();
  std::size_t slot = 0;
  for (int l = 0; l <= mlp.wiring.depth(); ++l) {
    const auto layer = static_cast<std::size_t>(l);
    const auto columns = static_cast<std::size_t>(mlp.wiring.shape(l).columns);
    for (std::size_t place = 0; place < mlp.wiring.masks[layer].size(); ++place) {
      if (mlp.wiring.masks[layer][place] == 0) continue;
      Json json{{"layer", l + 1},
                {"to", place / columns + 1},
                {"from", place % columns + 1},
                {"weight", shortest(mlp.weights[slot])}};
      if (!mlp.initial.empty()) json["initial"] = shortest(mlp.initial[slot]);
      if (!mlp.rewind.empty()) json["rewind"] = shortest(mlp.rewind[slot]);
      if (mlp.wiring.copies[layer][place] != 0) json["copy"] = true;
      weights.push_back(std::move(json));
      ++slot;
    }
  }
  return weights;
}

/// A weight as listed: where it stands, and its numbers.
struct Entry {
  std::size_t layer = 0, place = 0;
  float weight = 0, initial = 0, rewind = 0;
};

float float_at(const JsonPlace& place) {
  const double number = place.number();
  if (std::abs(number) > static_cast<double>(std::numeric_limits<float>::max()))
    place.refuse("finite in single precision");
  return static_cast<float>(number);
}

std::vector<std::vector<MlpUnit>> layers_at(const JsonPlace& units, std::int64_t depth) {
  std::vector<std::vector<MlpUnit>> hidden(static_cast<std::size_t>(depth));
  std::int64_t last = 1;
  for (std::size_t i = 0; i < units.size(); ++i) {
    const std::int64_t layer = units.at(i).at("layer").whole(last, depth);
    last = layer;
    auto& of_layer = hidden[static_cast<std::size_t>(layer - 1)];
    if (of_layer.size() >= static_cast<std::size_t>(widest_mlp))
      units.at(i).refuse("one of at most " + std::to_string(widest_mlp) + " units of its layer");
    of_layer.push_back(unit_at(units.at(i)));
  }
  return hidden;
}

/// Masks without a weight, as large as the layers ask for.
void make_masks(Wiring& wiring, const JsonPlace& file) {
  std::int64_t places = 0;
  for (int l = 0; l <= wiring.depth(); ++l) {
    const MatrixShape shape = wiring.shape(l);
    places += std::int64_t{shape.rows} * shape.columns;
    if (places > largest_mlp) file.at("units").refuse("of layers with at most 2^26 places for weights");
    wiring.masks.emplace_back(static_cast<std::size_t>(shape.rows) * static_cast<std::size_t>(shape.columns),
                              std::uint8_t{0});
  }
  wiring.copies = wiring.masks;
}

void read_weights(const JsonPlace& list, Mlp& mlp) {
  Wiring& wiring = mlp.wiring;
  const bool initial = list.size() > 0 && list.at(std::size_t{0}).has("initial");
  const bool rewind = list.size() > 0 && list.at(std::size_t{0}).has("rewind");
  std::vector<Entry> entries;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const JsonPlace json = list.at(i);
    Entry entry;
    entry.layer = static_cast<std::size_t>(json.at("layer").whole(1, wiring.depth() + 1) - 1);
    const MatrixShape shape = wiring.shape(static_cast<int>(entry.layer));
    entry.place = static_cast<std::size_t>((json.at("to").whole(1, shape.rows) - 1) * shape.columns +
                                           json.at("from").whole(1, shape.columns) - 1);
    entry.weight = float_at(json.at("weight"));
    if (initial) entry.initial = float_at(json.at("initial"));
    if (rewind) entry.rewind = float_at(json.at("rewind"));
    if (wiring.masks[entry.layer][entry.place] != 0) json.refuse("the only weight between its two units");
    wiring.masks[entry.layer][entry.place] = 1;
    if (json.has("copy") && json.at("copy").truth()) wiring.copies[entry.layer][entry.place] = 1;
    entries.push_back(entry);
  }
  std::ranges::sort(entries, {}, [](const Entry& e) { return std::pair(e.layer, e.place); });
  for (const Entry& entry : entries) {
    mlp.weights.push_back(entry.weight);
    if (initial) mlp.initial.push_back(entry.initial);
    if (rewind) mlp.rewind.push_back(entry.rewind);
  }
}

std::vector<std::string> names_at(const JsonPlace& place) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < place.size(); ++i) names.push_back(place.at(i).text());
  if (names.size() > static_cast<std::size_t>(widest_mlp))
    place.refuse("of at most " + std::to_string(widest_mlp) + " names");
  return names;
}

}  // namespace

std::string mlp_json(const Mlp& mlp) {
  validate(mlp);
  const Wiring& wiring = mlp.wiring;
  Json json{{"format", mlp_json_format},
            {"version", mlp_json_version},
            {"inputs", wiring.signature.inputs},
            {"outputs", wiring.signature.outputs},
            {"depth", wiring.depth()}};
  if (!wiring.inputs.empty()) {
    json["input_nodes"] = Json::array();
    for (const UnitOrigin& origin : wiring.inputs) json["input_nodes"].push_back(json_of(origin));
  }
  if (!mlp.rewind.empty()) json["rewind_step"] = mlp.rewind_step;
  json["units"] = units_json(wiring);
  json["weights"] = weights_json(mlp);
  return json_lines(json);
}

bool may_be_mlp_json(std::string_view bytes) { return says_format(bytes, mlp_json_format); }

Mlp parse_mlp_json(std::string_view bytes, const std::string& name) {
  const nlohmann::json json = parse_json(bytes, name);
  const JsonPlace file(json, name);
  check_format(file, mlp_json_format, mlp_json_version);
  Mlp mlp;
  Wiring& wiring = mlp.wiring;
  wiring.signature = {names_at(file.at("inputs")), names_at(file.at("outputs"))};
  if (file.has("input_nodes")) {
    const JsonPlace origins = file.at("input_nodes");
    for (std::size_t i = 0; i < origins.size(); ++i) wiring.inputs.push_back(origin_at(origins.at(i)));
  }
  wiring.hidden = layers_at(file.at("units"), file.at("depth").whole(1, deepest_mlp));
  make_masks(wiring, file);
  read_weights(file.at("weights"), mlp);
  if (file.has("rewind_step"))
    mlp.rewind_step = file.at("rewind_step").whole(0, std::numeric_limits<std::int64_t>::max());
  try {
    validate(mlp);
  } catch (const ConfigError& error) {
    throw FormatError(name + ": " + error.what());
  }
  return mlp;
}

}  // namespace skein::sgd
