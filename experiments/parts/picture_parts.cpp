#include "experiments/parts/picture_parts.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>

#include "experiments/changes/effective_number.hpp"
#include "experiments/labels/label_agreement.hpp"
#include "lib/base/error.hpp"
#include "lib/engine/engine.hpp"

namespace skein::experiments {
namespace {

constexpr double base_coverage =
    0.7;  // tuned: the lights and walls of the built-ins lie above, their parts below
constexpr double least_density = 0.5;  // of a mask's own even spread; tuned: the built-ins' known regions
constexpr std::array<float, 6> label_steps{-1.0f, -0.5f, -0.25f, 0.25f, 0.5f, 1.0f};

/// Per slot of the phenotype: where a sweep of it changes the picture, summing to 1; zeros where nothing shows.
std::vector<std::vector<double>> swept_maps(const neat::Phenotype& phenotype) {
  const Grid grid{parts_size, parts_size};
  const Plan plan(phenotype.network);
  const Picture base = draw(plan, phenotype.weights, grid);
  std::vector<Perturbation> moves;
  for (Slot slot = 0; slot < phenotype.weights.size(); ++slot)
    for (const float step : label_steps) moves.push_back({{slot, phenotype.weights[slot] + step}});
  std::vector<std::vector<float>> changes(moves.size());
  draw_perturbed(plan, phenotype.weights, grid, moves, [&](std::size_t i, Picture&& picture) {
    changes[i].assign(grid.pixels(), 0.0f);
    for (std::size_t k = 0; k < picture.rgb.size(); ++k)
      if (const float change = std::abs(picture.rgb[k] - base.rgb[k]); std::isfinite(change))
        changes[i][k % grid.pixels()] += change;
  });
  std::vector<std::vector<double>> maps(phenotype.weights.size(), std::vector<double>(grid.pixels(), 0.0));
  for (std::size_t i = 0; i < changes.size(); ++i)
    for (std::size_t p = 0; p < grid.pixels(); ++p) maps[i / label_steps.size()][p] += changes[i][p];
  for (auto& map : maps) {
    const double sum = std::accumulate(map.begin(), map.end(), 0.0);
    constexpr double least = 1e-3;  // less is rounding
    for (double& value : map) value = sum > least ? value / sum : 0.0;
  }
  return maps;
}

struct Masked {
  Part part;
  std::vector<double> mask;  ///< sums to 1, or zeros
};

std::vector<Masked> masked_parts(const neat::Genome& genome,
                                 const std::vector<std::optional<std::string>>& senses) {
  const neat::Phenotype phenotype = neat::express(genome);
  const auto maps = swept_maps(phenotype);
  std::map<std::string, Masked> by_sense;
  for (std::size_t slot = 0; slot < maps.size(); ++slot) {
    const std::uint32_t link = phenotype.link_of_slot[slot];
    if (!senses[link]) continue;
    Masked& masked = by_sense[*senses[link]];
    masked.part.links.push_back(link);
    masked.mask.resize(maps[slot].size(), 0.0);
    for (std::size_t p = 0; p < maps[slot].size(); ++p) masked.mask[p] += maps[slot][p];
  }
  std::vector<Masked> result;
  for (auto& [sense, masked] : by_sense) {
    masked.part.name = sense;
    std::ranges::sort(masked.part.links);
    const double sum = std::accumulate(masked.mask.begin(), masked.mask.end(), 0.0);
    for (double& value : masked.mask) value = sum > 0 ? value / sum : 0.0;
    result.push_back(std::move(masked));
  }
  return result;
}

/// Fills in shares and pairs from the owners, dropping parts without a pixel of their own.
void settle(PictureParts& result, std::vector<Part> counted, const std::vector<int>& owner) {
  const auto pixels = static_cast<double>(owner.size());
  std::vector<std::size_t> areas(counted.size() + 1, 0);
  const auto outside = static_cast<int>(counted.size());
  for (const int part : owner) ++areas[static_cast<std::size_t>(part < 0 ? outside : part)];
  counted.push_back({.name = outside_name, .links = {}});
  PartRegions& regions = result.regions;
  regions.width = regions.height = parts_size;
  regions.owner.assign(owner.size(), 0);
  for (std::size_t p = 0; p < counted.size(); ++p) {
    Part& part = counted[p];
    if (areas[p] == 0) {
      if (part.name != outside_name || !part.links.empty()) result.unseen.push_back(std::move(part));
      continue;
    }
    part.share = static_cast<double>(areas[p]) / pixels;
    std::vector<std::uint8_t> marked(owner.size());
    for (std::size_t i = 0; i < owner.size(); ++i) {
      marked[i] = (owner[i] < 0 ? outside : owner[i]) == static_cast<int>(p);
      if (!marked[i]) continue;
      regions.owner[i] = static_cast<std::uint8_t>(result.parts.size());
      (i % parts_size < parts_size / 2 ? part.left : part.right) += 1 / pixels;
    }
    part.mirrored = p + 1 < counted.size() && is_mirrored_pair(marked, parts_size, parts_size);
    regions.names.push_back(part.name);
    regions.mirrored.push_back(part.mirrored);
    result.parts.push_back(std::move(part));
  }
}

}  // namespace

PictureParts parts_of(const neat::Genome& genome, const std::vector<neat::LinkLabel>& labels) {
  PictureParts result;
  std::size_t strangers = 0;
  for (const neat::LinkLabel& label : labels) strangers += !neat::find_link(genome, label.link);
  if (strangers > 0)
    result.warnings.push_back(std::to_string(strangers) + " of " + std::to_string(labels.size()) +
                              " labels name a link that the genome does not have");
  auto masked = masked_parts(genome, senses_of(genome, labels));
  if (masked.empty())
    throw ConfigError(labels.empty()
                          ? "no link of the genome carries a label: give --labels or --regions"
                          : "none of the " + std::to_string(labels.size()) +
                                " labels names an enabled link of the genome and says what it does");
  if (masked.size() > 254)
    throw ConfigError("the labels have " + std::to_string(masked.size()) +
                      " senses; at most 254 are possible");
  std::vector<Masked> counted;
  constexpr double pixels = double{parts_size} * parts_size;
  for (Masked& m : masked) {
    const double coverage = effective_number(m.mask) / pixels;
    m.part.share = coverage;
    m.part.base = coverage >= base_coverage;
    if (coverage == 0) result.unseen.push_back(std::move(m.part));
    else if (m.part.base) result.base.push_back(std::move(m.part));
    else counted.push_back(std::move(m));
  }
  std::vector<int> owner(std::size_t{parts_size} * parts_size, -1);
  std::vector<double> densest(owner.size(), 0.0);
  std::vector<Part> parts;
  for (Masked& m : counted) {
    const double least = least_density / effective_number(m.mask);
    for (std::size_t p = 0; p < owner.size(); ++p)
      if (m.mask[p] >= least && m.mask[p] > densest[p]) {
        densest[p] = m.mask[p];
        owner[p] = static_cast<int>(parts.size());
      }
    parts.push_back(std::move(m.part));
  }
  settle(result, std::move(parts), owner);
  for (const Part& part : result.unseen) result.warnings.push_back("nothing shows of '" + part.name + "'");
  if (counted.empty())
    result.warnings.push_back("every label covers the whole picture: there are no parts to tell apart");
  return result;
}

namespace {

using RegionColour = std::array<std::uint8_t, 3>;

std::string colour_name(const RegionColour& colour) {
  constexpr const char* digits = "0123456789abcdef";
  std::string text = "#";
  for (const std::uint8_t c : colour) {
    text += digits[c / 16];
    text += digits[c % 16];
  }
  return text;
}

RegionColour colour_at(const Image& image, int row, int column) {
  const std::uint8_t* pixel = image.pixel(row, column);
  return {pixel[0], pixel[1], pixel[2]};
}

int colour_distance(const RegionColour& a, const RegionColour& b) {
  int sum = 0;
  for (std::size_t c = 0; c < 3; ++c) sum += (int{a[c]} - b[c]) * (int{a[c]} - b[c]);
  return sum;
}

/// The colour that most pixels of the border have.
RegionColour border_colour(const Image& image) {
  std::map<RegionColour, std::size_t> counts;
  for (int row = 0; row < image.height; ++row)
    for (int column = 0; column < image.width; ++column)
      if (row == 0 || column == 0 || row == image.height - 1 || column == image.width - 1)
        ++counts[colour_at(image, row, column)];
  return std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; })->first;
}

}  // namespace

PictureParts parts_of_regions(const Image& image) {
  if (image.width < 1 || image.height < 1) throw ConfigError("the picture of regions has no pixels");
  constexpr double least_share = 0.001;
  constexpr std::size_t most_regions = 64;
  std::map<RegionColour, std::size_t> counts;
  for (int row = 0; row < image.height; ++row)
    for (int column = 0; column < image.width; ++column) ++counts[colour_at(image, row, column)];
  const auto least = least_share * static_cast<double>(image.width) * static_cast<double>(image.height);
  std::vector<RegionColour> colours;
  const RegionColour ground = border_colour(image);
  for (const auto& [colour, count] : counts)
    if (colour != ground && static_cast<double>(count) >= least) colours.push_back(colour);
  if (colours.empty()) throw ConfigError("the picture of regions has one colour; at least two are needed");
  if (colours.size() > most_regions)
    throw ConfigError("the picture of regions has " + std::to_string(colours.size() + 1) +
                      " colours; flat ones are needed, at most " + std::to_string(most_regions));
  PictureParts result;
  std::vector<Part> parts;
  for (const RegionColour& colour : colours) parts.push_back({.name = colour_name(colour), .links = {}});
  std::vector<int> owner(std::size_t{parts_size} * parts_size);
  for (int row = 0; row < parts_size; ++row)
    for (int column = 0; column < parts_size; ++column) {
      const RegionColour here = colour_at(image, (2 * row + 1) * image.height / (2 * parts_size),
                                          (2 * column + 1) * image.width / (2 * parts_size));
      int nearest = -1, best = colour_distance(here, ground);
      for (std::size_t k = 0; k < colours.size(); ++k)
        if (const int away = colour_distance(here, colours[k]); away < best) {
          best = away;
          nearest = static_cast<int>(k);
        }
      owner[static_cast<std::size_t>(row * parts_size + column)] = nearest;
    }
  settle(result, std::move(parts), owner);
  for (const Part& part : result.unseen)
    result.warnings.push_back("nothing shows of '" + part.name + "' at 64 x 64 pixels");
  return result;
}

}  // namespace skein::experiments
