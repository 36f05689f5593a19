#include "tests/support/weights_by_origin.hpp"

namespace skein::test {

std::multiset<WeightByOrigin> weights_by_origin(const sgd::Mlp& mlp) {
  std::multiset<WeightByOrigin> result;
  const auto lowered = sgd::lower(mlp.wiring);
  for (std::size_t s = 0; s < lowered.layout.places.size(); ++s) {
    const WeightPlace place = lowered.layout.places[s];
    const auto at = [&](int layer, int column) {
      if (layer < 0) return mlp.wiring.inputs[static_cast<std::size_t>(column)];
      if (layer == mlp.wiring.depth()) return sgd::UnitOrigin{-2, column, false};
      return mlp.wiring.hidden[static_cast<std::size_t>(layer)][static_cast<std::size_t>(column)]
          .origin.value();
    };
    const auto from = at(place.layer - 1, place.column), to = at(place.layer, place.row);
    result.insert(
        {place.layer, {from.branch, from.id}, from.copy, {to.branch, to.id}, to.copy, mlp.weights[s]});
  }
  return result;
}

}  // namespace skein::test
