#include "experiments/multi/several_pictures.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "experiments/rows/depth_axis.hpp"
#include "lib/base/error.hpp"
#include "lib/base/random.hpp"
#include "sgd/mlp/initial_weights.hpp"
#include "sgd/train/shared_training.hpp"

namespace skein::experiments {
namespace {

/// Draws of weights for the whole network; what is shared comes from the first.
std::vector<Weights> draws_of(const sgd::Wiring& wiring, std::size_t count, std::uint64_t seed) {
  std::vector<Weights> draws{sgd::initial_weights(wiring, {.seed = seed})};
  for (std::size_t k = 1; k < count; ++k)
    draws.push_back(
        sgd::initial_weights(wiring, {.seed = RandomStream(seed, "weights of picture", k).bits64()}));
  return draws;
}

/// What is fitted, and where it starts.
struct Numbers {
  std::vector<sgd::SharedProblem> problems;
  Weights start;
};

std::vector<sgd::SharedProblem> problems_for(const sgd::Wiring& wiring,
                                             const std::vector<Picture>& pictures) {
  std::vector<sgd::SharedProblem> problems;
  for (const Picture& picture : pictures) {
    sgd::SharedProblem one{sgd::picture_problem(wiring, picture), {}, {}};
    for (int slot = 0; slot < one.problem.network.slot_count(); ++slot)
      one.first.push_back(static_cast<std::uint32_t>(slot));
    problems.push_back(std::move(one));
  }
  return problems;
}

/// One trunk; the last layer's weights are each picture's own.
Numbers numbers_of_heads(const sgd::Wiring& wiring, const std::vector<Picture>& pictures,
                         std::uint64_t seed) {
  Numbers numbers{problems_for(wiring, pictures), {}};
  const auto draws = draws_of(wiring, pictures.size(), seed);
  const MatrixShape outputs = wiring.shape(wiring.depth());
  const auto head = static_cast<std::size_t>(outputs.rows * outputs.columns);
  const std::size_t trunk = draws.front().size() - head;
  numbers.start = draws.front();
  for (std::size_t k = 1; k < pictures.size(); ++k) {
    for (std::size_t s = trunk; s < trunk + head; ++s)
      numbers.problems[k].first[s] = static_cast<std::uint32_t>(s + k * head);
    numbers.start.insert(numbers.start.end(), draws[k].begin() + static_cast<std::ptrdiff_t>(trunk),
                         draws[k].end());
  }
  return numbers;
}

/// One network. An input that is 1 for one picture and 0 for the others adds its weight to that of the constant input, unit by
/// unit of the first layer.
Numbers numbers_of_codes(const sgd::Wiring& wiring, const std::vector<Picture>& pictures,
                         std::uint64_t seed) {
  Numbers numbers{problems_for(wiring, pictures), {}};
  const auto draws = draws_of(wiring, pictures.size() + 1, seed);  // what is shared, then each picture's code
  const MatrixShape first = wiring.shape(0);
  const auto& names = wiring.signature.inputs;
  const auto constant = static_cast<std::size_t>(std::ranges::find(names, "bias") - names.begin());
  numbers.start = draws.front();
  for (std::size_t k = 0; k < pictures.size(); ++k) {
    numbers.problems[k].second.assign(draws.front().size(), sgd::no_number);
    for (std::int32_t unit = 0; unit < first.rows; ++unit) {
      const auto slot = static_cast<std::size_t>(unit * first.columns) + constant;
      numbers.problems[k].second[slot] = static_cast<std::uint32_t>(numbers.start.size());
      numbers.start.push_back(draws[k + 1][slot]);
    }
  }
  return numbers;
}

/// Nothing when stopped.
bool add_separate(SeveralPictures& result, const sgd::Wiring& wiring, const Picture& picture, Weights start,
                  const sgd::TrainSettings& settings, const ProgressListener& listener) {
  const auto problems = problems_for(wiring, {picture});
  auto trained = sgd::train_shared(problems, std::move(start), settings, listener);
  if (!trained) return false;
  result.numbers += std::ssize(trained->numbers);
  result.losses.push_back(trained->losses.front());
  result.networks.push_back({wiring, std::move(trained->numbers), {}, {}, 0});
  return true;
}

std::optional<SeveralPictures> draw_apart(const sgd::Architecture& architecture,
                                          const std::vector<Picture>& pictures,
                                          const sgd::TrainSettings& settings,
                                          const ProgressListener& listener) {
  const sgd::Wiring wiring = sgd::dense_wiring(architecture, picture_signature());
  const auto draws = draws_of(wiring, pictures.size(), settings.seed);
  SeveralPictures result;
  result.weights_each = wiring.weight_count();
  const auto total = static_cast<std::int64_t>(pictures.size()) * settings.steps;
  for (std::size_t k = 0; k < pictures.size(); ++k) {
    const ProgressListener of_all = [&](const Progress& progress) {
      return !listener ||
             listener({progress.stage, static_cast<std::int64_t>(k) * settings.steps + progress.done, total,
                       progress.values});
    };
    if (!add_separate(result, wiring, pictures[k], draws[k], settings, of_all)) return std::nullopt;
  }
  return result;
}

std::optional<SeveralPictures> draw_together(MultiKind kind, const sgd::Architecture& architecture,
                                             const std::vector<Picture>& pictures,
                                             const sgd::TrainSettings& settings,
                                             const ProgressListener& listener) {
  const sgd::Wiring wiring = sgd::dense_wiring(architecture, picture_signature());
  Numbers numbers = kind == MultiKind::heads ? numbers_of_heads(wiring, pictures, settings.seed)
                                             : numbers_of_codes(wiring, pictures, settings.seed);
  const auto trained = sgd::train_shared(numbers.problems, std::move(numbers.start), settings, listener);
  if (!trained) return std::nullopt;
  SeveralPictures result;
  result.losses = trained->losses;
  result.numbers = std::ssize(trained->numbers);
  result.weights_each = wiring.weight_count();
  for (const sgd::SharedProblem& one : numbers.problems)
    result.networks.push_back({wiring, one.weights_of(trained->numbers), {}, {}, 0});
  return result;
}

}  // namespace

std::string_view name(MultiKind kind) {
  constexpr std::array<std::string_view, multi_kinds> names{"heads", "coded", "separate-each",
                                                            "separate-total"};
  return names[static_cast<std::size_t>(kind)];
}

std::string_view words_for(MultiKind kind) {
  constexpr std::array<std::string_view, multi_kinds> words{"one trunk with heads", "one network, told which",
                                                            "one each, as many weights each",
                                                            "one each, as many weights in all"};
  return words[static_cast<std::size_t>(kind)];
}

std::optional<SeveralPictures> draw_several(MultiKind kind, const sgd::Architecture& architecture,
                                            const std::vector<Picture>& pictures,
                                            const sgd::TrainSettings& settings,
                                            const ProgressListener& listener) {
  if (pictures.size() < 2) throw ConfigError("several pictures: two or more are needed");
  if (kind == MultiKind::heads || kind == MultiKind::coded)
    return draw_together(kind, architecture, pictures, settings, listener);
  if (kind == MultiKind::separate_each) return draw_apart(architecture, pictures, settings, listener);
  const auto count = static_cast<std::int64_t>(pictures.size());
  const auto outputs = static_cast<std::int64_t>(picture_signature().outputs.size());
  const std::int64_t of_heads = dense_weights(architecture) + (count - 1) * outputs * architecture.width();
  return draw_apart(with_weights(architecture, of_heads / count), pictures, settings, listener);
}

}  // namespace skein::experiments
