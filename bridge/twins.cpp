#include "bridge/twins.hpp"

#include <string>

#include "bridge/twin_operations.hpp"
#include "lib/error.hpp"

namespace skein::bridge {

namespace {

void check_layer(const sgd::Mlp& mlp, int layer) {
  if (layer < 0 || layer >= mlp.wiring.depth())
    throw ConfigError("twin: hidden layer " + std::to_string(layer) + " of " +
                      std::to_string(mlp.wiring.depth()));
}

}  // namespace

sgd::Mlp permute_units(const sgd::Mlp& mlp, std::uint64_t seed) {
  OpenMlp twin = open(mlp);
  RandomStream random(seed, "permute units");
  permute(twin, random);
  return close(twin);
}

sgd::Mlp flip_signs(const sgd::Mlp& mlp, std::uint64_t seed) {
  OpenMlp twin = open(mlp);
  RandomStream random(seed, "flip signs");
  flip(twin, random);
  return close(twin);
}

sgd::Mlp split_unit(const sgd::Mlp& mlp, int layer, int unit, int parts, std::uint64_t seed) {
  check_layer(mlp, layer);
  OpenMlp twin = open(mlp);
  if (unit < 0 || unit >= twin.units(layer) || parts < 2)
    throw ConfigError("twin: unit " + std::to_string(unit) + " of " + std::to_string(twin.units(layer)) +
                      " cannot be split into " + std::to_string(parts));
  RandomStream random(seed, "split unit");
  split(twin, layer, unit, parts, random);
  return close(twin);
}

sgd::Mlp add_cancelling_pair(const sgd::Mlp& mlp, int layer, sgd::UnitKind kind, std::uint64_t seed) {
  check_layer(mlp, layer);
  OpenMlp twin = open(mlp);
  RandomStream random(seed, "cancelling pair");
  cancelling_pair(twin, layer, kind, random);
  return close(twin);
}

sgd::Mlp add_useless_units(const sgd::Mlp& mlp, int layer, sgd::UnitKind kind, int count,
                           std::uint64_t seed) {
  check_layer(mlp, layer);
  OpenMlp twin = open(mlp);
  RandomStream random(seed, "useless units");
  for (int i = 0; i < count; ++i) useless(twin, layer, kind, random);
  return close(twin);
}

sgd::Mlp rotate_linear_units(const sgd::Mlp& mlp, int layer, std::uint64_t seed) {
  check_layer(mlp, layer);
  OpenMlp twin = open(mlp);
  RandomStream random(seed, "rotate linear units");
  rotate(twin, layer, is_linear, random);
  return close(twin);
}

sgd::Mlp rotate_layer(const sgd::Mlp& mlp, int layer, std::uint64_t seed) {
  check_layer(mlp, layer);
  OpenMlp twin = open(mlp);
  // Step 1. A layer of linear units that pass on what is below.
  const int count = twin.units(layer);
  const auto above = static_cast<std::ptrdiff_t>(layer) + 1;
  twin.hidden.insert(twin.hidden.begin() + above, std::vector<sgd::MlpUnit>(static_cast<std::size_t>(count),
                                                                            {sgd::UnitKind{}, std::nullopt}));
  const auto size = static_cast<std::size_t>(count) * static_cast<std::size_t>(count);
  twin.matrices.insert(twin.matrices.begin() + above,
                       {count, count, std::vector<double>(size), std::vector<std::uint8_t>(size),
                        std::vector<std::uint8_t>(size)});
  for (int u = 0; u < count; ++u) twin.into(layer + 1).set(u, u, 1.0);
  // Step 2. Rotated.
  RandomStream random(seed, "rotate layer");
  rotate(twin, layer + 1, is_linear, random);
  return close(twin);
}

}  // namespace skein::bridge
