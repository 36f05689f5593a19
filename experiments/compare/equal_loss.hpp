#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "experiments/compare/results.hpp"

namespace skein::experiments {

/// How factored the networks of one way of making them are, beside dense ones of the same loss. Numbers change with the loss
/// alone, so a network is held against a line through the dense networks of its target and depth: the measure against the
/// logarithm of the loss, by least squares.
struct EqualLoss {
  RowKey key;             ///< without a seed
  std::string measure;    ///< one with a factored side
  std::size_t dense = 0;  ///< networks that the line goes through
  std::size_t networks =
      0;  ///< that have the measure and a loss within the dense ones', or up to a quarter beyond
  std::size_t outside = 0;  ///< that have the measure and another loss; nothing is said of them
  std::size_t beyond =
      0;  ///< above the 95 % prediction interval of one dense network of that loss, on the factored side
  double excess =
      0;  ///< mean distance to the line, towards the factored side, in the standard errors of such a prediction
  double loss = 0;  ///< median of the networks'
};

/// Beside a control: networks of the same seed, count and options.
struct EqualLossControl {
  RowKey key;
  std::string measure, control;  ///< the control's method
  std::size_t pairs = 0;
  double difference = 0;  ///< mean of the excess less the control's
  double p = 1;           ///< two-sided, by flipping signs
};

struct EqualLossTable {
  std::vector<EqualLoss> ways;
  std::vector<EqualLossControl> controls;
};

/// Fewest dense networks of a target and depth for a line. They are the rows of `dense-adam` that differ by seed, `bar` and
/// `steps` alone: so a run makes them at losses of several sizes.
inline constexpr std::size_t fewest_dense = 8;

/// Rows of targets and depths with too few dense networks count for nothing.
EqualLossTable equal_loss(const RowSource& rows);

/// Writes RUN/equal_loss.csv and RUN/equal_loss_controls.csv where some target has dense networks enough.
void write_equal_loss(const std::filesystem::path& run, const RowSource& rows);

}  // namespace skein::experiments
