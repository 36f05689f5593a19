#pragma once

#include "sgd/prune/pruning.hpp"
#include "sgd/train/train.hpp"

namespace skein::sgd {

/// The retraining to hand to a pruning when there is no other need: every round trains all weights on the same
/// examples, `settings.steps` steps from where it begins (a lottery's from the step it rewinds to; the weights
/// alone, when there are no steps). Best weights are kept; initial weights and the snapshot to rewind to stay
/// those of the network. Progress comes as the stage "train"; a listener that asks to stop ends the pruning
/// with an Error, since what a round has not finished is no result. Throws ConfigError for settings that cannot
/// be, NumericError as training does.
Retrain retrain_on(Examples examples, TrainSettings settings, ProgressListener listener = {});

}  // namespace skein::sgd
