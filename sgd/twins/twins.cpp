#include "sgd/twins/twins.hpp"

#include <string>

#include "lib/base/error.hpp"
#include "sgd/twins/twin_operations.hpp"

namespace skein::sgd {

namespace {

/// The layer's number, once it is known to be there.
std::size_t hidden_layer(const Mlp& mlp, int layer) {
  if (layer < 0 || layer >= mlp.wiring.depth())
    throw ConfigError("twin: hidden layer " + std::to_string(layer) + " of " +
                      std::to_string(mlp.wiring.depth()));
  return static_cast<std::size_t>(layer);
}

}  // namespace

Mlp permute_units(const Mlp& mlp, std::uint64_t seed) {
  MatrixMlp twin = to_matrices(mlp);
  RandomStream random(seed, "permute units");
  permute(twin, random);
  return to_mlp(twin);
}

Mlp flip_signs(const Mlp& mlp, std::uint64_t seed) {
  MatrixMlp twin = to_matrices(mlp);
  RandomStream random(seed, "flip signs");
  flip(twin, random);
  return to_mlp(twin);
}

Mlp split_unit(const Mlp& mlp, int layer, int unit, int parts, std::uint64_t seed) {
  const std::size_t l = hidden_layer(mlp, layer);
  MatrixMlp twin = to_matrices(mlp);
  if (unit < 0 || unit >= std::ssize(twin.hidden[l]) || parts < 2)
    throw ConfigError("twin: unit " + std::to_string(unit) + " of " + std::to_string(twin.hidden[l].size()) +
                      " cannot be split into " + std::to_string(parts));
  RandomStream random(seed, "split unit");
  split(twin, l, unit, parts, random);
  return to_mlp(twin);
}

Mlp add_cancelling_pair(const Mlp& mlp, int layer, UnitKind kind, std::uint64_t seed) {
  const std::size_t l = hidden_layer(mlp, layer);
  MatrixMlp twin = to_matrices(mlp);
  RandomStream random(seed, "cancelling pair");
  cancelling_pair(twin, l, kind, random);
  return to_mlp(twin);
}

Mlp add_useless_units(const Mlp& mlp, int layer, UnitKind kind, int count, std::uint64_t seed) {
  const std::size_t l = hidden_layer(mlp, layer);
  MatrixMlp twin = to_matrices(mlp);
  RandomStream random(seed, "useless units");
  for (int i = 0; i < count; ++i) useless(twin, l, kind, random);
  return to_mlp(twin);
}

Mlp rotate_linear_units(const Mlp& mlp, int layer, std::uint64_t seed) {
  const std::size_t l = hidden_layer(mlp, layer);
  MatrixMlp twin = to_matrices(mlp);
  RandomStream random(seed, "rotate linear units");
  rotate(twin, l, is_linear, random);
  return to_mlp(twin);
}

Mlp rotate_layer(const Mlp& mlp, int layer, std::uint64_t seed) {
  const std::size_t l = hidden_layer(mlp, layer);
  MatrixMlp twin = to_matrices(mlp);
  // Step 1. A layer of linear units that pass on what is below.
  const auto count = static_cast<Eigen::Index>(twin.hidden[l].size());
  const auto above = static_cast<std::ptrdiff_t>(l) + 1;
  twin.hidden.insert(twin.hidden.begin() + above, std::vector<MlpUnit>(twin.hidden[l].size()));
  twin.weights.insert(twin.weights.begin() + above, Eigen::MatrixXd::Identity(count, count));
  twin.masks.insert(twin.masks.begin() + above, MatrixMlp::Mask::Identity(count, count));
  twin.copies.insert(twin.copies.begin() + above, MatrixMlp::Mask::Zero(count, count));
  // Step 2. Rotated.
  RandomStream random(seed, "rotate layer");
  rotate(twin, l + 1, is_linear, random);
  return to_mlp(twin);
}

}  // namespace skein::sgd
