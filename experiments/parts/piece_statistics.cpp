#include "experiments/parts/piece_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>
#include <utility>

#include "lib/base/random.hpp"

namespace skein::experiments {
namespace {

/// 95 % of 500 resamples: seeds, and within each the other parts, drawn again.
std::pair<double, double> resampled(const std::vector<PartAccuracies>& seeds, std::uint64_t seed) {
  std::vector<double> found;
  for (std::uint64_t i = 0; i < 500; ++i) {
    RandomStream random(seed, "resampled accuracies", i);
    std::vector<double> values;
    for (std::size_t k = 0; k < seeds.size(); ++k) {
      const PartAccuracies& from = seeds[random.below(static_cast<std::uint32_t>(seeds.size()))];
      PartAccuracies again{from.own, {}};
      for (std::size_t q = 0; q < from.others.size(); ++q)
        again.others.push_back(from.others[random.below(static_cast<std::uint32_t>(from.others.size()))]);
      values.push_back(again.difference());
    }
    if (const double mean = mean_of_finite(values); std::isfinite(mean)) found.push_back(mean);
  }
  if (found.empty()) return {no_number, no_number};
  std::ranges::sort(found);
  return {found[found.size() / 40], found[found.size() - 1 - found.size() / 40]};
}

}  // namespace

double PartAccuracies::difference() const {
  if (others.empty()) return own;
  return own - std::accumulate(others.begin(), others.end(), 0.0) / static_cast<double>(others.size());
}

double jaccard(const std::vector<std::uint8_t>& a, const std::vector<std::uint8_t>& b) {
  std::size_t both = 0, either = 0;
  for (std::size_t s = 0; s < a.size(); ++s) both += a[s] && b[s], either += a[s] || b[s];
  return either == 0 ? 1 : static_cast<double>(both) / static_cast<double>(either);
}

double edge_f1(const std::vector<std::uint8_t>& mask, const std::vector<int>& label, int part) {
  std::size_t hit = 0, found = 0, wanted = 0;
  for (std::size_t s = 0; s < mask.size(); ++s) {
    hit += mask[s] && label[s] == part;
    found += mask[s] != 0;
    wanted += label[s] == part;
  }
  return found + wanted == 0 ? 1 : 2.0 * static_cast<double>(hit) / static_cast<double>(found + wanted);
}

double mean_of_finite(const std::vector<double>& values) {
  double sum = 0;
  std::size_t count = 0;
  for (const double value : values)
    if (std::isfinite(value)) sum += value, ++count;
  return count == 0 ? no_number : sum / static_cast<double>(count);
}

PartSubnetwork summary_of(std::string name, std::vector<LearnedPart> masks,
                          const std::vector<PartAccuracies>& sub, const std::vector<PartAccuracies>& ablated,
                          const MaskedNet& net, int part, std::uint64_t seed) {
  PartSubnetwork result{.name = std::move(name), .masks = std::move(masks), .edge_f1 = {}};
  std::vector<double> d_sub, f1, alike, d_abl[ablation_count];
  for (const LearnedPart& learned : result.masks) {
    result.edges +=
        static_cast<double>(std::accumulate(learned.mask.begin(), learned.mask.end(), std::size_t{0})) /
        static_cast<double>(result.masks.size());
    d_sub.push_back(learned.d_sub);
    for (std::size_t a = 0; a < ablation_count; ++a) d_abl[a].push_back(learned.d_abl[a]);
    if (!net.label.empty() && std::isfinite(learned.d_sub))
      f1.push_back(edge_f1(learned.mask, net.label, part));
    for (const LearnedPart& other : result.masks)
      if (&other != &learned) alike.push_back(jaccard(learned.mask, other.mask));
  }
  result.share = result.edges / std::max(1.0, static_cast<double>(net.weights.size()));
  result.d_sub = mean_of_finite(d_sub);
  for (std::size_t a = 0; a < ablation_count; ++a) result.ablated[a] = mean_of_finite(d_abl[a]);
  result.d_abl = result.ablated[0];
  std::tie(result.d_sub_low, result.d_sub_high) = resampled(sub, seed);
  std::tie(result.d_abl_low, result.d_abl_high) = resampled(ablated, seed);
  if (!alike.empty()) result.stability = mean_of_finite(alike);
  if (!f1.empty()) result.edge_f1 = mean_of_finite(f1);
  return result;
}

}  // namespace skein::experiments
