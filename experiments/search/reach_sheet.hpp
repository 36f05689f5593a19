#pragma once

#include "experiments/drawing/drawing.hpp"
#include "experiments/search/reach_run.hpp"

namespace skein::experiments {

/// Each target and what the first seed's searches came to, a row per target, from the genomes that the run keeps.
Drawing reach_sheet(const RunFolder& run, const ReachTable& table);

}  // namespace skein::experiments
