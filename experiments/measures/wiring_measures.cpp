#include "experiments/measures/wiring_measures.hpp"

#include "bridge/compare_wirings.hpp"
#include "lib/network/network_graph.hpp"

namespace skein::experiments {

std::vector<RowMeasure> wiring_measures(const sgd::Mlp& mlp, const sgd::Mlp* evolved, std::uint64_t seed) {
  std::vector<RowMeasure> measures;
  const auto add = [&](const char* name, double value, const char* unit) {
    RowMeasure measure;
    measure.name = name;
    measure.value = value;
    measure.unit = unit;
    measures.push_back(std::move(measure));
  };
  const bridge::PlainWiring wiring = bridge::plain_wiring(mlp);
  const Structure structure = structure_of(wiring.network, {.null_samples = 0, .seed = seed});
  add("units_alive", structure.units_alive, "units");
  add("depth_used", structure.depth_used, "edges");
  if (evolved == nullptr) return measures;
  bridge::CompareWiringsSettings settings;
  settings.seed = seed;
  const bridge::WiringComparison comparison =
      bridge::compare_wirings(bridge::plain_wiring(*evolved), wiring, settings);
  add("edge_f1", comparison.f1.value, "share");
  add("edge_precision", comparison.precision.value, "share");
  add("edge_recall", comparison.recall.value, "share");
  add("edge_f1_chance", comparison.f1.null_mean, "share");
  return measures;
}

}  // namespace skein::experiments
