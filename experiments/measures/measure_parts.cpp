#include <algorithm>
#include <vector>

#include "experiments/measures/measure_functions.hpp"

namespace skein::experiments::measure {
namespace {

template <class Body>
void each_part_step(const Evidence& evidence, Items items, const Body& body) {
  if (!evidence.parts) return;
  for (const std::uint32_t item : items)
    for (const std::size_t i : {2 * std::size_t{item}, 2 * std::size_t{item} + 1})
      if (evidence.parts->steps[i].reached) body(evidence.parts->steps[i]);
}

Value median_of(std::vector<double> values) {
  if (values.empty()) return {};
  std::ranges::sort(values);
  const std::size_t n = values.size();
  return n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

Value mean_of(const std::vector<double>& values) {
  if (values.empty()) return {};
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

/// Mean correlation of mirrored halves: of each pair over the steps that act mainly on it (`own`), or of the rest
/// of the picture over the others.
Value mirrored(const Evidence& evidence, Items items, bool own) {
  if (!evidence.parts) return {};
  const PartRegions& regions = evidence.parts->regions;
  std::vector<double> found;
  std::size_t pair = 0;
  for (std::size_t part = 0; part < regions.count(); ++part) {
    if (!regions.mirrored[part]) continue;
    each_part_step(evidence, items, [&](const PartStep& step) {
      constexpr double mainly = 0.5;  // of the density
      if ((step.main == part && step.main_density > mainly) == own)
        found.push_back((own ? step.halves : step.elsewhere)[pair]);
    });
    ++pair;
  }
  return mean_of(found);
}

}  // namespace

Value participation(const Evidence& evidence, Items items) {
  std::vector<double> found;
  each_part_step(evidence, items, [&](const PartStep& step) { found.push_back(step.participation); });
  return median_of(std::move(found));
}

Value participation_shifted(const Evidence& evidence, Items items) {
  std::vector<double> found;
  each_part_step(evidence, items, [&](const PartStep& step) {
    found.insert(found.end(), step.shifted.begin(), step.shifted.end());
  });
  return median_of(std::move(found));
}

Value reuse(const Evidence& evidence, Items items) { return mirrored(evidence, items, true); }

Value reuse_elsewhere(const Evidence& evidence, Items items) { return mirrored(evidence, items, false); }

Value separation(const Evidence& evidence, Items items) {
  std::vector<double> found;
  each_part_step(evidence, items, [&](const PartStep& step) { found.push_back(step.separation); });
  return mean_of(found);
}

Value separation_shifted(const Evidence& evidence, Items items) {
  std::vector<double> found;
  each_part_step(evidence, items, [&](const PartStep& step) { found.push_back(step.separation_shifted); });
  return mean_of(found);
}

}  // namespace skein::experiments::measure
