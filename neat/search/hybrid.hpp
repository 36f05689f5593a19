#pragma once

#include <functional>

#include "neat/search/evolution.hpp"

namespace skein::neat {

/// Fits the weights of a genome to whatever it is bound to, for some steps of gradient descent; structure
/// stays. Called from any thread; a function of the genome alone.
using Fit = std::function<Genome(const Genome&)>;

/// What becomes of fitted weights. `lamarckian`: they replace the genome's own and are passed on.
/// `baldwinian`: the genome is evaluated by them and keeps its own (Hinton and Nowlan 1987).
enum class Inheritance { lamarckian, baldwinian };

/// Evaluates each genome after it was fitted.
Evaluator fitted_evaluator(Evaluator evaluate, Fit fit, Inheritance inheritance);

}  // namespace skein::neat
