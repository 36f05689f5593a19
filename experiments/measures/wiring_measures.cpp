#include "experiments/measures/wiring_measures.hpp"

#include <array>
#include <limits>

#include "bridge/compare_wirings.hpp"
#include "lib/network/network_graph.hpp"

namespace skein::experiments {

namespace {

struct WiringMeasure {
  const char *name, *unit;
};
constexpr WiringMeasure of_any[] = {{"units_alive", "units"}, {"depth_used", "edges"}};
constexpr WiringMeasure against_evolved[] = {
    {"edge_f1", "share"}, {"edge_precision", "share"}, {"edge_recall", "share"}, {"edge_f1_chance", "share"}};

/// The names in their order, with these values.
template <std::size_t N>
void add_measures(std::vector<RowMeasure>& measures, const WiringMeasure (&names)[N],
                  const std::array<double, N>& values) {
  for (std::size_t i = 0; i < N; ++i)
    measures.push_back({.name = names[i].name, .value = values[i], .unit = names[i].unit});
}

}  // namespace

std::vector<RowMeasure> wiring_measures(const sgd::Mlp& mlp, const sgd::Mlp* evolved, std::uint64_t seed) {
  std::vector<RowMeasure> measures;
  const bridge::PlainWiring wiring = bridge::plain_wiring(mlp);
  const Structure structure = structure_of(wiring.network, {.null_samples = 0, .seed = seed});
  add_measures(measures, of_any,
               {static_cast<double>(structure.units_alive), static_cast<double>(structure.depth_used)});
  if (evolved == nullptr) return measures;
  bridge::CompareWiringsSettings settings;
  settings.seed = seed;
  const bridge::WiringComparison comparison =
      bridge::compare_wirings(bridge::plain_wiring(*evolved), wiring, settings);
  add_measures(
      measures, against_evolved,
      {comparison.f1.value, comparison.precision.value, comparison.recall.value, comparison.f1.null_mean});
  return measures;
}

std::vector<RowMeasure> absent_wiring_measures(const sgd::Mlp* evolved, const std::string& reason) {
  constexpr double absent = std::numeric_limits<double>::quiet_NaN();
  std::vector<RowMeasure> measures;
  add_measures(measures, of_any, {absent, absent});
  if (evolved) add_measures(measures, against_evolved, {absent, absent, absent, absent});
  for (RowMeasure& measure : measures) measure.reason = reason;
  return measures;
}

}  // namespace skein::experiments
