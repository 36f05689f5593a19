#include "experiments/polar/probe.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"

namespace skein::experiments {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

Eigen::Index row_of(const ProbeCase& one, std::size_t node) {
  return static_cast<Eigen::Index>(one.first_row + node);
}

double pairs_of(std::span<const ProbeCase> cases, const CaseList& on) {
  double pairs = 0;
  for (const std::size_t c : on) {
    const auto n = static_cast<double>(cases[c].tree.nodes.size());
    pairs += n * (n - 1) / 2;
  }
  return pairs;
}

/// Mean over pairs of |squared distance - tree distance|; adds its gradient by each node's place. Places are columns.
double distance_loss(const MatrixXd& places, std::span<const ProbeCase> cases, const CaseList& on,
                     MatrixXd& upstream) {
  const double pairs = pairs_of(cases, on);
  if (pairs == 0) return 0;
  double sum = 0;
  VectorXd apart(places.rows());
  for (const std::size_t c : on) {
    const ProbeCase& one = cases[c];
    const std::size_t n = one.tree.nodes.size();
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = i + 1; j < n; ++j) {
        apart = places.col(row_of(one, i)) - places.col(row_of(one, j));
        const double off = apart.squaredNorm() - one.distances[i * n + j];
        sum += std::abs(off);
        const double slope = off > 0 ? 2 / pairs : off < 0 ? -2 / pairs : 0;
        upstream.col(row_of(one, i)) += slope * apart;
        upstream.col(row_of(one, j)) -= slope * apart;
      }
  }
  return sum / pairs;
}

/// Mean over ordered pairs of edges, each with itself too (which costs nothing), of (1 - cos - [types differ])^2; by
/// sums over the edges: that of cos^2 is |sum of u u'|^2, and only pairs of one type have more, 1 - 2 cos.
double angle_loss(const MatrixXd& places, std::span<const ProbeCase> cases, const CaseList& on, double lambda,
                  MatrixXd& upstream) {
  std::size_t count = 0;
  for (const std::size_t c : on) count += cases[c].tree.edges.size();
  if (count == 0) return 0;
  const Eigen::Index rank = places.rows();
  MatrixXd units(rank, static_cast<Eigen::Index>(count));
  VectorXd lengths(static_cast<Eigen::Index>(count));
  MatrixXd sums = MatrixXd::Zero(rank, relation_count);
  std::array<double, relation_count> members{};
  Eigen::Index e = 0;
  for (const std::size_t c : on)
    for (const TreeEdge& edge : cases[c].tree.edges) {
      units.col(e) = places.col(row_of(cases[c], edge.head)) - places.col(row_of(cases[c], edge.dependent));
      lengths(e) = units.col(e).norm();
      if (lengths(e) > 0) units.col(e) /= lengths(e);
      const auto type = static_cast<std::size_t>(edge.relation);
      sums.col(static_cast<Eigen::Index>(type)) += units.col(e);
      ++members[type];
      ++e;
    }
  const MatrixXd gram = units * units.transpose();
  const double pairs = static_cast<double>(count) * static_cast<double>(count);
  double sum = gram.squaredNorm();
  for (std::size_t t = 0; t < relation_count; ++t)
    sum += members[t] * members[t] - 2 * sums.col(static_cast<Eigen::Index>(t)).squaredNorm();
  e = 0;
  for (const std::size_t c : on)
    for (const TreeEdge& edge : cases[c].tree.edges) {
      if (lengths(e) > 0) {
        const auto unit = units.col(e);
        VectorXd by_unit =
            4 * lambda / pairs * (gram * unit - sums.col(static_cast<Eigen::Index>(edge.relation)));
        by_unit -= unit.dot(by_unit) * unit;
        by_unit /= lengths(e);
        upstream.col(row_of(cases[c], edge.head)) += by_unit;
        upstream.col(row_of(cases[c], edge.dependent)) -= by_unit;
      }
      ++e;
    }
  return lambda * sum / pairs;
}

/// One over each unit's standard deviation over the nodes of these cases; 0 of a unit that hardly varies.
VectorXd unit_scales(const MatrixXd& vectors, std::span<const ProbeCase> cases, const CaseList& on) {
  VectorXd mean = VectorXd::Zero(vectors.cols()), square = mean;
  double count = 0;
  for (const std::size_t c : on)
    for (std::size_t i = 0; i < cases[c].tree.nodes.size(); ++i, ++count)
      mean += vectors.row(row_of(cases[c], i)).transpose();
  if (count > 0) mean /= count;
  for (const std::size_t c : on)
    for (std::size_t i = 0; i < cases[c].tree.nodes.size(); ++i)
      square += (vectors.row(row_of(cases[c], i)).transpose() - mean).array().square().matrix();
  VectorXd deviation = (square / std::max(count, 1.0)).array().sqrt();
  constexpr double hardly = 1e-3;
  const double layer = std::sqrt(deviation.squaredNorm() / static_cast<double>(deviation.size()));
  for (double& value : deviation) value = value > hardly * layer ? 1 / value : 0;
  return deviation;
}

MatrixXd first_map(Eigen::Index rank, Eigen::Index units, std::uint64_t seed) {
  // Two nodes of unit variance lie 2 x units apart, squared; so far as neighbours' neighbours under this map.
  const double spread = 1 / std::sqrt(static_cast<double>(rank) * static_cast<double>(units));
  RandomStream random(seed, "first map of a probe");
  MatrixXd map(rank, units);
  for (Eigen::Index r = 0; r < rank; ++r)
    for (Eigen::Index u = 0; u < units; ++u) map(r, u) = spread * random.normal();
  return map;
}

void find_directions(Probe& probe, const MatrixXd& vectors, std::span<const ProbeCase> cases,
                     const CaseList& on) {
  probe.directions.fill(VectorXd::Zero(probe.map.rows()));
  for (const std::size_t c : on)
    for (const TreeEdge& edge : cases[c].tree.edges) {
      const VectorXd along = probe.map * (vectors.row(row_of(cases[c], edge.head)) -
                                          vectors.row(row_of(cases[c], edge.dependent)))
                                             .transpose();
      const auto type = static_cast<std::size_t>(edge.relation);
      probe.known[type] = true;
      if (const double length = along.norm(); length > 0) probe.directions[type] += along / length;
    }
  for (VectorXd& direction : probe.directions)
    if (const double length = direction.norm(); length > 0) direction /= length;
}

}  // namespace

void ProbeSettings::validate() const {
  if (rank < 1) throw ConfigError("rank " + std::to_string(rank) + " of a probe: must be 1 or more");
  if (steps < 1 || steps > 1'000'000)
    throw ConfigError("steps " + std::to_string(steps) + " of a probe: must be 1 to 1000000");
  if (!(rate > 0) || !std::isfinite(rate)) throw ConfigError("the rate of a probe must be above 0");
  if (!(lambda >= 0) || !std::isfinite(lambda)) throw ConfigError("lambda of a probe must be 0 or more");
}

double probe_loss(const MatrixXd& map, const MatrixXd& vectors, std::span<const ProbeCase> cases,
                  const CaseList& on, double lambda, MatrixXd* gradient) {
  const MatrixXd places = map * vectors.transpose();
  MatrixXd upstream = MatrixXd::Zero(places.rows(), places.cols());
  const double loss = distance_loss(places, cases, on, upstream) +
                      (lambda > 0 ? angle_loss(places, cases, on, lambda, upstream) : 0);
  if (gradient) *gradient = upstream * vectors;
  return loss;
}

std::optional<Probe> fit_probe(const MatrixXd& vectors, std::span<const ProbeCase> cases, const CaseList& on,
                               const ProbeSettings& settings, std::uint64_t seed,
                               const ProgressListener& listener) {
  settings.validate();
  const Eigen::Index units = vectors.cols(), rank = std::min<Eigen::Index>(settings.rank, units);
  const VectorXd scales = unit_scales(vectors, cases, on);
  // Only the rows of these cases; the others would be multiplied for nothing.
  std::vector<ProbeCase> fitted;
  std::vector<Eigen::Index> rows;
  for (const std::size_t c : on) {
    fitted.push_back(cases[c]);
    fitted.back().first_row = rows.size();
    for (std::size_t i = 0; i < cases[c].tree.nodes.size(); ++i) rows.push_back(row_of(cases[c], i));
  }
  const MatrixXd scaled = vectors(rows, Eigen::all) * scales.asDiagonal();
  CaseList all(fitted.size());
  for (std::size_t c = 0; c < all.size(); ++c) all[c] = c;
  MatrixXd map = first_map(rank, units, seed), gradient(rank, units);
  MatrixXd first = MatrixXd::Zero(rank, units), second = first;
  constexpr double keep_first = 0.9, keep_second = 0.999, epsilon = 1e-8;  // Adam's own (Kingma, Ba 2015)
  for (int step = 1; step <= settings.steps; ++step) {
    probe_loss(map, scaled, fitted, all, settings.lambda, &gradient);
    first = keep_first * first + (1 - keep_first) * gradient;
    second.array() = keep_second * second.array() + (1 - keep_second) * gradient.array().square();
    const double rate = settings.rate * 0.5 * (1 + std::cos(std::numbers::pi * (step - 1) / settings.steps));
    const double bias_first = 1 - std::pow(keep_first, step), bias_second = 1 - std::pow(keep_second, step);
    map.array() -= rate * (first.array() / bias_first) / ((second.array() / bias_second).sqrt() + epsilon);
    if (!listener({"probe", step, settings.steps, {}})) return std::nullopt;
  }
  Probe probe{.map = map * scales.asDiagonal(), .directions = {}};
  find_directions(probe, vectors, cases, on);
  return probe;
}

CasePrediction predict(const Probe& probe, const MatrixXd& vectors, const ProbeCase& one) {
  const std::size_t n = one.tree.nodes.size();
  const MatrixXd places =
      probe.map * vectors.middleRows(row_of(one, 0), static_cast<Eigen::Index>(n)).transpose();
  CasePrediction result;
  result.distances.assign(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      result.distances[i * n + j] =
          (places.col(static_cast<Eigen::Index>(i)) - places.col(static_cast<Eigen::Index>(j))).squaredNorm();
  for (const TreeEdge& edge : one.tree.edges) {
    const VectorXd along = places.col(edge.head) - places.col(edge.dependent);
    std::size_t best = relation_count;
    for (std::size_t t = 0; t < relation_count; ++t)
      if (probe.known[t] &&
          (best == relation_count || along.dot(probe.directions[t]) > along.dot(probe.directions[best])))
        best = t;
    result.relations.push_back(static_cast<Relation>(best == relation_count ? 0 : best));
  }
  return result;
}

}  // namespace skein::experiments
