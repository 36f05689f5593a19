#pragma once

#include <optional>
#include <string>
#include <vector>

#include "experiments/changes/part_regions.hpp"
#include "experiments/runs/run_folder.hpp"
#include "sgd/train/train.hpp"

namespace skein::experiments {

/// Networks of one wiring, each with what it was made for.
struct Experts {
  std::vector<std::string> names;
  std::vector<sgd::Mlp> networks;
};

/// One fine-tune of `parent` for each part: trained on that part's pixels of the picture alone, every weight, from the
/// parent's. Each is kept in the run as expert_NN.mlp and is not made again. Nothing when the listener stops it. Throws
/// ConfigError when the regions are not of the picture's size, or fewer than two.
std::optional<Experts> fine_tune_parts(const sgd::Mlp& parent, const Picture& picture,
                                       const PartRegions& regions, const sgd::TrainSettings& settings,
                                       const RunFolder& run, const ProgressListener& listener);

}  // namespace skein::experiments
