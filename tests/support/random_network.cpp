#include "tests/support/random_network.hpp"

namespace skein::test {

Network random_network(std::uint64_t seed, int units) {
  RandomStream random(seed, "test network");
  NetworkBuilder builder(picture_signature());
  const auto slots = static_cast<std::uint32_t>(3 * units);
  for (int u = 0; u < units; ++u) {
    std::vector<Edge> edges;
    const auto fan_in = random.chance(0.05) ? 0 : random.chance(0.3) ? 1 : 1 + random.below(5);
    for (std::uint32_t e = 0; e < fan_in; ++e)
      edges.push_back({random.below(static_cast<std::uint32_t>(4 + u)), random.below(slots)});
    const auto activation =
        random.chance(0.4) ? Activation::identity : all_activations[random.below(all_activations.size())];
    builder.add_unit({activation, 1 + u}, edges);
  }
  std::vector<ValueIndex> outputs;
  for (int o = 0; o < 3; ++o)
    outputs.push_back(random.chance(0.1) ? random.below(4)
                                         : static_cast<ValueIndex>(4 + units - 1) -
                                               random.below(static_cast<std::uint32_t>(units / 2)));
  return std::move(builder).finish(outputs, static_cast<int>(slots));
}

Weights random_weights(const Network& network, std::uint64_t seed, double scale) {
  RandomStream random(seed, "test weights");
  Weights weights(static_cast<std::size_t>(network.slot_count()));
  for (float& w : weights) w = static_cast<float>(scale * random.normal());
  return weights;
}

Network layered_network(int depth, const std::vector<Activation>& layer, double density, std::uint64_t seed) {
  RandomStream random(seed, "layered network");
  NetworkBuilder builder(picture_signature());
  std::vector<ValueIndex> below{0, 1, 2, 3};
  Slot slot = 0;
  const auto add = [&](Activation activation, int l) {
    std::vector<Edge> edges;
    for (const ValueIndex source : below)
      if (density >= 1 || random.chance(density)) edges.push_back({source, slot++});
    return builder.add_unit({activation, l}, edges);
  };
  for (int l = 1; l <= depth; ++l) {
    std::vector<ValueIndex> now;
    for (const Activation activation : layer) now.push_back(add(activation, l));
    below = now;
  }
  std::vector<ValueIndex> outputs;
  for (int o = 0; o < 3; ++o) outputs.push_back(add(Activation::identity, depth + 1));
  return std::move(builder).finish(outputs);
}

Picture random_picture(int width, int height, std::uint64_t seed) {
  RandomStream random(seed, "test picture");
  Picture picture(width, height);
  for (float& c : picture.rgb) c = static_cast<float>(random.uniform());
  return picture;
}

}  // namespace skein::test
