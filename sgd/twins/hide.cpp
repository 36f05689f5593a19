#include "sgd/twins/hide.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "lib/base/error.hpp"
#include "sgd/mlp/matrices.hpp"
#include "sgd/twins/twin_operations.hpp"

namespace skein::sgd {

namespace {

/// Fills the columns of `kind` that a layer has free in the architecture.
void fill(MatrixMlp& mlp, std::size_t layer, UnitKind kind, int columns, const HideSettings& settings,
          RandomStream& random) {
  std::vector<Eigen::Index> here;  // units that were there, worth splitting
  for (std::size_t u = 0; u < mlp.hidden[layer].size(); ++u)
    if (mlp.hidden[layer][u].kind == kind) here.push_back(static_cast<Eigen::Index>(u));
  int free = columns - static_cast<int>(here.size());
  if (free < 0)
    throw ConfigError("hide: layer " + std::to_string(layer + 1) + " has " + std::to_string(here.size()) +
                      " units " + std::string(name(kind)) + ", the architecture has " +
                      std::to_string(columns) + " columns");
  while (free > 0) {
    const std::vector<double> odds{settings.split && !here.empty() ? 2.0 : 0.0,
                                   settings.cancel && free > 1 ? 1.0 : 0.0, settings.useless ? 0.5 : 0.0};
    if (odds[0] + odds[1] + odds[2] == 0) return;  // an odd column that only a pair could fill stays empty
    const std::size_t way = random.pick(odds);
    if (way == 0) split(mlp, layer, here[random.below(static_cast<std::uint32_t>(here.size()))], 2, random);
    else if (way == 1) cancelling_pair(mlp, layer, kind, random);
    else useless(mlp, layer, kind, random);
    free -= way == 1 ? 2 : 1;
  }
}

}  // namespace

void validate(const HideSettings& settings) {
  if (!(settings.widen >= 1 && settings.widen <= 100))
    throw ConfigError("hide: widen is " + std::to_string(settings.widen) + ", allowed is 1 to 100");
  if (!settings.split && !settings.cancel && !settings.useless)
    throw ConfigError(
        "hide: splits, cancelling pairs and useless units are all off; one is needed to fill columns");
}

Mlp hide(const Mlp& mlp, std::uint64_t seed, const HideSettings& settings) {
  validate(settings);
  Architecture wide = architecture_of(mlp.wiring);
  for (auto& [kind, count] : wide.columns) count = static_cast<int>(std::ceil(count * settings.widen));
  if (settings.architecture) wide = *settings.architecture;
  MatrixMlp twin = without_empty_columns(to_matrices(mlp));
  for (std::size_t layer = 0; layer < twin.depth(); ++layer) {
    RandomStream random(seed, "hide", layer);
    for (const auto& [kind, columns] : wide.columns) fill(twin, layer, kind, columns, settings, random);
    if (settings.rotate) rotate(twin, layer, is_cache, random);
  }
  for (auto& layer : twin.hidden)
    for (MlpUnit& unit : layer) unit.origin.reset();
  for (auto& copies : twin.copies) copies.setZero();
  twin = to_matrices(arrange(to_mlp(twin), wide));
  RandomStream random(seed, "hide signs and order");
  if (settings.flip) flip(twin, random);
  if (settings.permute) permute(twin, random);
  if (settings.dense)
    for (auto& mask : twin.masks) mask.setOnes();
  return to_mlp(twin);
}

}  // namespace skein::sgd
