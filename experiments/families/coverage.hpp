#pragma once

#include <optional>
#include <string>
#include <vector>

#include "experiments/families/code_split.hpp"
#include "experiments/families/decodability.hpp"
#include "lib/base/progress.hpp"
#include "sgd/mlp/mlp.hpp"
#include "sgd/train/train.hpp"

namespace skein::experiments {

/// Does a network that has seen some combinations of parts draw those that it has not? After Redhardt, Akram, Schug 2025
/// (coverage, linear decodability); pictures, controls and measures are ours. PARTS.md.
struct CoverageSettings {
  int size = 24;   ///< side of the pictures in training and measuring, pixels
  int layers = 4;  ///< hidden layers of a student
  std::int64_t steps = 3000;
  std::uint32_t batch = 1024;  ///< samples of a step
  double rate = 3e-3;          ///< of Adam, falling to 0 by a cosine
  /// Of the linear decoder, times its units' mean sum of squares over the combinations seen.
  double ridge = 1e-2;
  void validate() const;  ///< throws ConfigError
  sgd::TrainSettings training(std::uint64_t seed) const;
};

/// R2 of pictures against those wanted: 1 - squared error over the squared difference of the wanted ones from the mean
/// picture seen in training, over pixels, channels and combinations. 1 is exact; drawing that mean is 0.
struct CombinationError {
  int parts = 0;  ///< parts that are on, at any level
  std::size_t count = 0;
  double error = 0;  ///< mean squared error
  double r2 = 0;
};

/// What one network makes of one split.
struct Coverage {
  double seen_error = 0, seen_r2 = 0;
  double unseen_error = 0, unseen_r2 = 0;
  double nearest_r2 = 0;  ///< control: the seen combination nearest in code copied, ties averaged
  std::vector<CombinationError> composed;  ///< of unseen ones, by the number of parts that are on
  std::vector<Decodability> decodability;  ///< empty for a network without layers to be read
};

/// Measures any network that reads codes. `layers` lists the units' values of each layer; may be empty.
Coverage coverage_of(const PictureFamily& family, const CodeSplit& split, const Plan& plan,
                     std::span<const float> weights, const std::vector<std::vector<ValueIndex>>& layers,
                     const CoverageSettings& settings, std::uint64_t seed);

/// A student before training: a dense MLP of `width` units a layer (gaussian, relu, tanh in turn), its weights drawn.
sgd::Mlp new_student(const PictureFamily& family, int width, int layers, std::uint64_t seed);

/// A student: `new_student`, trained on the combinations seen by
/// mean squared error over RGB. Nothing when the listener asked to stop. Throws NumericError as training does.
std::optional<sgd::Mlp> train_student(const PictureFamily& family, const CodeSplit& split, int width,
                                      const CoverageSettings& settings, std::uint64_t seed,
                                      const ProgressListener& listener);

/// `coverage_of` a student, layer by layer.
Coverage coverage_of_student(const PictureFamily& family, const CodeSplit& split, const sgd::Mlp& student,
                             const CoverageSettings& settings, std::uint64_t seed);

/// The student with its code held at one combination: a network that draws a picture, as any other. Weights from the code
/// are added to those from the constant input.
sgd::Mlp folded(const sgd::Mlp& student, const std::vector<double>& code);

}  // namespace skein::experiments
