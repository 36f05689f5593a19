#pragma once

#include <string>
#include <vector>

#include "experiments/drawing/drawing.hpp"
#include "experiments/statistics/table.hpp"
#include "experiments/swarm/evaluation_log.hpp"
#include "lib/picture/picture.hpp"

namespace skein::experiments {

/// One line for every batch of every search: evaluations so far, best utility so far, and the loss of the network that
/// has it.
Table swarm_table(const EvaluationLog& log);

/// The best utility so far against evaluations, one curve a search.
Drawing swarm_curves(const EvaluationLog& log, const std::string& utility);

}  // namespace skein::experiments
