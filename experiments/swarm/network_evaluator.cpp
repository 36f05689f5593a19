#include "experiments/swarm/network_evaluator.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "experiments/measures/measures.hpp"
#include "experiments/parts/part_accuracy.hpp"
#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"

namespace skein::experiments {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr UtilityKind all_utilities[] = {UtilityKind::loss, UtilityKind::parts, UtilityKind::score};

/// Enough to compare networks of one structure, a second at most.
ScoreSettings swarm_score(std::uint64_t seed) {
  return {.seed = seed,
          .size = 64,
          .weights = 64,
          .directions = 0,
          .units = 16,
          .noise_draws = 0,
          .resamples = 0};
}

}  // namespace

std::string_view name(UtilityKind kind) {
  switch (kind) {
    case UtilityKind::loss:
      return "loss";
    case UtilityKind::parts:
      return "parts";
    case UtilityKind::score:
      return "score";
  }
  return "";
}

UtilityKind parse_utility(std::string_view text) {
  for (const UtilityKind kind : all_utilities)
    if (name(kind) == text) return kind;
  throw ConfigError("utility \"" + std::string(text) + "\" is unknown; there are loss, parts, score");
}

double parts_drawn(const Picture& drawn, const SwarmTarget& target) {
  double inverse = 0;
  int parts = 0;
  for (std::size_t p = 0; p < target.lacking.size(); ++p) {
    const auto accuracy = part_accuracy(drawn, target.picture, target.lacking[p], *target.regions, p);
    if (!accuracy) continue;
    inverse += 1 / std::max(*accuracy, least_accuracy);
    ++parts;
  }
  if (parts == 0) throw ConfigError("swarm: no part of the target makes a difference to its picture");
  return parts / inverse;
}

NetworkEvaluator::NetworkEvaluator(Network network, SwarmTarget target, UtilityKind kind, double bar,
                                   std::uint64_t seed)
    : plan_(std::move(network)), target_(std::move(target)), kind_(kind), bar_(bar), seed_(seed) {
  canvases_.emplace_back(plan_, Grid{target_.picture.width, target_.picture.height});
  if (kind != UtilityKind::parts) return;
  if (!target_.regions || target_.lacking.empty())
    throw ConfigError("swarm: the parts of the target are not known; its utility cannot be theirs");
  if (target_.regions->width != target_.picture.width || target_.regions->height != target_.picture.height)
    throw ConfigError("swarm: the parts are known at another size than the picture's");
  parts_drawn(target_.picture, target_);
}

std::vector<NetworkWorth> NetworkEvaluator::worth(const std::vector<Weights>& networks) {
  return worth(networks, {}).value();
}

std::optional<std::vector<NetworkWorth>> NetworkEvaluator::worth(const std::vector<Weights>& networks,
                                                                 const ProgressListener& listener) {
  while (canvases_.size() < networks.size())
    canvases_.emplace_back(plan_, Grid{target_.picture.width, target_.picture.height});
  std::vector<NetworkWorth> worths(networks.size());
  parallel_for(networks.size(), [&](std::size_t i) {
    Picture picture(target_.picture.width, target_.picture.height);
    canvases_[i].set_weights(networks[i]);
    canvases_[i].draw(picture);
    const double loss = mean_squared_error(picture, target_.picture);
    if (!std::isfinite(loss)) worths[i] = {-infinite, infinite};
    else worths[i] = {kind_ == UtilityKind::parts ? parts_drawn(picture, target_) : -loss, loss};
  });
  if (kind_ != UtilityKind::score) return worths;
  for (std::size_t i = 0; i < networks.size(); ++i) {
    if (!(worths[i].loss <= bar_)) continue;
    if (listener && !listener({"score", static_cast<std::int64_t>(i), std::ssize(networks), {}}))
      return std::nullopt;
    const auto value =
        score(subject_of(network(), networks[i]), swarm_score(seed_)).at("compositional_score").value;
    if (value) worths[i].utility = *value;
  }
  return worths;
}

}  // namespace skein::experiments
