#include "experiments/rows/row_measures.hpp"

#include <algorithm>
#include <iterator>

#include "experiments/measures/measures.hpp"
#include "experiments/measures/wiring_measures.hpp"
#include "experiments/nets/net_subject.hpp"
#include "experiments/parts/picture_parts.hpp"
#include "experiments/rows/compare_row.hpp"
#include "lib/base/error.hpp"

namespace skein::experiments {

std::optional<PictureParts> parts_of_target(const RowTarget& target) {
  if (!target.genome || target.genome->notes.labels.empty()) return {};
  try {
    PictureParts found = parts_of(target.genome->genome, target.genome->notes.labels);
    if (found.parts.size() < 2) return {};
    return found;
  } catch (const ConfigError&) {
    return {};  // labels of which nothing shows: measures by parts have no value then
  }
}

std::vector<RowMeasure> measures_of_row(const Net& net, const sgd::Mlp* evolved, const PictureParts* parts,
                                        const std::string& budget, std::uint64_t seed,
                                        const ProgressListener& listener) {
  ScoreSettings settings;
  if (parts) settings.parts = parts->regions;
  if (budget == "quick") {
    settings.size = 64;
    settings.weights = 64;
    settings.directions = 16;
    settings.units = 96;
    settings.noise_draws = 8;
  }
  std::vector<RowMeasure> measures;
  for (const MeasuredValue& measured : score(subject_of(net), settings, listener).measures) {
    RowMeasure measure{.name = measured.name, .unit = measured.unit};
    if (measured.value) {
      measure.value = *measured.value;
      measure.low = measured.low;
      measure.high = measured.high;
    } else if (net.recursion) {
      measure.reason = measured.reason;
    }
    measures.push_back(std::move(measure));
  }
  std::ranges::move(net.mlp ? wiring_measures(*net.mlp, evolved, seed)
                            : absent_wiring_measures(evolved, "a recursion, whose rounds are no layers"),
                    std::back_inserter(measures));
  return measures;
}

bool lacks_measures(const CompareRow& row) {
  if (row.measures.empty()) return row.status == RowStatus::done || row.status == RowStatus::retried;
  return std::ranges::any_of(measure_table(), [&](const MeasureDefinition& measure) {
    return row.measure(std::string(measure.name)) == nullptr;
  });
}

}  // namespace skein::experiments
