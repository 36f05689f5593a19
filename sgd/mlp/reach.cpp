#include "sgd/mlp/reach.hpp"

#include <algorithm>

namespace skein::sgd {

namespace {

/// First value of each layer: 0 the inputs, 1 the first hidden layer, ..., depth + 1 the outputs; then the
/// end.
std::vector<std::size_t> layer_starts(const Wiring& wiring) {
  std::vector<std::size_t> starts{0, wiring.signature.inputs.size()};
  for (const auto& layer : wiring.hidden) starts.push_back(starts.back() + layer.size());
  starts.push_back(starts.back() + wiring.signature.outputs.size());
  return starts;
}

}  // namespace

std::vector<std::uint8_t> reached_from_inputs(const Wiring& wiring) {
  const auto starts = layer_starts(wiring);
  std::vector<std::uint8_t> reached(starts.back(), 0);
  std::fill_n(reached.begin(), starts[1], std::uint8_t{1});
  for (std::size_t l = 0; l < wiring.masks.size(); ++l) {
    const std::size_t width = starts[l + 1] - starts[l];
    for (std::size_t row = 0; row < starts[l + 2] - starts[l + 1]; ++row)
      for (std::size_t column = 0; column < width; ++column)
        if (wiring.masks[l][row * width + column] != 0 && reached[starts[l] + column] != 0)
          reached[starts[l + 1] + row] = 1;
  }
  return reached;
}

std::vector<std::uint8_t> reaching_outputs(const Wiring& wiring) {
  const auto starts = layer_starts(wiring);
  std::vector<std::uint8_t> reaching(starts.back(), 0);
  std::fill(reaching.begin() + static_cast<std::ptrdiff_t>(starts[wiring.masks.size()]), reaching.end(),
            std::uint8_t{1});
  for (std::size_t l = wiring.masks.size(); l-- > 0;) {
    const std::size_t width = starts[l + 1] - starts[l];
    for (std::size_t row = 0; row < starts[l + 2] - starts[l + 1]; ++row)
      for (std::size_t column = 0; column < width; ++column)
        if (wiring.masks[l][row * width + column] != 0 && reaching[starts[l + 1] + row] != 0)
          reaching[starts[l] + column] = 1;
  }
  return reaching;
}

bool connected(const Wiring& wiring) {
  const auto reached = reached_from_inputs(wiring);
  return std::all_of(reached.end() - static_cast<std::ptrdiff_t>(wiring.signature.outputs.size()),
                     reached.end(), [](std::uint8_t r) { return r != 0; });
}

}  // namespace skein::sgd
