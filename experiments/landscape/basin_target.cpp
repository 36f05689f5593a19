#include "experiments/landscape/basin_target.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "experiments/jobs/training_options.hpp"
#include "experiments/labels/label_agreement.hpp"
#include "experiments/nets/net.hpp"
#include "experiments/nets/target_picture.hpp"
#include "experiments/parts/parts_target.hpp"
#include "lib/base/error.hpp"

namespace skein::experiments {
namespace {

/// Per slot of the layerised genome: the number of its link's part.
std::vector<int> parts_of_slots(const sgd::Wiring& wiring, const neat::Genome& genome,
                                const std::vector<neat::LinkLabel>& labels, const PartRegions& regions) {
  using Ends = std::pair<std::pair<int, int>, std::pair<int, int>>;
  std::map<Ends, int> part_of_link;
  const auto senses = senses_of(genome, labels);
  for (std::size_t i = 0; i < genome.links.size(); ++i) {
    const neat::Link& link = genome.links[i];
    const auto part = senses[i] ? std::ranges::find(regions.names, *senses[i]) : regions.names.end();
    if (!link.enabled || part == regions.names.end()) continue;
    part_of_link[{{link.source.branch, link.source.id}, {link.target.branch, link.target.id}}] =
        static_cast<int>(part - regions.names.begin());
  }
  std::vector<int> parts;
  for (std::size_t layer = 0; layer < wiring.masks.size(); ++layer) {
    const MatrixShape shape = wiring.shape(static_cast<int>(layer));
    for (std::int32_t row = 0; row < shape.rows; ++row)
      for (std::int32_t column = 0; column < shape.columns; ++column) {
        const auto at = static_cast<std::size_t>(row * shape.columns + column);
        if (!wiring.masks[layer][at]) continue;
        parts.push_back(-1);
        if (layer == wiring.hidden.size() || wiring.copies[layer][at]) continue;
        const auto& target = wiring.hidden[layer][static_cast<std::size_t>(row)].origin;
        const auto c = static_cast<std::size_t>(column);
        const auto source =
            layer == 0 ? std::optional(wiring.inputs.at(c)) : wiring.hidden[layer - 1][c].origin;
        if (!target || !source) continue;
        const auto found = part_of_link.find({{source->branch, source->id}, {target->branch, target->id}});
        if (found != part_of_link.end()) parts.back() = found->second;
      }
  }
  return parts;
}

}  // namespace

double plain_loss_of(const Picture& picture) { return mean_squared_error(mean_colour(picture), picture); }

BasinTarget load_basin_target(const std::string& argument, int size, const std::string& labels) {
  const TargetPicture loaded = load_target(argument, size);
  BasinTarget target;
  target.title = loaded.title;
  target.picture = loaded.picture;
  target.plain_loss = plain_loss_of(loaded.picture);
  if (is_constant(loaded.picture))
    throw ConfigError(argument + ": is of one colour, which every network can draw");
  if (loaded.net) target.evolved = as_mlp(*loaded.net);
  target.architecture =
      target.evolved ? sgd::architecture_of(target.evolved->wiring).text() : default_architecture;
  const bool has_genome = loaded.net && loaded.net->genome;
  if (!has_genome) {
    if (!labels.empty())
      throw ConfigError("--labels: belong to the links of a genome, " + argument + " is none");
    return target;
  }
  const neat::AnnotatedGenome& genome = *loaded.net->genome;
  const auto known = labels.empty() ? genome.notes.labels : read_labels(labels);
  if (known.empty()) return target;
  const PartsTarget found = load_parts({argument, labels, {}});
  if (found.parts.regions.count() < 2) return target;
  target.parts = found.parts.regions;
  target.part_of_slot = parts_of_slots(target.evolved->wiring, genome.genome, known, found.parts.regions);
  return target;
}

}  // namespace skein::experiments
