#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "experiments/drawing/drawing.hpp"
#include "experiments/parts/parts_target.hpp"
#include "experiments/robustness/hidden_losses.hpp"
#include "experiments/robustness/shifted_inputs.hpp"

namespace skein::experiments {

/// All that is said of one network.
struct RobustNetwork {
  std::string name;         ///< as the user wrote it
  std::string title;        ///< for people
  std::size_t nonzero = 0;  ///< weights other than 0
  HiddenLosses hidden = {};
  std::vector<ShiftError> shifts = {};         ///< empty where the target is no genome
  Picture drawn = {};                          ///< `parts_size` squared
  std::vector<Picture> shifted_pictures = {};  ///< one per shift
};

/// "lost" and its controls per part, and what the shifts did; the curves are in the CSV alone.
nlohmann::ordered_json to_json(const RobustNetwork& network);

/// One line per network, part and budget: network, part, price, budget, loss_change, lost, lost_random, lost_shifted,
/// most (what could be lost at that loss change).
std::string hidden_losses_csv(const std::vector<RobustNetwork>& networks);
/// One line per network and part, at the price: which step takes it and what becomes of it.
std::string worst_steps_csv(const std::vector<RobustNetwork>& networks);
/// One line per network, shift and part: network, shift, part, samples, variance, error.
std::string shift_errors_csv(const std::vector<RobustNetwork>& networks);

/// The tables for people.
std::string to_text(const std::vector<RobustNetwork>& networks);

/// Above: the target without each part, and each network after the step on one weight that takes most of it at the loss of
/// the part's absence. Then every network under each shift (`shifts`, those of the grid and of other resolutions are one),
/// and curves: what is lost against the loss change, by one weight and by random directions; errors by shift.
Drawing robustness_figure(const PartsTarget& target, const std::vector<RobustNetwork>& networks,
                          const std::vector<InputShift>& shifts, const std::vector<Picture>& wanted);

}  // namespace skein::experiments
