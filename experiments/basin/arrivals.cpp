#include "experiments/basin/arrivals.hpp"

#include <algorithm>

#include "bridge/compare_wirings.hpp"
#include "experiments/landscape/inside_score.hpp"
#include "experiments/runs/session.hpp"
#include "lib/base/parallel.hpp"

namespace skein::experiments {
namespace {

constexpr int map_side = 32;  // pixels of the maps by which units are matched
constexpr int chance_samples = 100;

double alikeness_of(const bridge::PlainWiring& a, const bridge::PlainWiring& b) {
  const int units = a.network.unit_count() + b.network.unit_count();
  if (units == 0) return 1;
  if (a.network.unit_count() == 0 || b.network.unit_count() == 0) return 0;
  const bridge::WiringComparison comparison =
      bridge::compare_wirings(a, b, {.size = map_side, .least_similarity = same_unit, .null_samples = 0});
  return 2.0 * static_cast<double>(comparison.matches.size()) / units;
}

ArrivalMeasures measures_of(const Arrived& arrival, const bridge::PlainWiring& wiring,
                            const BasinTarget& target, std::uint64_t seed) {
  ArrivalMeasures result;
  result.wiring = arrival.wiring;
  result.index = arrival.index;
  const InsideScore found = inside_score(arrival.mlp, target, seed);
  result.score = found.score;
  result.score_low = found.low;
  result.score_high = found.high;
  result.participation = found.participation;
  if (target.evolved) {
    const bridge::PlainWiring evolved = bridge::plain_wiring(*target.evolved);
    const bridge::WiringComparison against =
        bridge::compare_wirings(evolved, wiring, {.null_samples = chance_samples, .seed = seed});
    result.edge_f1 = against.f1.value;
    result.edge_f1_chance = against.f1.null_mean;
    result.matched = alikeness_of(evolved, wiring);
  }
  return result;
}

}  // namespace

double unit_alikeness(const sgd::Mlp& a, const sgd::Mlp& b) {
  return alikeness_of(bridge::plain_wiring(a), bridge::plain_wiring(b));
}

std::vector<int> linked_clusters(const std::vector<double>& alike, std::size_t count, double least) {
  std::vector<int> cluster(count, -1);
  int clusters = 0;
  for (std::size_t first = 0; first < count; ++first) {
    if (cluster[first] >= 0) continue;
    std::vector<std::size_t> reached{first};
    cluster[first] = clusters++;
    while (!reached.empty()) {
      const std::size_t from = reached.back();
      reached.pop_back();
      for (std::size_t to = 0; to < count; ++to)
        if (cluster[to] < 0 && alike[from * count + to] >= least) {
          cluster[to] = cluster[first];
          reached.push_back(to);
        }
    }
  }
  return cluster;
}

ArrivalGroup look_inside(const std::vector<Arrived>& arrivals, const BasinTarget& target, std::uint64_t seed,
                         const ProgressListener& listener) {
  ArrivalGroup group;
  const std::size_t count = arrivals.size();
  if (count == 0) return group;
  group.wiring = arrivals.front().wiring;
  std::vector<bridge::PlainWiring> wirings;
  for (const Arrived& arrival : arrivals) wirings.push_back(bridge::plain_wiring(arrival.mlp));
  for (std::size_t i = 0; i < count; ++i) {
    if (listener &&
        !listener({"looking inside", static_cast<std::int64_t>(i), static_cast<std::int64_t>(count), {}}))
      throw Interrupted("stopped; the same command goes on");
    group.arrivals.push_back(measures_of(arrivals[i], wirings[i], target, seed));
  }
  std::vector<double> alike(count * count, 1.0);
  parallel_for(count, [&](std::size_t i) {
    for (std::size_t j = i + 1; j < count; ++j)
      alike[i * count + j] = alike[j * count + i] = alikeness_of(wirings[i], wirings[j]);
  });
  const auto clusters = linked_clusters(alike, count, same_solution);
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    group.arrivals[i].solution = clusters[i] + 1;
    for (std::size_t j = i + 1; j < count; ++j) sum += alike[i * count + j];
  }
  group.solutions = 1 + *std::ranges::max_element(clusters);
  if (count > 1) group.alikeness = sum / (0.5 * static_cast<double>(count * (count - 1)));
  return group;
}

}  // namespace skein::experiments
