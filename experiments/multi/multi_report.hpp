#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "experiments/drawing/drawing.hpp"
#include "experiments/multi/multi_run.hpp"

namespace skein::experiments {

/// How the losses of `heads` stand to another kind's, over the pairs of the same depth and seed: geometric mean over pictures
/// and pairs of the ratio, with the 95 % interval over pairs and the p of flipping the pairs' signs. Below 1: heads are better.
struct AgainstHeads {
  MultiKind kind = MultiKind::coded;
  std::size_t pairs = 0;
  double ratio = 0, low = 0, high = 0, p = 1;
};
/// For each kind other than `heads` that has pairs.
std::vector<AgainstHeads> against_heads(const std::vector<MultiRow>& rows);

/// Geometric mean of a row's losses over the pictures; nothing where it failed.
std::optional<double> mean_loss(const MultiRow& row);

/// One line a row and picture: kind, offset, depth, width, seed, numbers, weights_each, picture, loss (of the mean colour's).
std::string multi_csv(const std::vector<MultiRow>& rows, const std::vector<MultiTarget>& targets);
/// One line a row of shared units.
std::string sharing_csv(const std::vector<MultiRow>& rows);
/// One line a kind held against `heads`.
std::string against_csv(const std::vector<MultiRow>& rows);

nlohmann::ordered_json multi_json(const std::vector<MultiRow>& rows, const std::vector<MultiTarget>& targets);
/// The same for people: a line a kind and depth.
std::string multi_text(const std::vector<MultiRow>& rows);

/// Left, the mean loss by depth; right, the share of needed units that several pictures need, beside chance. Bands: least to
/// greatest seed.
Drawing multi_figure(const std::vector<MultiRow>& rows, const std::string& title);

}  // namespace skein::experiments
