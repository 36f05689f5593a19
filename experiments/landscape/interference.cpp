#include "experiments/landscape/interference.hpp"

#include <Eigen/SVD>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <string>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"
#include "sgd/mlp/initial_weights.hpp"
#include "sgd/mlp/matrix_mlp.hpp"
#include "sgd/mlp/sample_inputs.hpp"

namespace skein::experiments {
namespace {

/// The maps that vary, centred and of length 1.
Eigen::MatrixXd unit_maps(const Eigen::MatrixXd& maps) {
  constexpr double constant = 1e-10;  // variance relative to 1 + mean square, as where wirings are compared
  std::vector<Eigen::VectorXd> kept;
  for (Eigen::Index m = 0; m < maps.cols(); ++m) {
    const double mean = maps.col(m).mean();
    const Eigen::VectorXd centred = maps.col(m).array() - mean;
    const double variance = centred.squaredNorm() / static_cast<double>(maps.rows());
    if (std::isfinite(variance) && variance > constant * (1 + mean * mean))
      kept.push_back(centred.normalized());
  }
  Eigen::MatrixXd result(maps.rows(), static_cast<Eigen::Index>(kept.size()));
  for (std::size_t m = 0; m < kept.size(); ++m) result.col(static_cast<Eigen::Index>(m)) = kept[m];
  return result;
}

double mean_square_between(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) {
  return (a.transpose() * b).array().square().sum();
}

/// Of maps that are centred and of length 1.
MapOverlap overlap_of_units(const Eigen::MatrixXd& units) {
  MapOverlap result;
  result.maps = static_cast<int>(units.cols());
  if (result.maps < 2) return result;
  const Eigen::MatrixXd cosines = (units.transpose() * units).cwiseAbs();
  double sum = 0;
  for (Eigen::Index a = 0; a < cosines.rows(); ++a)
    for (Eigen::Index b = 0; b < a; ++b) {
      sum += cosines(a, b);
      result.greatest = std::max(result.greatest, std::min(1.0, cosines(a, b)));
    }
  result.mean = sum / (0.5 * result.maps * (result.maps - 1));
  return result;
}

sgd::Maps hidden_maps(const sgd::Mlp& mlp, const Grid& grid) {
  const sgd::MatrixMlp matrices = sgd::to_matrices(mlp);
  return sgd::maps_of(matrices, sgd::sample_inputs(mlp.wiring.signature, grid));
}

}  // namespace

MapOverlap overlap_of(const Eigen::MatrixXd& maps) { return overlap_of_units(unit_maps(maps)); }

MapOverlap overlap_among(const Eigen::MatrixXd& maps, int count, int draws, std::uint64_t seed) {
  const Eigen::MatrixXd units = unit_maps(maps);
  if (count >= units.cols() || draws < 1) return overlap_of_units(units);
  std::vector<Eigen::Index> order(static_cast<std::size_t>(units.cols()));
  std::iota(order.begin(), order.end(), Eigen::Index{0});
  MapOverlap result{.maps = std::max(count, 0)};
  for (int draw = 0; draw < draws; ++draw) {
    RandomStream(seed, "units to compare", static_cast<std::uint64_t>(draw)).shuffle(std::span(order));
    const std::vector<Eigen::Index> chosen(order.begin(), order.begin() + result.maps);
    const MapOverlap one = overlap_of_units(units(Eigen::all, chosen));
    result.mean += one.mean / draws;
    result.greatest += one.greatest / draws;
  }
  return result;
}

double overlap_null(double dimensions) { return std::sqrt(2 / (std::numbers::pi * dimensions)); }

double effective_dimension(const std::vector<Eigen::MatrixXd>& draws) {
  std::vector<Eigen::MatrixXd> units;
  for (const auto& maps : draws) units.push_back(unit_maps(maps));
  double squares = 0, pairs = 0;
  for (std::size_t a = 0; a < units.size(); ++a)
    for (std::size_t b = 0; b < a; ++b) {
      squares += mean_square_between(units[a], units[b]);
      pairs += static_cast<double>(units[a].cols()) * static_cast<double>(units[b].cols());
    }
  return squares > 0 ? std::max(1.0, pairs / squares) : std::numeric_limits<double>::infinity();
}

double welch_bound(int directions, int dimensions) {
  if (directions <= dimensions || dimensions < 1) return 0;
  const double n = directions, d = dimensions;
  return std::sqrt((n - d) / (d * (n - 1)));
}

std::vector<LayerInterference> layer_interference(const sgd::Mlp& mlp, const InterferenceSettings& settings) {
  const Grid grid{settings.size, settings.size};
  const sgd::Maps maps = hidden_maps(mlp, grid);
  const std::size_t depth = mlp.wiring.hidden.size();
  std::vector<std::vector<Eigen::MatrixXd>> random(depth);
  for (int draw = 0; draw < settings.draws; ++draw) {
    sgd::Mlp other;
    other.wiring = mlp.wiring;
    other.weights =
        sgd::initial_weights(mlp.wiring, {.seed = settings.seed + static_cast<std::uint64_t>(draw)});
    const sgd::Maps drawn = hidden_maps(other, grid);
    for (std::size_t layer = 0; layer < depth; ++layer) random[layer].push_back(drawn.values[layer + 1]);
  }
  std::vector<LayerInterference> result;
  for (std::size_t layer = 0; layer < depth; ++layer) {
    LayerInterference found;
    found.layer = static_cast<int>(layer) + 1;
    found.units = overlap_of(maps.values[layer + 1]);
    found.dimension = effective_dimension(random[layer]);
    found.null = overlap_null(found.dimension);
    for (const Eigen::MatrixXd& drawn : random[layer]) {
      const MapOverlap overlap = overlap_of(drawn);
      if (overlap.maps < 2) continue;
      found.random += overlap.mean;
      ++found.draws;
    }
    if (found.draws > 0) found.random /= found.draws;
    result.push_back(found);
  }
  return result;
}

std::vector<MapOverlap> overlaps_among(const sgd::Mlp& mlp, const std::vector<int>& counts,
                                       const InterferenceSettings& settings) {
  if (counts.size() != mlp.wiring.hidden.size())
    throw ConfigError(std::to_string(counts.size()) + " numbers of units for " +
                      std::to_string(mlp.wiring.hidden.size()) + " layers");
  const sgd::Maps maps = hidden_maps(mlp, Grid{settings.size, settings.size});
  std::vector<MapOverlap> result;
  for (std::size_t layer = 0; layer < counts.size(); ++layer)
    result.push_back(overlap_among(maps.values[layer + 1], counts[layer], settings.draws, settings.seed));
  return result;
}

std::vector<PartDirections> part_directions(const sgd::Mlp& mlp, const PartRegions& regions) {
  const sgd::Maps maps = hidden_maps(mlp, Grid{regions.width, regions.height});
  const auto parts = static_cast<Eigen::Index>(regions.count());
  const auto areas = regions.areas();
  std::vector<PartDirections> result;
  for (std::size_t layer = 0; layer < mlp.wiring.hidden.size(); ++layer) {
    const Eigen::MatrixXd units = unit_maps(maps.values[layer + 1]);
    PartDirections found;
    found.layer = static_cast<int>(layer) + 1;
    found.parts = static_cast<int>(parts);
    if (units.cols() > 0) {
      Eigen::JacobiSVD<Eigen::MatrixXd> svd(units.transpose() * units);
      svd.setThreshold(1e-9);
      found.rank = static_cast<int>(svd.rank());
      Eigen::MatrixXd directions = Eigen::MatrixXd::Zero(units.cols(), parts);
      for (std::size_t pixel = 0; pixel < regions.pixels(); ++pixel) {
        const std::size_t part = regions.owner[pixel];
        directions.col(static_cast<Eigen::Index>(part)) +=
            units.row(static_cast<Eigen::Index>(pixel)).transpose() / static_cast<double>(areas[part]);
      }
      for (Eigen::Index a = 0; a < parts; ++a)
        for (Eigen::Index b = 0; b < a; ++b) {
          const double lengths = directions.col(a).norm() * directions.col(b).norm();
          if (lengths > 0)
            found.greatest = std::max(
                found.greatest, std::min(1.0, std::abs(directions.col(a).dot(directions.col(b))) / lengths));
        }
      found.bound = welch_bound(found.parts, found.rank);
    }
    result.push_back(found);
  }
  return result;
}

}  // namespace skein::experiments
