#pragma once

#include "sgd/prune/pruning.hpp"

namespace skein::sgd {

/// The `count` weights of largest size over all layers together (Han, Pool, Tran, Dally 2015, global form).
KeepMask keep_largest(std::span<const float> weights, std::int64_t count);

}  // namespace skein::sgd
