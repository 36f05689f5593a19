// A stranger's program: uses skein as installed, sees only what the install gave it.
#include <iostream>

#include "bridge/layerize.hpp"
#include "lib/engine/engine.hpp"
#include "neat/genome/genome.hpp"
#include "sgd/mlp/mlp.hpp"

int main() {
  using namespace skein;
  neat::Genome genome;
  genome.signature = {{"x", "y", "d", "bias"}, {"ink"}};
  for (int i = 0; i < 4; ++i) genome.nodes.push_back({{0, i}, neat::NodeRole::input, Activation::identity});
  genome.nodes.push_back({{0, 4}, neat::NodeRole::output, Activation::gaussian});
  genome.links.push_back({{0, 5}, {0, 2}, {0, 4}, 2.0, true});
  const sgd::Mlp mlp = bridge::layerize(genome);
  const Picture picture = draw(Plan(sgd::lower(mlp.wiring).network), mlp.weights, {8, 8});
  std::cout << sgd::architecture_of(mlp.wiring).text() << ": corner " << picture.rgb[0] << '\n';
  return picture.rgb[0] > 0.5f ? 0 : 1;
}
