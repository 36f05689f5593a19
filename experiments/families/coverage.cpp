#include "experiments/families/coverage.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "experiments/families/decodability.hpp"
#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"
#include "lib/base/random.hpp"
#include "lib/picture/colour.hpp"
#include "sgd/mlp/initial_weights.hpp"

namespace skein::experiments {
namespace {

using Pictures = std::vector<std::vector<float>>;

Pictures wanted_pictures(const PictureFamily& family, const std::vector<Combination>& combinations,
                         int size) {
  Pictures pictures(combinations.size());
  parallel_for(pictures.size(),
               [&](std::size_t i) { pictures[i] = family.picture(combinations[i], size).rgb; });
  return pictures;
}

std::vector<double> mean_picture(const Pictures& pictures) {
  std::vector<double> mean(pictures.front().size(), 0.0);
  for (const auto& picture : pictures)
    for (std::size_t i = 0; i < mean.size(); ++i)
      mean[i] += static_cast<double>(picture[i]) / static_cast<double>(pictures.size());
  return mean;
}

/// Sums over pictures of squared errors, and of what the mean picture would have.
struct Sums {
  double error = 0, of_mean = 0;
  std::size_t numbers = 0, count = 0;
  void add(const std::vector<float>& drawn, const std::vector<float>& wanted,
           const std::vector<double>& mean) {
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const double w = static_cast<double>(wanted[i]), off = static_cast<double>(drawn[i]) - w;
      error += off * off;
      of_mean += (mean[i] - w) * (mean[i] - w);
    }
    numbers += wanted.size();
    ++count;
  }
  double mse() const { return numbers == 0 ? 0 : error / static_cast<double>(numbers); }
  /// A part that shows nowhere leaves nothing to explain: 1 when nothing is wrong.
  double r2() const {
    if (of_mean > 0) return 1 - error / of_mean;
    return error > 0 ? -std::numeric_limits<double>::infinity() : 1;
  }
};

/// The mean of the seen pictures whose combinations differ least.
std::vector<float> nearest_picture(const Combination& combination, const CodeSplit& split,
                                   const Pictures& seen) {
  int least = std::numeric_limits<int>::max();
  std::vector<double> sum;
  int ties = 0;
  for (std::size_t i = 0; i < split.seen.size(); ++i) {
    int away = 0;
    for (std::size_t p = 0; p < combination.size(); ++p)
      away += std::abs(int{combination[p]} - split.seen[i][p]);
    if (away > least) continue;
    if (away < least) sum.assign(seen[i].size(), 0.0), ties = 0, least = away;
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += static_cast<double>(seen[i][k]);
    ++ties;
  }
  std::vector<float> mean(sum.size());
  for (std::size_t k = 0; k < sum.size(); ++k) mean[k] = static_cast<float>(sum[k] / ties);
  return mean;
}

sgd::Wiring student_wiring(const PictureFamily& family, int width, int layers) {
  constexpr std::array kinds{Activation::gaussian, Activation::relu, Activation::tanh};
  sgd::Architecture architecture{layers, {}};
  for (std::size_t k = 0; k < kinds.size(); ++k) {
    const int count = (width + static_cast<int>(kinds.size() - 1 - k)) / static_cast<int>(kinds.size());
    if (count > 0) architecture.columns.push_back({{kinds[k], false}, count});
  }
  return sgd::dense_wiring(architecture, family.signature());
}

}  // namespace

void CoverageSettings::validate() const {
  if (size < 8 || size > 256) throw ConfigError("size " + std::to_string(size) + ": must be 8 to 256");
  if (layers < 1 || layers > 32) throw ConfigError("layers " + std::to_string(layers) + ": must be 1 to 32");
  if (steps < 1) throw ConfigError("steps " + std::to_string(steps) + ": must be 1 or more");
  if (batch < 1) throw ConfigError("batch: a step needs samples");
  if (!(rate > 0) || !std::isfinite(rate)) throw ConfigError("the rate must be above 0");
  if (!(ridge > 0) || !std::isfinite(ridge)) throw ConfigError("the ridge must be above 0");
  training(0).validate();
}

sgd::TrainSettings CoverageSettings::training(std::uint64_t seed) const {
  sgd::TrainSettings settings;
  settings.steps = steps;
  settings.learning_rate = rate;
  settings.schedule = sgd::ScheduleKind::cosine;
  settings.batch = batch;
  settings.seed = seed;
  return settings;
}

Coverage coverage_of(const PictureFamily& family, const CodeSplit& split, const Plan& plan,
                     std::span<const float> weights, const std::vector<std::vector<ValueIndex>>& layers,
                     const CoverageSettings& settings, std::uint64_t seed) {
  const Pictures seen = wanted_pictures(family, split.seen, settings.size);
  const Pictures unseen = wanted_pictures(family, split.unseen, settings.size);
  const Pictures drawn_seen = drawn_by_code(plan, weights, split.seen_codes, settings.size);
  const Pictures drawn_unseen = drawn_by_code(plan, weights, split.unseen_codes, settings.size);
  const std::vector<double> mean = mean_picture(seen);
  Sums of_seen, of_unseen, of_nearest;
  std::map<int, Sums> by_parts;
  for (std::size_t i = 0; i < seen.size(); ++i) of_seen.add(drawn_seen[i], seen[i], mean);
  for (std::size_t i = 0; i < unseen.size(); ++i) {
    of_unseen.add(drawn_unseen[i], unseen[i], mean);
    of_nearest.add(nearest_picture(split.unseen[i], split, seen), unseen[i], mean);
    const auto on = std::ranges::count_if(split.unseen[i], [](std::uint8_t level) { return level > 0; });
    by_parts[static_cast<int>(on)].add(drawn_unseen[i], unseen[i], mean);
  }
  Coverage result;
  result.seen_error = of_seen.mse(), result.seen_r2 = of_seen.r2();
  result.unseen_error = of_unseen.mse(), result.unseen_r2 = of_unseen.r2();
  result.nearest_r2 = of_nearest.r2();
  for (const auto& [parts, sums] : by_parts)
    result.composed.push_back({parts, sums.count, sums.mse(), sums.r2()});
  if (!layers.empty())
    result.decodability =
        decodability_of(split, plan, weights, layers, {settings.size, settings.ridge}, seed);
  return result;
}

sgd::Mlp new_student(const PictureFamily& family, int width, int layers, std::uint64_t seed) {
  sgd::Mlp student;
  student.wiring = student_wiring(family, width, layers);
  student.weights = sgd::initial_weights(student.wiring, {.seed = seed});
  return student;
}

std::optional<sgd::Mlp> train_student(const PictureFamily& family, const CodeSplit& split, int width,
                                      const CoverageSettings& settings, std::uint64_t seed,
                                      const ProgressListener& listener) {
  settings.validate();
  sgd::Mlp student = new_student(family, width, settings.layers, seed);
  const SampleTable samples = family_samples(split.seen_codes, settings.size);
  const Pictures wanted = wanted_pictures(family, split.seen, settings.size);
  const auto pixels = static_cast<std::size_t>(settings.size) * static_cast<std::size_t>(settings.size);
  const SampleLoss loss{
      [&](std::size_t sample, std::span<const float> raw, std::span<float> gradient) {
        const std::vector<float>& picture = wanted[sample / pixels];
        const std::size_t pixel = sample % pixels;
        const auto rgb = hsv_to_rgb<double>(static_cast<double>(raw[0]), static_cast<double>(raw[1]),
                                            static_cast<double>(raw[2]));
        std::array<double, 3> upstream{};
        double error = 0;
        for (std::size_t c = 0; c < 3; ++c) {
          const double off = rgb[c] - static_cast<double>(picture[c * pixels + pixel]);
          error += off * off / 3;
          upstream[c] = 2 * off / 3;
        }
        const auto back = hsv_to_rgb_gradient<double>(
            static_cast<double>(raw[0]), static_cast<double>(raw[1]), static_cast<double>(raw[2]), upstream);
        for (std::size_t c = 0; c < 3; ++c) gradient[c] = static_cast<float>(back[c]);
        return error;
      },
      "rgb of a family"};
  sgd::TrainSettings training = settings.training(seed);
  training.batch = static_cast<std::uint32_t>(std::min<std::size_t>(training.batch, samples.count));
  sgd::Trainer trainer(sgd::problem_on(student.wiring, {samples, loss}), training, student.weights);
  if (!trainer.run(listener)) return std::nullopt;
  // The last weights, not those of the luckiest batch.
  student.initial = trainer.state().initial;
  student.weights = trainer.state().weights;
  return student;
}

Coverage coverage_of_student(const PictureFamily& family, const CodeSplit& split, const sgd::Mlp& student,
                             const CoverageSettings& settings, std::uint64_t seed) {
  const Plan plan(sgd::lower(student.wiring).network);
  std::vector<std::vector<ValueIndex>> layers;
  auto next = static_cast<ValueIndex>(plan.network().input_count());
  for (const auto& layer : student.wiring.hidden) {
    layers.emplace_back(layer.size());
    std::iota(layers.back().begin(), layers.back().end(), next);
    next += static_cast<ValueIndex>(layer.size());
  }
  return coverage_of(family, split, plan, student.weights, layers, settings, seed);
}

sgd::Mlp folded(const sgd::Mlp& student, const std::vector<double>& code) {
  constexpr std::size_t constant = 3, plain = 4;
  sgd::Mlp result;
  result.wiring = student.wiring;
  result.wiring.signature = picture_signature();
  const std::size_t inputs = plain + code.size(), units = student.wiring.hidden.front().size();
  if (student.wiring.signature.inputs.size() != inputs)
    throw ConfigError("a code of " + std::to_string(code.size()) + " numbers for a network that reads " +
                      std::to_string(student.wiring.signature.inputs.size() - plain));
  std::vector<std::uint8_t> mask(units * plain, 1), copies(units * plain, 0);
  result.wiring.masks.front() = mask;
  result.wiring.copies.front() = copies;
  std::size_t slot = 0;
  for (std::size_t u = 0; u < units; ++u) {
    std::vector<double> row(inputs, 0.0);
    for (std::size_t i = 0; i < inputs; ++i)
      if (student.wiring.masks.front()[u * inputs + i]) row[i] = static_cast<double>(student.weights[slot++]);
    for (std::size_t p = 0; p < code.size(); ++p) row[constant] += code[p] * row[plain + p];
    for (std::size_t i = 0; i < plain; ++i) result.weights.push_back(static_cast<float>(row[i]));
  }
  result.weights.insert(result.weights.end(), student.weights.begin() + static_cast<std::ptrdiff_t>(slot),
                        student.weights.end());
  return result;
}

}  // namespace skein::experiments
