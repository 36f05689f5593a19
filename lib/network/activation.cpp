#include "lib/network/activation.hpp"

#include <algorithm>

namespace skein {

namespace {
constexpr std::array<std::string_view, all_activations.size()> names{
    "identity", "sin", "cos", "tanh", "relu", "sigmoid", "gaussian", "steep-sigmoid"};
}

std::string_view name(Activation activation) { return names[static_cast<std::size_t>(activation)]; }

std::optional<Activation> parse_activation(std::string_view text) {
  const auto found = std::ranges::find(names, text);
  if (found == names.end()) return std::nullopt;
  return all_activations[static_cast<std::size_t>(found - names.begin())];
}

int parity(Activation activation) {
  switch (activation) {
    case Activation::cos:
    case Activation::gaussian:
      return 1;
    case Activation::relu:
    case Activation::steep_sigmoid:
      return 0;
    default:
      return -1;
  }
}

}  // namespace skein
