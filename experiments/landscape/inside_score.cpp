#include "experiments/landscape/inside_score.hpp"

#include "experiments/measures/measures.hpp"

namespace skein::experiments {

InsideScore inside_score(const sgd::Mlp& mlp, const BasinTarget& target, std::uint64_t seed) {
  ScoreSettings settings{
      .seed = seed, .size = 64, .weights = 64, .directions = 16, .units = 96, .noise_draws = 8};
  settings.parts = target.parts;
  const Score found = score(subject_of(mlp), settings);
  InsideScore result;
  const MeasuredValue& composition = found.at("compositional_score");
  if (composition.value) {
    result.score = composition.value;
    result.low = composition.low;
    result.high = composition.high;
  }
  if (target.parts) result.participation = found.at("participation").value;
  return result;
}

}  // namespace skein::experiments
