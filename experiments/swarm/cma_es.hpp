#pragma once

#include <cstdint>

#include "experiments/swarm/search.hpp"

namespace skein::experiments {

struct CmaSettings {
  double spread = 0.5;              ///< first standard deviation along every coordinate
  std::int64_t evaluations = 1000;  ///< at most
  double enough = std::numeric_limits<double>::infinity();  ///< a utility of this or more ends it
  std::uint64_t seed = 0;
  void validate() const;  ///< throws ConfigError
};

/// The (mu/mu_w, lambda) evolution strategy with adaptation of the covariance matrix (Hansen 2016, "The CMA evolution
/// strategy: a tutorial", section A, its default numbers; positive weights alone, no restarts). Batches are
/// generations; the last one is cut to the evaluations that are left. Best of all points asked for.
Optimum cma_es(const Coordinates& mean, const BatchUtility& evaluate, const CmaSettings& settings);

/// `evaluations` points from a normal distribution of unit variance about the origin, in batches of `batch`.
Optimum random_search(std::size_t dimensions, const BatchUtility& evaluate, std::int64_t evaluations,
                      int batch, std::uint64_t seed);

}  // namespace skein::experiments
