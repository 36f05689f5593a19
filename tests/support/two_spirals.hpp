#pragma once

#include "lib/network/samples.hpp"
#include "sgd/mlp/mlp.hpp"
#include "sgd/train/train.hpp"

namespace skein::test {

/// Two spirals that turn about each other three times (Lang and Witbrock 1988): inputs a, b and a bias, `each`
/// points of either.
SampleTable two_spirals(std::size_t each = 97);

/// Which spiral a sample of the table lies on: -1 or 1, one after the other.
std::vector<float> spiral_classes(std::size_t each = 97);

/// A dense network for it: two layers of tanh and sin.
sgd::Wiring spiral_wiring(int units = 8);

/// The logistic loss log(1 + exp(-2 class output)) of each sample.
SampleLoss logistic_loss(std::vector<float> classes);

/// The part of the samples whose output has the sign of their class.
double accuracy(const sgd::Mlp& mlp, const SampleTable& samples, const std::vector<float>& classes);

}  // namespace skein::test
