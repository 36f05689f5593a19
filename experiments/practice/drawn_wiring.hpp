#pragma once

#include <cstdint>

#include "experiments/volume/wiring_volume.hpp"
#include "sgd/mlp/mlp.hpp"

namespace skein::experiments {

/// A wiring of a network that draws, drawn by the law of `skein volume`: its sources are the picture's inputs, copies are
/// `cache` units, and a unit that computes is one of gaussian, relu, sigmoid, sin, tanh (what `random_sketch` draws with),
/// each as likely. The outputs read every unit of the top layer. A pure function of its arguments; `law.sources` must be the
/// number of inputs. Throws ConfigError as `RandomWiring::validate` and `sgd::validate`.
sgd::Wiring drawn_wiring(const RandomWiring& law, std::uint64_t seed);

}  // namespace skein::experiments
