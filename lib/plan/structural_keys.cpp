#include "lib/plan/structural_keys.hpp"

namespace skein {

std::vector<std::uint64_t> structural_keys(const Contraction& net, const UnitGroups& wiring) {
  const auto is_copy = [&](int u) {  // such as an output of the layered twin
    return net.activations[static_cast<std::size_t>(u)] == Activation::identity &&
           net.sources_of(u).size() == 1;
  };
  std::vector<std::uint64_t> above(net.kept.size()), below(net.kept.size());
  for (std::uint32_t v = 0; v < net.kept.size(); ++v) {
    if (wiring.is_input(v)) {
      above[v] = mixed(v);
      continue;
    }
    const auto u = static_cast<std::size_t>(wiring.unit(v));
    if (is_copy(wiring.unit(v))) {
      above[v] = above[net.sources_of(wiring.unit(v)).front()];
      continue;
    }
    std::uint64_t sum = 1000 + static_cast<std::uint64_t>(net.activations[u]);
    for (const std::uint32_t source : net.sources_of(wiring.unit(v))) sum += mixed(above[source]);
    above[v] = mixed(sum);
  }
  for (std::size_t o = 0; o < net.outputs.size(); ++o) below[net.outputs[o]] += mixed(2000 + o);
  for (std::uint32_t v = static_cast<std::uint32_t>(net.kept.size()); v-- > 0;)
    for (const Consumer& c : wiring.consumers(v))
      below[v] += is_copy(c.unit) ? below[wiring.value(c.unit)]
                                  : mixed(below[wiring.value(c.unit)] ^ above[wiring.value(c.unit)]);
  for (std::size_t v = 0; v < above.size(); ++v) above[v] ^= mixed(below[v]);
  return above;
}

}  // namespace skein
