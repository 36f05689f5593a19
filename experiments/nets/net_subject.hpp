#pragma once

#include "experiments/measures/subject.hpp"
#include "experiments/nets/net.hpp"

namespace skein::experiments {

/// A network as the measures see it: a genome as its layerised MLP; of a recursion the weight that carries the state on
/// is not its own, and a step on a weight moves it in every round.
Subject subject_of(const Net& net);

}  // namespace skein::experiments
