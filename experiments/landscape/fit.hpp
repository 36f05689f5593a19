#pragma once

#include <functional>
#include <optional>

#include "sgd/train/train.hpp"

namespace skein::experiments {

/// How a start is fitted to the target.
struct FitSettings {
  sgd::TrainSettings train;   ///< by gradient
  bool second_order = false;  ///< by Levenberg and Marquardt's method instead (sgd/train/least_squares.hpp),
                              ///< `train.steps` steps of it
};

/// A start's way.
struct Fit {
  sgd::Mlp mlp;           ///< with the weights of the least loss met
  double first_loss = 0;  ///< of the start itself
  double loss = 0;        ///< mean of the last 100 steps (of the second-order method: the last)
  double best_loss = 0;
  std::int64_t steps = 0;
  bool diverged = false;  ///< left the finite numbers; the losses are infinite then
  double seconds = 0;     ///< processor time of the calling thread
};

/// Fits a network to a picture from the weights that it has. Nothing when `go_on`, asked every 50 steps, says no.
/// Throws ConfigError for settings that cannot be.
std::optional<Fit> fit(const sgd::Mlp& start, const Picture& target, const FitSettings& settings,
                       const std::function<bool()>& go_on = {});

}  // namespace skein::experiments
