#include "experiments/targets/targets.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "experiments/targets/evolved_targets.hpp"
#include "experiments/targets/hand_built.hpp"
#include "experiments/targets/painting.hpp"
#include "experiments/targets/patterns.hpp"
#include "experiments/targets/plain_pictures.hpp"
#include "lib/base/error.hpp"
#include "lib/engine/engine.hpp"
#include "lib/picture/colour.hpp"

namespace skein::experiments {

namespace {

using Colouring = std::array<double, 3> (*)(double x, double y);

Picture colour_pixels(const Grid& grid, Colouring colouring) {
  validate(grid);
  Picture picture(grid.width, grid.height);
  for (int row = 0; row < grid.height; ++row)
    for (int column = 0; column < grid.width; ++column) {
      const auto hsv = colouring(grid.x(column), grid.y(row));
      const auto rgb = hsv_to_rgb(hsv[0], hsv[1], hsv[2]);
      const auto pixel = static_cast<std::size_t>(row) * static_cast<std::size_t>(grid.width) +
                         static_cast<std::size_t>(column);
      for (int c = 0; c < 3; ++c)
        picture.channel(c)[pixel] = static_cast<float>(rgb[static_cast<std::size_t>(c)]);
    }
  return picture;
}

/// A disc of radius 0.6, its rim one twentieth wide, orange on slate.
std::array<double, 3> disc(double x, double y) {
  const double inside = 0.5 + 0.5 * std::tanh((0.6 - std::hypot(x, y)) / 0.05);
  return {0.6 - 0.53 * inside, 0.3 + 0.5 * inside, 0.3 + 0.65 * inside};
}

/// Circular waves from two points, where they meet in phase bright, out of phase dark.
std::array<double, 3> ripples(double x, double y) {
  const double left = std::sin(14 * std::hypot(x + 0.5, y)), right = std::sin(14 * std::hypot(x - 0.5, y));
  const double height = (left + right) / 2;
  return {0.55 + 0.1 * height, 0.6 - 0.4 * height, 0.55 + 0.45 * height};
}

BuiltInTarget by_genome(std::string name, std::string description,
                        std::function<neat::AnnotatedGenome()> make) {
  return {std::move(name), std::move(description), make, [make](const Grid& grid) {
            const neat::Phenotype phenotype = neat::express(make().genome);
            return draw(Plan(phenotype.network), phenotype.weights, grid);
          }};
}

BuiltInTarget found_by_search(const EvolvedTarget& target) {
  return by_genome(
      std::string(target.name),
      std::string(target.description) + " (evolved, " + std::to_string(target.links.size()) + " links)",
      [&target] { return genome_of(target); });
}

BuiltInTarget by_formula(std::string name, std::string description, Colouring colouring) {
  return {std::move(name), std::move(description), nullptr,
          [colouring](const Grid& grid) { return colour_pixels(grid, colouring); }};
}

BuiltInTarget by_painting(std::string name, std::string description, std::function<Paint(Spot)> colour_at) {
  return {std::move(name), std::move(description), nullptr,
          [colour_at = std::move(colour_at)](const Grid& grid) { return painted(grid, colour_at); }};
}

BuiltInTarget by_folds(int times) {
  return by_painting("fold-" + std::to_string(times),
                     "the plane folded " + std::to_string(times) + (times == 1 ? " time" : " times") +
                         ", then halved (formula)",
                     [times](Spot spot) { return folds(spot, times); });
}

std::vector<BuiltInTarget> all() {
  std::vector<BuiltInTarget> targets{
      by_genome("face", "a face: outline, eyes, brows, nose and mouth are separate sub-networks (by hand)",
                face),
      by_genome("flower",
                "a flower: petals, centre, stem, leaves and sky are separate sub-networks (by hand)", flower),
      by_genome("sunset", "sun, hills, sea and its glitter are separate sub-networks (by hand)", sunset),
      by_formula("disc", "an orange disc with a soft rim (formula)", disc),
      by_formula("ripples", "the waves of two sources that meet (formula)", ripples),
  };
  for (const EvolvedTarget& target : evolved_targets()) targets.push_back(found_by_search(target));
  const auto paint = [&](const char* name, const char* description, Paint (*colour_at)(Spot)) {
    targets.push_back(by_painting(name, std::string(description) + " (formula)", colour_at));
  };
  paint("cube-sphere", "a red cube beside a yellow sphere, ray-cast", cube_and_sphere);
  paint("car", "a car from its side", car);
  paint("cat", "a cat that sits", cat);
  paint("butterfly", "a butterfly on white", butterfly);
  paint("butterfly-meadow", "the same butterfly over a meadow", butterfly_on_meadow);
  paint("landscape", "mountains, forest, lake and grass, with texture", landscape);
  paint("tiling", "hexagons in three colours", tiling);
  paint("tree", "a tree that forks eight times", branching_tree);
  for (int times = 1; times <= 6; ++times) targets.push_back(by_folds(times));
  return targets;
}

}  // namespace

std::span<const BuiltInTarget> built_in_targets() {
  static const std::vector<BuiltInTarget> targets = all();
  return targets;
}

const BuiltInTarget& built_in_target(std::string_view name) {
  if (name.starts_with('@')) name.remove_prefix(1);
  const auto targets = built_in_targets();
  const auto found = std::find_if(targets.begin(), targets.end(),
                                  [&](const BuiltInTarget& target) { return target.name == name; });
  if (found != targets.end()) return *found;
  std::string known;
  for (const BuiltInTarget& target : targets) known += (known.empty() ? "@" : ", @") + target.name;
  throw ConfigError("there is no built-in target '" + std::string(name) + "'; there are " + known);
}

}  // namespace skein::experiments
