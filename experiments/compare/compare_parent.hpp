#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "experiments/compare/compare_make.hpp"

namespace skein::experiments {

/// The dense network that all cut rows of a seed start from: the row's architecture, initial weights and
/// options, trained with Adam for the first half of the steps (`parent_steps`), best weights kept.
struct Parent {
  sgd::Mlp mlp;
  std::int64_t steps = 0;
  std::string trouble;  ///< the cause when its training diverged and was done at a tenth of the rate
};

/// The wiring and initial weights of a dense row.
sgd::Mlp dense_start(const CompareTask& task, const PlannedRow& planned);

/// Makes the parent of the dense row `dense` in that row's folder, unless it is there. False when the
/// listener asked to stop. Throws NumericError when it fails at a tenth of the rate as well.
bool make_parent(const CompareTask& task, const PlannedRow& dense, const ProgressListener& listener);

/// Whether the parent is in the folder of the row `id`.
bool has_parent(const CompareTask& task, const std::string& id);

/// The parent in the folder of the row `id`. Throws ConfigError when it is not there.
Parent read_parent(const CompareTask& task, const std::string& id);

/// Lets the dense row's own training, to be checkpointed in `checkpoint`, go on from where its parent's
/// stands, when both are one training (constant rate, same settings); it then gives the same bits as from
/// the start.
void continue_from_parent(const CompareTask& task, const std::string& id, const sgd::TrainSettings& settings,
                          const std::filesystem::path& checkpoint);

}  // namespace skein::experiments
