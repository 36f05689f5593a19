#include "sgd/prune/pruning.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

#include "lib/base/error.hpp"

namespace skein::sgd {

KeepAmount parse_keep(std::string_view text) {
  const char* end = text.data() + text.size();
  if (text.find('.') == std::string_view::npos) {
    std::int64_t count = 0;
    if (const auto [at, error] = std::from_chars(text.data(), end, count); error == std::errc() && at == end)
      return count;
  } else {
    double fraction = 0;
    if (const auto [at, error] = std::from_chars(text.data(), end, fraction);
        error == std::errc() && at == end)
      return fraction;
  }
  throw ConfigError("what to keep is \"" + std::string(text.substr(0, 40)) +
                    "\"; give a count such as 1404 or a fraction with a decimal point such as 0.25");
}

std::int64_t keep_count(const KeepAmount& amount, std::int64_t total) {
  if (const auto* fraction = std::get_if<double>(&amount)) {
    if (!(*fraction > 0 && *fraction <= 1))
      throw ConfigError("the fraction to keep is " + std::to_string(*fraction) +
                        "; it must be over 0 and at most 1");
    const auto count = static_cast<std::int64_t>(std::llround(*fraction * static_cast<double>(total)));
    if (count < 1)
      throw ConfigError("the fraction to keep, " + std::to_string(*fraction) + ", leaves none of " +
                        std::to_string(total) + " weights");
    return count;
  }
  const std::int64_t count = std::get<std::int64_t>(amount);
  if (count < 1 || count > total)
    throw ConfigError("weights to keep is " + std::to_string(count) + "; it must lie between 1 and the " +
                      std::to_string(total) + " that there are");
  return count;
}

int rounds_to(std::int64_t total, std::int64_t target, double keeps) {
  const double ratio = static_cast<double>(target) / static_cast<double>(total);
  return std::max(1, static_cast<int>(std::ceil(std::log(ratio) / std::log(keeps) - 1e-9)));
}

std::vector<std::int64_t> round_counts(std::int64_t total, std::int64_t target, int rounds) {
  if (rounds < 1 || rounds > 1000)
    throw ConfigError("rounds is " + std::to_string(rounds) + "; it must lie between 1 and 1000");
  std::vector<std::int64_t> counts;
  const double ratio = static_cast<double>(target) / static_cast<double>(total);
  for (int round = 1; round < rounds; ++round)
    counts.push_back(
        std::llround(static_cast<double>(total) * std::pow(ratio, static_cast<double>(round) / rounds)));
  counts.push_back(target);
  return counts;
}

KeepMask keep_highest(std::span<const double> scores, std::int64_t count) {
  if (count < 0 || count > std::ssize(scores))
    throw ConfigError("weights to keep is " + std::to_string(count) + " of " + std::to_string(scores.size()));
  if (std::ranges::any_of(scores, [](double score) { return std::isnan(score); }))
    throw NumericError("a weight's saliency is not a number");
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
  KeepMask keep(scores.size());
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) keep[order[i]] = 1;
  return keep;
}

void require_outputs(const Wiring& wiring, std::string_view method) {
  if (liveness(wiring).outputs_reached() == 0)
    throw ConfigError(
        std::string(method) + " at " + std::to_string(wiring.weight_count()) +
        " weights cuts every output off from the inputs; keep more weights or take more rounds");
}

void require_initial(const Mlp& mlp, std::string_view method) {
  if (mlp.initial.empty())
    throw ConfigError(std::string(method) +
                      " needs a network that carries its initial weights; this one does not");
}

void add_round(Pruned& result, int round, std::int64_t asked, Trained trained, const OnRound& on_round) {
  result.rounds.push_back({round, asked, trained.mlp.wiring.weight_count(),
                           liveness(trained.mlp.wiring).units(), trained.loss, trained.best_loss,
                           trained.steps});
  result.mlp = std::move(trained.mlp);
  if (on_round) on_round(result.rounds.back(), result.mlp);
}

Pruned prune_once(Mlp cut, std::int64_t asked, std::string_view method, const Retrain& retrain,
                  const OnRound& on_round) {
  require_outputs(cut.wiring, method);
  Pruned result;
  add_round(result, 1, asked, retrain({std::move(cut), 1, 1, 0, {}}), on_round);
  return result;
}

Pruned prune_in_rounds(const Mlp& mlp, std::int64_t count, int rounds, std::string_view method,
                       const ChooseMask& choose, const Retrain& retrain, const OnRound& on_round) {
  validate(mlp);
  Pruned result{mlp, {}};
  int round = 0;
  for (const std::int64_t asked : round_counts(mlp.wiring.weight_count(), count, rounds)) {
    ++round;
    Mlp cut = restrict_to(result.mlp, choose(result.mlp, asked, round));
    require_outputs(cut.wiring, method);
    add_round(result, round, asked, retrain({std::move(cut), round, rounds, 0, {}}), on_round);
  }
  return result;
}

}  // namespace skein::sgd
