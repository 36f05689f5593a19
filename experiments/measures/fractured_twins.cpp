#include "experiments/measures/fractured_twins.hpp"

#include "sgd/twins/twins.hpp"

namespace skein::experiments {
namespace {

/// Whether a unit is neither a copy nor unread: those that no genome made are told by their kind.
bool computes(const sgd::Mlp& mlp, int layer, int unit) {
  const auto& made = mlp.wiring.hidden[static_cast<std::size_t>(layer)][static_cast<std::size_t>(unit)];
  if (made.origin) return !made.origin->copy;
  if (made.kind.cache) return false;
  const auto columns = static_cast<std::size_t>(mlp.wiring.shape(layer).columns);
  const auto& mask = mlp.wiring.masks[static_cast<std::size_t>(layer)];
  for (std::size_t c = 0; c < columns; ++c)
    if (mask[static_cast<std::size_t>(unit) * columns + c]) return true;
  return false;
}

sgd::Mlp split_everywhere(sgd::Mlp mlp, std::uint64_t seed) {
  for (int layer = 0; layer < mlp.wiring.depth(); ++layer) {
    const auto units = static_cast<int>(mlp.wiring.hidden[static_cast<std::size_t>(layer)].size());
    for (int unit = 0; unit < units; ++unit)
      if (computes(mlp, layer, unit))
        mlp = sgd::split_unit(mlp, layer, unit, 3, seed + static_cast<std::uint64_t>(unit));
  }
  return mlp;
}

sgd::Mlp cancelling_everywhere(sgd::Mlp mlp, std::uint64_t seed) {
  for (int layer = 0; layer < mlp.wiring.depth(); ++layer)
    for (const Activation kind : {Activation::gaussian, Activation::sin, Activation::tanh})
      mlp = sgd::add_cancelling_pair(mlp, layer, {kind, false}, seed + static_cast<std::uint64_t>(layer));
  return mlp;
}

sgd::Mlp rotated_everywhere(sgd::Mlp mlp, std::uint64_t seed) {
  for (int layer = mlp.wiring.depth() - 1; layer >= 0; --layer)
    mlp = sgd::rotate_layer(mlp, layer, seed + static_cast<std::uint64_t>(layer));
  return mlp;
}

}  // namespace

std::string_view name(Fracture fracture) {
  constexpr std::array<std::string_view, 3> names{"split", "cancel", "rotate"};
  return names[static_cast<std::size_t>(fracture)];
}

sgd::Mlp fractured_twin(const sgd::Mlp& mlp, Fracture fracture, std::uint64_t seed) {
  switch (fracture) {
    case Fracture::split:
      return split_everywhere(mlp, seed);
    case Fracture::cancel:
      return cancelling_everywhere(mlp, seed);
    case Fracture::rotate:
      return rotated_everywhere(mlp, seed);
  }
  return mlp;
}

}  // namespace skein::experiments
