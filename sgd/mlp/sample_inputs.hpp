#pragma once

#include <Eigen/Core>

#include "lib/network/network.hpp"
#include "lib/network/samples.hpp"

namespace skein::sgd {

/// The inputs at every sample, shape (samples, inputs): those of a grid by name, those of a table in the
/// signature's order. Throws ConfigError for a name that a grid does not have, for a table of another number
/// of inputs and for samples that do not exist.
Eigen::MatrixXd sample_inputs(const Signature& signature, const SampleSource& samples);

}  // namespace skein::sgd
