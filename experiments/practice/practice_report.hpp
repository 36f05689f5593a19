#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "experiments/drawing/drawing.hpp"
#include "experiments/practice/volume_practice.hpp"

namespace skein::experiments {

/// One line a cell: width, depth, the theory's share, and what its trainings came to, with intervals.
std::string practice_csv(const PracticeFindings& findings);
/// One line a training: width, depth, target, start, best_loss, steps, arrived, participation.
std::string practice_starts_csv(const PracticeFindings& findings);
/// One line for each thing that practice says: its rank correlation with the theory's share, with the interval.
std::string agreement_csv(const PracticeFindings& findings);

/// `cells` and `agreement`; what is not defined is null.
nlohmann::ordered_json practice_json(const PracticeFindings& findings, const PracticeSettings& settings);
/// The same for people.
std::string practice_text(const PracticeFindings& findings, const PracticeSettings& settings);

/// Four heat maps, widths down and depths across: the theory's share, the share that arrived, the share that arrived
/// factored, the median participation of arrivals.
Drawing practice_figure(const PracticeFindings& findings, const PracticeSettings& settings);

}  // namespace skein::experiments
