#include "experiments/judges/detector_judge.hpp"

#include <algorithm>
#include <cmath>

#include "experiments/judges/evidence_steps.hpp"
#include "lib/graph/components.hpp"
#include "lib/graph/directed_graph.hpp"

namespace skein::experiments {
namespace {

constexpr auto row_length = static_cast<std::size_t>(detector_size);

/// Which pixels have another shade than before.
std::vector<std::uint32_t> changed_pixels(const DetectedParts& before, const DetectedParts& after) {
  std::vector<std::uint32_t> changed;
  for (std::uint32_t p = 0; p < before.shade.size(); ++p)
    if (before.shade[p] != after.shade[p]) changed.push_back(p);
  return changed;
}

/// Pixels that have the shade of their mirror image, left to right.
int mirrored_pixels(const DetectedParts& picture) {
  int count = 0;
  for (std::size_t p = 0; p < picture.shade.size(); ++p) {
    const std::size_t column = p % row_length;
    count += picture.shade[p] == picture.shade[p - column + (row_length - 1 - column)];
  }
  return count;
}

/// How many connected patches of at least four pixels these are.
int patches_of(const std::vector<std::uint32_t>& pixels) {
  std::vector<std::int64_t> number(row_length * row_length, -1);
  for (std::size_t i = 0; i < pixels.size(); ++i) number[pixels[i]] = static_cast<std::int64_t>(i);
  DirectedGraph beside{.nodes = pixels.size(), .edges = {}};
  for (const std::uint32_t p : pixels) {
    const auto join = [&](bool inside, std::size_t q) {
      if (inside && number[q] >= 0)
        beside.edges.emplace_back(static_cast<std::uint32_t>(number[p]),
                                  static_cast<std::uint32_t>(number[q]));
    };
    join(p % row_length + 1 < row_length, p + 1);
    join(p + row_length < number.size(), p + row_length);
  }
  constexpr int smallest_patch = 4;
  std::vector<int> area(pixels.size(), 0);
  for (const std::uint32_t patch : connected_components(beside)) ++area[patch];
  return static_cast<int>(std::ranges::count_if(area, [](int a) { return a >= smallest_patch; }));
}

std::optional<DetectorTraits> traits_between(const DetectedParts& before, const DetectedParts& after) {
  const std::vector<std::uint32_t> changed = changed_pixels(before, after);
  if (changed.empty()) return {};
  DetectorTraits traits{};
  const auto set = [&](DetectorTrait trait, double value) {
    traits[static_cast<std::size_t>(trait)] = value;
  };
  const auto regions = [](const DetectedParts& parts) {
    return static_cast<double>(parts.parts.size()) + parts.specks + 1;
  };
  set(DetectorTrait::count, std::log(regions(after) / regions(before)));
  set(DetectorTrait::asymmetry,
      (mirrored_pixels(before) - mirrored_pixels(after)) / static_cast<double>(changed.size()));
  set(DetectorTrait::patches, std::log(patches_of(changed) + 1.0));
  return traits;
}

}  // namespace

std::string_view name(DetectorTrait trait) {
  constexpr std::array<std::string_view, detector_trait_count> names{"count", "asymmetry", "patches"};
  return names[static_cast<std::size_t>(trait)];
}

PartDetector::PartDetector(const Picture& original) {
  const std::vector<float> level = detector_brightness(original);
  limits_ = shade_limits(level);
  before_ = detect_parts(level, limits_);
}

PartDetector::Look PartDetector::look_at(const Picture& picture) const {
  if (limits_.empty()) return {};
  const std::vector<float> level = detector_brightness(picture);
  Look seen{.traits = traits_between(before_, detect_parts(level, limits_)), .whole = {}};
  if (is_flat(level)) seen.whole = 0;
  else if (seen.traits) seen.whole = detector_calibration().chance(*seen.traits);
  return seen;
}

void judge_by_detector(Evidence& evidence) {
  const PartDetector detector(evidence.picture);
  clear_opinions(evidence);
  for (Steps* steps : {&evidence.weights, &evidence.directions}) {
    const std::vector<std::size_t> reached = reached_steps(*steps);
    draw_steps(evidence, *steps, reached, [&](std::size_t k, Picture&& picture) {
      steps->effects[reached[k]].whole = detector.judge(picture);
    });
  }
}

}  // namespace skein::experiments
