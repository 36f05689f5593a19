#include "experiments/compare/compare_measure.hpp"

#include "experiments/measures/measures.hpp"

namespace skein::experiments {

std::vector<RowMeasure> measures_of(const sgd::Mlp& mlp, const std::string& budget,
                                    const ProgressListener& listener) {
  ScoreSettings settings;
  if (budget == "quick") {
    settings.size = 64;
    settings.weights = 64;
    settings.directions = 16;
    settings.units = 96;
    settings.noise_draws = 8;
  }
  std::vector<RowMeasure> measures;
  for (const MeasuredValue& measured : score(subject_of(mlp), settings, listener).measures) {
    RowMeasure measure{.name = measured.name, .unit = measured.unit};
    if (measured.value) {
      measure.value = *measured.value;
      measure.low = measured.low;
      measure.high = measured.high;
    }
    measures.push_back(std::move(measure));
  }
  return measures;
}

}  // namespace skein::experiments
