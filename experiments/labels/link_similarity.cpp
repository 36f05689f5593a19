#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "experiments/labels/label_agreement.hpp"
#include "lib/engine/engine.hpp"

namespace skein::experiments {
namespace {

using Vectors = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr int side = 64;
constexpr double silent = 1e-12;  ///< a vector shorter than this is one of zeros

/// Mean of the channels, shape (side, side).
Eigen::ArrayXd brightness(const Picture& picture) {
  Eigen::ArrayXd level = Eigen::ArrayXd::Zero(side * side);
  for (int c = 0; c < 3; ++c)
    for (Eigen::Index p = 0; p < level.size(); ++p) {
      const double value = static_cast<double>(picture.channel(c)[static_cast<std::size_t>(p)]) / 3;
      level(p) += std::isfinite(value) ? value : 0.0;
    }
  return level;
}

/// Mean of the channels of |a - b|.
Eigen::ArrayXd change(const Picture& a, const Picture& b) {
  Eigen::ArrayXd result = Eigen::ArrayXd::Zero(side * side);
  for (int c = 0; c < 3; ++c)
    for (Eigen::Index p = 0; p < result.size(); ++p) {
      const auto i = static_cast<std::size_t>(p);
      const double value =
          std::abs(static_cast<double>(a.channel(c)[i]) - static_cast<double>(b.channel(c)[i])) / 3;
      result(p) += std::isfinite(value) ? value : 0.0;
    }
  return result;
}

/// Length of the gradient: central differences inside, one-sided at the border.
Eigen::ArrayXd contours(const Eigen::ArrayXd& level) {
  const auto at = [&](int row, int column) { return level(row * side + column); };
  const auto slope = [&](double before, double after, bool border) {
    return border ? after - before : (after - before) / 2;
  };
  Eigen::ArrayXd result(side * side);
  for (int row = 0; row < side; ++row)
    for (int column = 0; column < side; ++column) {
      const int up = std::max(0, row - 1), down = std::min(side - 1, row + 1);
      const int left = std::max(0, column - 1), right = std::min(side - 1, column + 1);
      result(row * side + column) = std::hypot(slope(at(row, left), at(row, right), right - left == 1),
                                               slope(at(up, column), at(down, column), down - up == 1));
    }
  return result;
}

Eigen::MatrixXd cosines(const Vectors& rows) {
  Eigen::VectorXd length = rows.rowwise().norm();
  for (double& l : length) l = l > silent ? 1 / l : 0;
  const Vectors scaled = length.asDiagonal() * rows;
  return scaled * scaled.transpose();
}

/// Rows of length 1 (or zero), the mean row taken away.
Vectors told_apart(Vectors rows) {
  for (Eigen::Index i = 0; i < rows.rows(); ++i) {
    const double length = rows.row(i).norm();
    rows.row(i) *= length > silent ? 1 / length : 0.0;
  }
  rows.rowwise() -= rows.colwise().mean().eval();
  return rows;
}

/// Per link the visits, node by node, of a walk from its target along outgoing links by |weight|.
Vectors flows(const neat::Genome& genome, const neat::Phenotype& phenotype) {
  const Network& network = phenotype.network;
  const auto values = static_cast<Eigen::Index>(network.value_count());
  Eigen::MatrixXd step = Eigen::MatrixXd::Zero(values, values);
  std::vector<Eigen::Index> target(genome.links.size(), -1);
  for (int u = 0; u < network.unit_count(); ++u)
    for (const Edge& edge : network.edges_of(u)) {
      const auto to = static_cast<Eigen::Index>(network.input_count() + u);
      step(static_cast<Eigen::Index>(edge.source), to) +=
          std::abs(static_cast<double>(phenotype.weights[edge.slot]));
      target[phenotype.link_of_slot[edge.slot]] = to;
    }
  // Values are in topological order, so the visits from the last backward need only those already known.
  Eigen::MatrixXd visits = Eigen::MatrixXd::Identity(values, values);
  for (Eigen::Index v = values - 1; v >= 0; --v) {
    const double out = step.row(v).sum();
    if (out < 1e-9) continue;
    for (Eigen::Index to = v + 1; to < values; ++to)
      if (step(v, to) > 0) visits.row(v) += step(v, to) / out * visits.row(to);
  }
  Vectors result = Vectors::Zero(static_cast<Eigen::Index>(genome.links.size()), values);
  for (std::size_t link = 0; link < target.size(); ++link)
    if (target[link] >= 0) result.row(static_cast<Eigen::Index>(link)) = visits.row(target[link]);
  return result;
}

/// Two steps of a walk between links, each going to the quarter most like it with odds exp(similarity / 0.3)
/// (tuned: flat between 0.1 and 0.5); links are as alike as the places they end up in.
Eigen::MatrixXd diffused(const Eigen::MatrixXd& similarity) {
  const Eigen::Index count = similarity.rows();
  const auto neighbours = static_cast<std::size_t>((count + 3) / 4);
  Eigen::MatrixXd odds = (similarity / 0.3).array().exp().matrix();
  odds.diagonal().setConstant(odds.maxCoeff());
  Vectors walk = Vectors::Zero(count, count);
  std::vector<Eigen::Index> order(static_cast<std::size_t>(count));
  for (Eigen::Index i = 0; i < count; ++i) {
    std::iota(order.begin(), order.end(), Eigen::Index{0});
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return odds(i, a) > odds(i, b); });
    for (std::size_t k = 0; k < neighbours; ++k) walk(i, order[k]) = odds(i, order[k]);
    walk.row(i) /= walk.row(i).sum();
  }
  return cosines(walk * walk);
}

}  // namespace

Eigen::MatrixXd plain_similarity(const neat::Genome& genome) {
  const neat::Phenotype phenotype = neat::express(genome);
  const Plan plan(phenotype.network);
  const Grid grid{side, side};
  const Picture base = draw(plan, phenotype.weights, grid);
  const std::vector<float> steps{-1.0f, -0.5f, -0.25f, 0.25f, 0.5f, 1.0f};
  std::vector<Perturbation> moves;
  for (std::size_t s = 0; s < phenotype.weights.size(); ++s)
    for (const float step : steps) moves.push_back({{static_cast<Slot>(s), phenotype.weights[s] + step}});
  std::vector<Eigen::ArrayXd> changes(moves.size());
  draw_perturbed(plan, phenotype.weights, grid, moves,
                 [&](std::size_t i, Picture&& p) { changes[i] = change(p, base); });
  Vectors maps = Vectors::Zero(static_cast<Eigen::Index>(genome.links.size()), side * side);
  for (std::size_t i = 0; i < moves.size(); ++i)
    maps.row(static_cast<Eigen::Index>(phenotype.link_of_slot[i / steps.size()])) +=
        changes[i].matrix().transpose() / static_cast<double>(steps.size());
  return cosines(maps);
}

Eigen::MatrixXd link_similarity(const neat::Genome& genome) {
  const neat::Phenotype phenotype = neat::express(genome);
  const Plan plan(phenotype.network);
  const Grid grid{side, side};
  const Picture base = draw(plan, phenotype.weights, grid);
  const Eigen::ArrayXd base_contours = contours(brightness(base));
  std::vector<float> sweep;
  for (double weight = -3; weight <= 3; weight += 0.5) sweep.push_back(static_cast<float>(weight));
  std::vector<Perturbation> moves;
  for (std::size_t s = 0; s < phenotype.weights.size(); ++s)
    for (const float weight : sweep) moves.push_back({{static_cast<Slot>(s), weight}});
  std::vector<Eigen::ArrayXd> where(moves.size()), moving(moves.size());
  draw_perturbed(plan, phenotype.weights, grid, moves, [&](std::size_t i, Picture&& picture) {
    // A step that changes little weighs almost as one that changes much; below the floor it is let fade.
    where[i] = change(picture, base);
    where[i] /= where[i].mean() + 0.01;
    moving[i] = (contours(brightness(picture)) - base_contours).abs();
    moving[i] /= moving[i].mean() + 0.001;
  });
  const auto links = static_cast<Eigen::Index>(genome.links.size());
  Vectors changes = Vectors::Zero(links, side * side), outlines = changes;
  for (std::size_t i = 0; i < moves.size(); ++i) {
    const auto link = static_cast<Eigen::Index>(phenotype.link_of_slot[i / sweep.size()]);
    changes.row(link) += where[i].matrix().transpose();
    outlines.row(link) += moving[i].matrix().transpose();
  }
  return diffused((cosines(told_apart(std::move(changes))) + cosines(told_apart(std::move(outlines))) +
                   cosines(told_apart(flows(genome, phenotype)))) /
                  3);
}

}  // namespace skein::experiments
