#include "neat/search/picture_goal.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "lib/base/error.hpp"
#include "lib/engine/engine.hpp"
#include "lib/picture/descriptors.hpp"
#include "neat/search/archive_file.hpp"

namespace skein::neat {

namespace {

bool is_finite(const Picture& picture) {
  return std::all_of(picture.rgb.begin(), picture.rgb.end(),
                     [](float value) { return std::isfinite(value); });
}

Picture drawn(const Phenotype& phenotype, const Grid& grid) {
  return draw(Plan(phenotype.network), phenotype.weights, grid);
}

double error(const Picture& a, const Picture& b) { return std::sqrt(mean_squared_error(a, b)); }

}  // namespace

Evaluator figure_evaluator(int size, std::vector<Picture> bystanders) {
  if (size < 8 || size > 4096)
    throw ConfigError("pictures are evaluated at " + std::to_string(size) +
                      " pixels a side; allowed: 8 to 4096");
  const Grid grid{size, size};
  for (const Picture& picture : bystanders)
    if (picture.width != size || picture.height != size)
      throw ConfigError(
          "a picture of " + std::to_string(picture.width) + " x " + std::to_string(picture.height) +
          " cannot be compared; allowed: " + std::to_string(size) + " x " + std::to_string(size));
  return [grid, bystanders = std::move(bystanders)](const Genome& genome) -> Evaluation {
    const Phenotype phenotype = express(genome);
    const Picture picture = drawn(phenotype, grid);
    if (!is_finite(picture)) return {};
    const auto values = describe(picture).values();
    Behaviour behaviour(values.begin(), values.end());
    behaviour.push_back(phenotype.network.depth());
    for (const Picture& other : bystanders) behaviour.push_back(error(picture, other));
    return {.fitness = figure_quality(picture), .behaviour = std::move(behaviour)};
  };
}

Evaluator likeness_evaluator(Picture target) {
  const Grid grid{target.width, target.height};
  validate(grid);
  return [grid, target = std::move(target)](const Genome& genome) -> Evaluation {
    const Picture picture = drawn(express(genome), grid);
    if (!is_finite(picture)) return {};
    return {.fitness = 1 - error(picture, target)};
  };
}

Goal novelty_goal(std::shared_ptr<NoveltyArchive> archive, NoveltySettings settings, int size) {
  validate(settings);
  Goal goal;
  goal.evaluate = figure_evaluator(size);
  goal.score = [archive, settings](std::span<const Organism> organisms,
                                   std::span<const Evaluation> evaluations) {
    std::vector<double> scores(organisms.size(), 0);
    std::vector<Organism> placed;
    std::vector<Behaviour> behaviours;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < organisms.size(); ++i) {
      if (evaluations[i].behaviour.empty()) continue;
      placed.push_back(organisms[i]);
      const Behaviour& whole = evaluations[i].behaviour;
      behaviours.emplace_back(whole.begin(),
                              whole.begin() + static_cast<std::ptrdiff_t>(descriptor_names.size()));
      places.push_back(i);
    }
    const auto found = score_novelty(*archive, placed, behaviours, settings);
    for (std::size_t i = 0; i < places.size(); ++i) scores[places[i]] = found[i];
    return scores;
  };
  goal.save = [archive] { return novelty_bytes(*archive); };
  goal.restore = [archive](std::string_view bytes) { *archive = parse_novelty(bytes, "novelty archive"); };
  return goal;
}

std::vector<MapAxis> picture_axes() {
  return {{.name = "complexity", .component = 0, .low = 0.05, .high = 0.85, .bins = 10},
          {.name = "symmetry-across", .component = 1, .low = 0, .high = 1, .bins = 5},
          {.name = "colourfulness", .component = 4, .low = 0, .high = 1, .bins = 5},
          {.name = "depth", .component = descriptor_names.size(), .low = 1, .high = 25, .bins = 8}};
}

}  // namespace skein::neat
