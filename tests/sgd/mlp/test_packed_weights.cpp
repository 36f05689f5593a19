#include "sgd/mlp/packed_weights.hpp"

#include <doctest/doctest.h>

#include "lib/base/random.hpp"

using namespace skein;
using namespace skein::sgd;

TEST_CASE(
    "packed weights sum maps as the matrix product does, whatever is zero, and write nothing beside it") {
  for (const Eigen::Index units : {1, 3, 4, 5, 9})
    for (const Eigen::Index sources : {1, 2, 7})
      for (const double share : {0.0, 0.3, 1.0}) {
        CAPTURE(units);
        CAPTURE(sources);
        CAPTURE(share);
        RandomStream random(static_cast<std::uint64_t>(10 * units + sources), "packed weights");
        Eigen::MatrixXd weights(units, sources), maps(40, sources);
        for (double& weight : weights.reshaped()) weight = random.chance(share) ? random.normal() : 0;
        for (double& value : maps.reshaped()) value = random.normal();
        constexpr Eigen::Index first = 5, count = 27, into_first = 2;
        Eigen::MatrixXd into = Eigen::MatrixXd::Constant(count + 3, units, 7);
        PackedWeights(weights).apply(maps, first, count, into, into_first);
        const Eigen::MatrixXd wanted = maps.middleRows(first, count) * weights.transpose();
        CHECK((into.middleRows(into_first, count) - wanted).cwiseAbs().maxCoeff() < 1e-13);
        CHECK((into.topRows(into_first).array() == 7).all());
        CHECK((into.bottomRows(1).array() == 7).all());
      }
}
