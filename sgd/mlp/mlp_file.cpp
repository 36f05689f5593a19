#include "sgd/mlp/mlp_file.hpp"

#include <algorithm>
#include <cmath>

#include "lib/base/file.hpp"
#include "lib/files/bounded_archive.hpp"
#include "lib/files/framed_file.hpp"
#include "sgd/mlp/mlp_json.hpp"

namespace skein::sgd {

namespace {

constexpr std::uint32_t most_names = 4096;
constexpr std::uint32_t longest_name = 256;

/// What is stored per place of a matrix.
enum Place : std::uint8_t { absent = 0, weight = 1, copy = 3 };

/// Reads counts and names within bounds, so that a damaged file cannot ask for memory.
class Reader {
 public:
  Reader(std::string_view payload, const std::string& name) : archive_(payload, name) {}

  template <class T>
  T number() {
    T value{};
    archive_(value);
    return value;
  }
  std::uint32_t count(std::uint32_t limit) {
    const auto value = number<std::uint32_t>();
    if (value > limit) archive_.fail();
    return value;
  }
  std::string text() {
    std::string value(count(longest_name), '\0');
    archive_.take(value.data(), value.size());
    return value;
  }
  std::vector<std::string> texts() {
    std::vector<std::string> values(count(most_names));
    for (std::string& value : values) value = text();
    return values;
  }
  std::vector<std::uint8_t> bytes(std::size_t size) {
    archive_.check_count(size);
    std::vector<std::uint8_t> values(size);
    archive_.take(values.data(), size);
    return values;
  }
  Weights floats() {
    const auto size = number<std::uint64_t>();
    archive_.check_count(size);
    if (size > static_cast<std::uint64_t>(largest_mlp)) archive_.fail();
    Weights values(static_cast<std::size_t>(size));
    archive_.take(values.data(), values.size() * sizeof(float));
    return values;
  }
  void finish() const { archive_.finish(); }
  [[noreturn]] void fail() const { archive_.fail(); }

 private:
  BoundedInput archive_;
};

class Writer {
 public:
  template <class T>
  void number(T value) {
    archive_(value);
  }
  void count(std::size_t value) { number(static_cast<std::uint32_t>(value)); }
  void text(std::string_view value) {
    count(value.size());
    archive_.append(value.data(), value.size());
  }
  void texts(const std::vector<std::string>& values) {
    count(values.size());
    for (const std::string& value : values) text(value);
  }
  void bytes(const std::vector<std::uint8_t>& values) { archive_.append(values.data(), values.size()); }
  void floats(const Weights& values) {
    number(static_cast<std::uint64_t>(values.size()));
    archive_.append(values.data(), values.size() * sizeof(float));
  }
  const std::string& result() const { return archive_.bytes(); }

 private:
  ByteOutput archive_;
};

void write_units(Writer& writer, const Wiring& wiring) {
  std::vector<std::string> kinds;
  const auto kind_index = [&](UnitKind kind) {
    const auto found = std::ranges::find(kinds, std::string(name(kind)));
    if (found == kinds.end()) kinds.emplace_back(name(kind));
    return static_cast<std::uint8_t>(std::ranges::find(kinds, std::string(name(kind))) - kinds.begin());
  };
  for (const auto& layer : wiring.hidden)
    for (const MlpUnit& unit : layer) kind_index(unit.kind);
  writer.texts(kinds);
  writer.count(wiring.hidden.size());
  for (const auto& layer : wiring.hidden) {
    writer.count(layer.size());
    for (const MlpUnit& unit : layer) {
      writer.number(kind_index(unit.kind));
      writer.number(static_cast<std::uint8_t>(!unit.origin ? 0 : unit.origin->copy ? 2 : 1));
      if (!unit.origin) continue;
      writer.number(unit.origin->branch);
      writer.number(unit.origin->id);
    }
  }
}

void read_units(Reader& reader, Wiring& wiring) {
  std::vector<UnitKind> kinds;
  for (const std::string& text : reader.texts()) {
    const auto activation = parse_activation(text);
    if (!activation && text != "cache") reader.fail();
    kinds.push_back({activation.value_or(Activation::identity), !activation});
  }
  wiring.hidden.resize(reader.count(deepest_mlp));
  for (auto& layer : wiring.hidden) {
    layer.resize(reader.count(widest_mlp));
    for (MlpUnit& unit : layer) {
      const auto kind = reader.number<std::uint8_t>();
      const auto origin = reader.number<std::uint8_t>();
      if (kind >= kinds.size() || origin > 2) reader.fail();
      unit.kind = kinds[kind];
      if (origin == 0) continue;
      const auto branch = reader.number<std::int32_t>();
      unit.origin = UnitOrigin{branch, reader.number<std::int32_t>(), origin == 2};
    }
  }
}

Wiring read_wiring(Reader& reader) {
  Wiring wiring;
  wiring.signature.inputs = reader.texts();
  wiring.signature.outputs = reader.texts();
  wiring.inputs.resize(reader.count(most_names));
  for (UnitOrigin& input : wiring.inputs) {
    input.branch = reader.number<std::int32_t>();
    input.id = reader.number<std::int32_t>();
  }
  read_units(reader, wiring);
  for (int layer = 0; layer <= wiring.depth(); ++layer) {
    const MatrixShape shape = wiring.shape(layer);
    const auto places =
        reader.bytes(static_cast<std::size_t>(shape.rows) * static_cast<std::size_t>(shape.columns));
    auto& mask = wiring.masks.emplace_back(places.size());
    auto& copies = wiring.copies.emplace_back(places.size());
    for (std::size_t i = 0; i < places.size(); ++i) {
      if (places[i] != absent && places[i] != weight && places[i] != copy) reader.fail();
      mask[i] = places[i] != absent ? 1 : 0;
      copies[i] = places[i] == copy ? 1 : 0;
    }
  }
  return wiring;
}

}  // namespace

std::string mlp_payload(const Mlp& mlp) {
  validate(mlp);
  const Wiring& wiring = mlp.wiring;
  Writer writer;
  writer.texts(wiring.signature.inputs);
  writer.texts(wiring.signature.outputs);
  writer.count(wiring.inputs.size());
  for (const UnitOrigin& input : wiring.inputs) {
    writer.number(input.branch);
    writer.number(input.id);
  }
  write_units(writer, wiring);
  for (std::size_t l = 0; l < wiring.masks.size(); ++l) {
    std::vector<std::uint8_t> places(wiring.masks[l].size());
    for (std::size_t i = 0; i < places.size(); ++i)
      places[i] = wiring.copies[l][i] != 0 ? copy : wiring.masks[l][i] != 0 ? weight : absent;
    writer.bytes(places);
  }
  writer.floats(mlp.weights);
  writer.floats(mlp.initial);
  writer.floats(mlp.rewind);
  writer.number(mlp.rewind_step);
  return writer.result();
}

Mlp mlp_from_payload(std::string_view payload, const std::string& name) {
  Reader reader(payload, name);
  Mlp mlp;
  mlp.wiring = read_wiring(reader);
  mlp.weights = reader.floats();
  mlp.initial = reader.floats();
  mlp.rewind = reader.floats();
  mlp.rewind_step = reader.number<std::int64_t>();
  reader.finish();
  try {
    validate(mlp);
  } catch (const ConfigError& error) {
    throw FormatError(name + ": " + error.what());
  }
  for (const Weights* weights : {&mlp.weights, &mlp.initial, &mlp.rewind})
    if (!std::ranges::all_of(*weights, [](float w) { return std::isfinite(w); }))
      throw FormatError(name + ": has a weight that is not finite");
  if (mlp.rewind_step < 0)
    throw FormatError(name + ": has the rewind step " + std::to_string(mlp.rewind_step) +
                      ", none is negative");
  return mlp;
}

std::string encode_mlp(const Mlp& mlp) { return frame(mlp_kind, mlp_version, mlp_payload(mlp)); }

Mlp decode_mlp(std::string_view bytes, const std::string& name) {
  if (may_be_mlp_json(bytes)) return parse_mlp_json(bytes, name);
  return mlp_from_payload(unframe(bytes, mlp_kind, mlp_version, name).payload, name);
}

void write_mlp(const std::filesystem::path& file, const Mlp& mlp) {
  write_file(file, file.extension() == ".json" ? mlp_json(mlp) : encode_mlp(mlp));
}

Mlp read_mlp(const std::filesystem::path& file) { return decode_mlp(read_file(file), file.string()); }

}  // namespace skein::sgd
