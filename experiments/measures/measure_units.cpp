#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "experiments/measures/measure_functions.hpp"
#include "lib/base/random.hpp"

namespace skein::experiments::measure {
namespace {

constexpr float constant_map = 1e-6f;  ///< standard deviation below which a map says nothing

/// The units chosen that are not constant, each once.
std::vector<Eigen::Index> speaking(const Evidence& evidence, Items items) {
  std::vector<Eigen::Index> rows;
  const float length = constant_map * std::sqrt(static_cast<float>(evidence.unit_maps.cols()));
  for (const std::uint32_t item : items) {
    const auto row = static_cast<Eigen::Index>(item);
    if (evidence.unit_maps.row(row).norm() > length) rows.push_back(row);
  }
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

template <class Number>
Value mean_over(const std::vector<Eigen::Index>& rows, Number&& number) {
  if (rows.empty()) return {};
  double sum = 0;
  for (const Eigen::Index row : rows) sum += number(row);
  return sum / static_cast<double>(rows.size());
}

/// Share of a map's energy that is even, or odd, under the mirror from left to right, whichever is more.
template <class Row>
double symmetry_purity(const Row& map, int side) {
  double even = 0, odd = 0;
  for (int row = 0; row < side; ++row)
    for (int column = 0; column < side; ++column) {
      const double a = static_cast<double>(map(row * side + column));
      const double b = static_cast<double>(map(row * side + side - 1 - column));
      even += (a + b) * (a + b);
      odd += (a - b) * (a - b);
    }
  return even + odd > 0 ? std::max(even, odd) / (even + odd) : 1.0;
}

std::vector<std::vector<Eigen::Index>> by_layer(const Evidence& evidence,
                                                const std::vector<Eigen::Index>& rows) {
  std::map<std::int32_t, std::vector<Eigen::Index>> layers;
  for (const Eigen::Index row : rows)
    layers[evidence.unit_layer[static_cast<std::size_t>(row)]].push_back(row);
  std::vector<std::vector<Eigen::Index>> groups;
  for (auto& [layer, group] : layers) groups.push_back(std::move(group));
  return groups;
}

}  // namespace

Value redundant_pairs(const Evidence& evidence, Items items) {
  constexpr float same = 0.95f;
  const auto rows = speaking(evidence, items);
  std::size_t pairs = 0, redundant = 0;
  for (std::size_t a = 0; a < rows.size(); ++a)
    for (std::size_t b = a + 1; b < rows.size(); ++b, ++pairs)
      redundant += std::abs(evidence.correlation(rows[a], rows[b])) > same;
  if (pairs == 0) return {};
  return static_cast<double>(redundant) / static_cast<double>(pairs);
}

Value redundancy(const Evidence& evidence, Items items) {
  constexpr std::size_t helpers = 6;
  auto rows = speaking(evidence, items);
  if (rows.size() <= helpers) return {};
  constexpr int draws = 64;
  double sum = 0;
  for (int draw = 0; draw < draws; ++draw) {
    RandomStream stream(evidence.settings.seed, "units compared", static_cast<std::uint64_t>(draw));
    for (std::size_t i = 0; i <= helpers; ++i)
      std::swap(rows[i], rows[i + stream.below(static_cast<std::uint32_t>(rows.size() - i))]);
    const std::vector<Eigen::Index> others(rows.begin() + 1, rows.begin() + 1 + helpers);
    Eigen::MatrixXd gram = evidence.correlation(others, others).cast<double>();
    gram.diagonal().array() += 1e-4;
    const Eigen::VectorXd toward = evidence.correlation(others, rows[0]).cast<double>();
    sum += std::clamp(toward.dot(gram.ldlt().solve(toward)), 0.0, 1.0);
  }
  return sum / draws;
}

Value layer_overlap(const Evidence& evidence, Items items) {
  double sum = 0;
  std::size_t pairs = 0;
  for (const auto& group : by_layer(evidence, speaking(evidence, items)))
    for (std::size_t a = 0; a < group.size(); ++a)
      for (std::size_t b = a + 1; b < group.size(); ++b, ++pairs)
        sum += std::abs(static_cast<double>(evidence.correlation(group[a], group[b])));
  if (pairs == 0) return {};
  return sum / static_cast<double>(pairs);
}

Value map_roughness(const Evidence& evidence, Items items) {
  const int side = evidence.settings.map_size;
  return mean_over(speaking(evidence, items), [&](Eigen::Index row) {
    const Eigen::Map<const MapRows> map(evidence.unit_maps.row(row).data(), side, side);
    const double across =
        static_cast<double>((map.rightCols(side - 1) - map.leftCols(side - 1)).cwiseAbs().mean());
    const double down =
        static_cast<double>((map.bottomRows(side - 1) - map.topRows(side - 1)).cwiseAbs().mean());
    const double spread = static_cast<double>(map.norm()) / side;
    return (across + down) / spread;
  });
}

Value map_symmetry(const Evidence& evidence, Items items) {
  return mean_over(speaking(evidence, items), [&](Eigen::Index row) {
    return symmetry_purity(evidence.unit_maps.row(row), evidence.settings.map_size);
  });
}

Value map_symmetry_rotated(const Evidence& evidence, Items items) {
  double sum = 0;
  std::size_t maps = 0;
  for (const auto& group : by_layer(evidence, speaking(evidence, items))) {
    // The layer's maps in the basis of their principal axes, those that hold anything.
    const Eigen::MatrixXf gram =
        evidence.unit_maps(group, Eigen::all) * evidence.unit_maps(group, Eigen::all).transpose();
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXf> axes(gram);
    const MapRows rotated = axes.eigenvectors().transpose() * evidence.unit_maps(group, Eigen::all);
    for (Eigen::Index row = 0; row < rotated.rows(); ++row) {
      if (axes.eigenvalues()(row) < 1e-6f * gram.trace()) continue;
      sum += symmetry_purity(rotated.row(row), evidence.settings.map_size);
      ++maps;
    }
  }
  if (maps == 0) return {};
  return sum / static_cast<double>(maps);
}

Value map_detail(const Evidence& evidence, Items items) {
  const int side = evidence.settings.map_size;
  constexpr int block = 4;
  return mean_over(speaking(evidence, items), [&](Eigen::Index row) {
    const Eigen::Map<const MapRows> map(evidence.unit_maps.row(row).data(), side, side);
    double coarse = 0;
    for (int r = 0; r + block <= side; r += block)
      for (int c = 0; c + block <= side; c += block) {
        const double mean = static_cast<double>(map.block(r, c, block, block).mean());
        coarse += mean * mean * block * block;
      }
    return std::clamp(1 - coarse / static_cast<double>(map.squaredNorm()), 0.0, 1.0);
  });
}

Value map_dimension(const Evidence& evidence, Items items) {
  constexpr std::size_t compared = 12;  // so that networks of any number of units compare
  auto rows = speaking(evidence, items);
  if (rows.size() < compared) return {};
  constexpr int draws = 64;
  double sum = 0;
  for (int draw = 0; draw < draws; ++draw) {
    RandomStream stream(evidence.settings.seed, "units compared", static_cast<std::uint64_t>(draw));
    for (std::size_t i = 0; i < compared; ++i)
      std::swap(rows[i], rows[i + stream.below(static_cast<std::uint32_t>(rows.size() - i))]);
    const std::vector<Eigen::Index> chosen(rows.begin(), rows.begin() + compared);
    // Participation ratio of the spectrum: (sum of eigenvalues)^2 / sum of their squares.
    sum += compared * static_cast<double>(compared) /
           static_cast<double>(evidence.correlation(chosen, chosen).squaredNorm());
  }
  return sum / draws;
}

}  // namespace skein::experiments::measure
