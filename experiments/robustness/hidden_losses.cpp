#include "experiments/robustness/hidden_losses.hpp"

#include <algorithm>
#include <cmath>

#include "experiments/changes/part_fit.hpp"
#include "experiments/measures/evidence.hpp"
#include "experiments/measures/sampled_steps.hpp"
#include "experiments/parts/part_accuracy.hpp"
#include "lib/base/error.hpp"
#include "lib/base/random.hpp"

namespace skein::experiments {
namespace {

constexpr int rungs = 20;
constexpr float longest_step = 8;  // evolved weights lie in [-3, 3]

/// What steps may take of a part, and where it stands.
struct PricedPart {
  std::size_t number = 0;  ///< in the regions and in the pictures, which lack only "outside", the last
  double price = 0;        ///< as loss
  double at_stake = 0;     ///< squared error of its region where it is off
};

std::vector<PricedPart> priced_parts(const PictureParts& parts, const PartPictures& pictures,
                                     std::vector<std::string>& unseen) {
  std::vector<PricedPart> priced;
  const auto areas = parts.regions.areas();
  constexpr double least = 1e-5;  // mean squared difference that is not seen
  for (std::size_t p = 0; p < pictures.count(); ++p) {
    const double at_stake = region_error(pictures.absent[p], pictures.whole, parts.regions, p);
    if (at_stake > least * 3 * static_cast<double>(areas[p]) && std::isfinite(at_stake))
      priced.push_back({p, mean_squared_error(pictures.absent[p], pictures.whole), at_stake});
    else unseen.push_back(parts.parts[p].name);
  }
  return priced;
}

/// One step's numbers.
struct StepLoss {
  bool finite = false;
  double loss_change = 0;
  std::vector<float> lost;     ///< per priced part
  std::vector<float> shifted;  ///< per priced part and cyclic shift
};

/// Looks at pictures after steps.
class LossScale {
 public:
  LossScale(const PictureParts& parts, const Picture& whole, const Picture& drawn,
            const std::vector<PricedPart>& priced, const CyclicShifts& shifts)
      : regions_(parts.regions), whole_(whole), priced_(priced), before_(errors(drawn)) {
    for (const auto& [columns, rows] : shifts) {
      std::vector<std::uint8_t>& owner = owners_.emplace_back(regions_.pixels());
      std::size_t p = 0;
      for (int row = 0; row < regions_.height; ++row)
        for (int column = 0; column < regions_.width; ++column, ++p)
          owner[p] = regions_.owner[cyclic_source(row, column, regions_, columns, rows)];
    }
  }

  StepLoss weigh(const Picture& after) const {
    const std::vector<double> now = errors(after);
    StepLoss step;
    step.lost.resize(priced_.size());
    step.shifted.resize(priced_.size() * owners_.size());
    std::vector<double> rise(now.size());
    double sum = 0;
    for (std::size_t p = 0; p < now.size(); ++p) sum += rise[p] = now[p] - before_[p];
    step.loss_change = sum / (3.0 * static_cast<double>(now.size()));
    step.finite = std::isfinite(step.loss_change);
    if (!step.finite) return step;
    const auto own = by_region(rise, regions_.owner);
    for (std::size_t k = 0; k < priced_.size(); ++k) step.lost[k] = share(own, priced_[k]);
    for (std::size_t s = 0; s < owners_.size(); ++s) {
      const auto elsewhere = by_region(rise, owners_[s]);
      for (std::size_t k = 0; k < priced_.size(); ++k)
        step.shifted[k * owners_.size() + s] = share(elsewhere, priced_[k]);
    }
    return step;
  }

 private:
  /// Per pixel: squared error against the target, over the channels.
  std::vector<double> errors(const Picture& picture) const {
    std::vector<double> result(whole_.pixels(), 0.0);
    for (int c = 0; c < 3; ++c)
      for (std::size_t p = 0; p < result.size(); ++p) {
        const double off =
            static_cast<double>(picture.channel(c)[p]) - static_cast<double>(whole_.channel(c)[p]);
        result[p] += off * off;
      }
    return result;
  }
  std::vector<double> by_region(const std::vector<double>& rise,
                                const std::vector<std::uint8_t>& owner) const {
    std::vector<double> sums(regions_.count(), 0.0);
    for (std::size_t p = 0; p < rise.size(); ++p) sums[owner[p]] += rise[p];
    return sums;
  }
  static float share(const std::vector<double>& sums, const PricedPart& part) {
    return static_cast<float>(std::clamp(sums[part.number] / part.at_stake, 0.0, 1.0));
  }

  const PartRegions& regions_;
  const Picture& whole_;
  const std::vector<PricedPart>& priced_;
  std::vector<double> before_;
  std::vector<std::vector<std::uint8_t>> owners_;
};

/// Draws the steps of many directions, some at a time.
class StepDrawer {
 public:
  StepDrawer(const Plan& plan, const Subject& subject, const LossScale& scale,
             const ProgressListener& listener, std::size_t directions)
      : plan_(plan), subject_(subject), scale_(scale), listener_(listener), directions_(directions) {}

  /// With `to_zero` each direction is one weight, which is set to 0 too.
  std::vector<StepLoss> look(const std::vector<Direction>& items, bool to_zero) {
    std::vector<StepLoss> steps(items.size() * count(to_zero));
    constexpr std::size_t at_a_time = 8;
    for (std::size_t first = 0; first < items.size(); first += at_a_time) {
      const std::size_t last = std::min(items.size(), first + at_a_time);
      if (listener_ &&
          !listener_(
              {"directions", static_cast<std::int64_t>(done_), static_cast<std::int64_t>(directions_), {}}))
        throw Error("stopped after " + std::to_string(done_) + " of " + std::to_string(directions_) +
                    " directions");
      std::vector<Perturbation> moves;
      for (std::size_t i = first; i < last; ++i)
        for (std::size_t k = 0; k < count(to_zero); ++k)
          moves.push_back(moved(subject_.weights, items[i], step_of(items[i], k)));
      draw_perturbed(plan_, subject_.weights, {parts_size, parts_size}, moves,
                     [&](std::size_t k, Picture&& picture) {
                       steps[first * count(to_zero) + k] = scale_.weigh(picture);
                     });
      done_ += last - first;
    }
    return steps;
  }

  static std::size_t count(bool to_zero) { return 2 * rungs + (to_zero ? 1 : 0); }
  /// The steps of a direction: upward and downward, then that to 0.
  float step_of(const Direction& item, std::size_t k) const {
    if (k == 2 * rungs) return -subject_.weights[item.front().first];
    const float length = longest_step / std::sqrt(std::exp2(static_cast<float>(k / 2)));
    return k % 2 == 0 ? length : -length;
  }

 private:
  const Plan& plan_;
  const Subject& subject_;
  const LossScale& scale_;
  const ProgressListener& listener_;
  std::size_t directions_, done_ = 0;
};

std::vector<Direction> random_directions(const Subject& subject, std::size_t count, std::uint64_t seed) {
  const std::vector<Slot> slots = subject.slots();
  std::vector<Direction> directions(count);
  for (std::size_t i = 0; i < count; ++i) {
    RandomStream random(seed, "random directions of all weights", i);
    double squares = 0;
    for (const Slot slot : slots) {
      const double drawn = random.normal();
      squares += drawn * drawn;
      directions[i].emplace_back(slot, static_cast<float>(drawn));
    }
    for (auto& [slot, coefficient] : directions[i])
      coefficient = static_cast<float>(static_cast<double>(coefficient) / std::sqrt(squares));
  }
  return directions;
}

/// The greatest of a number over the steps that cost no more than `budget`, from 0.
template <class Number>
double greatest(const std::vector<StepLoss>& steps, double budget, const Number& number) {
  double most = 0;
  for (const StepLoss& step : steps)
    if (step.finite && step.loss_change <= budget) most = std::max(most, static_cast<double>(number(step)));
  return most;
}

LostShares lost_within(const std::vector<StepLoss>& steps, const std::vector<StepLoss>& random, std::size_t k,
                       double budget) {
  LostShares lost;
  lost.weight = greatest(steps, budget, [&](const StepLoss& step) { return step.lost[k]; });
  lost.random = greatest(random, budget, [&](const StepLoss& step) { return step.lost[k]; });
  for (std::size_t s = 0; s < part_shifts; ++s)
    lost.shifted +=
        greatest(steps, budget, [&](const StepLoss& step) { return step.shifted[k * part_shifts + s]; }) /
        part_shifts;
  return lost;
}

/// What the change of a part looks like.
void explain(HiddenLoss& part, const PricedPart& priced, const Picture& before, const PartRegions& regions,
             const Picture& absent) {
  std::vector<float> change(part.picture.rgb.size());
  for (std::size_t i = 0; i < change.size(); ++i) change[i] = part.picture.rgb[i] - before.rgb[i];
  const PartFit fit(regions, before, change, priced.number);
  const double changed = region_error(part.picture, before, regions, priced.number);
  const double removed =
      changed > 0 ? std::max(0.0, 1 - region_error(part.picture, absent, regions, priced.number) / changed)
                  : 0;
  part.explained = {removed, std::max(fit.shifted(), fit.scaled()), fit.recoloured()};
  const double best = std::ranges::max(part.explained);
  constexpr double least = 0.5, near = 0.05;
  if (best < least) return;
  part.change = static_cast<PartChange>(
      std::ranges::find_if(part.explained, [&](double r2) { return r2 >= best - near; }) -
      part.explained.begin());
}

/// Finds and describes the step that takes most of a part at its price; of equals the first.
struct WorstStep {
  const Subject& subject;
  const Plan& plan;
  const StepDrawer& looking;
  const std::vector<Direction>& weights;
  const std::vector<StepLoss>& steps;
  const std::vector<PricedPart>& priced;
  const Picture& before;
  const PartRegions& regions;
  const PartPictures& pictures;

  void find(HiddenLoss& part, std::size_t k) const {
    part.picture = before;
    const auto found = std::ranges::find_if(steps, [&](const StepLoss& step) {
      return step.finite && step.loss_change <= part.price && step.lost[k] > 0 &&
             static_cast<double>(step.lost[k]) == part.lost.weight;
    });
    if (found == steps.end()) return;
    const auto i = static_cast<std::size_t>(found - steps.begin()), each = StepDrawer::count(true);
    const Direction& item = weights[i / each];
    const auto [slot, to] = moved(subject.weights, item, looking.step_of(item, i % each)).front();
    part.slot = slot;
    part.from = subject.weights[slot];
    part.to = to;
    part.loss_change = found->loss_change;
    for (std::size_t q = 0; q < priced.size(); ++q)
      if (q != k) part.others += static_cast<double>(found->lost[q]);
    if (priced.size() > 1) part.others /= static_cast<double>(priced.size() - 1);
    Weights changed = subject.weights;
    changed[slot] = to;
    part.picture = draw(plan, changed, {parts_size, parts_size});
    explain(part, priced[k], before, regions, pictures.absent[priced[k].number]);
  }
};

}  // namespace

std::string_view name(PartChange change) {
  constexpr std::array<std::string_view, 4> names{"removed", "moved", "recoloured", "distorted"};
  return names.at(static_cast<std::size_t>(change));
}

void HiddenLossSettings::validate() const {
  if (weights < 1) throw ConfigError("weights " + std::to_string(weights) + ": must be 1 or more");
}

double budget_of(std::size_t i) { return std::pow(10.0, -2 + static_cast<double>(i) / 8); }

HiddenLosses hidden_losses(const Subject& subject, const PictureParts& parts, const PartPictures& pictures,
                           const HiddenLossSettings& settings, const ProgressListener& listener) {
  settings.validate();
  HiddenLosses result;
  const std::vector<PricedPart> priced = priced_parts(parts, pictures, result.unseen);
  if (priced.empty()) throw ConfigError("no part's absence shows where the part is");
  ScoreSettings sampling;
  sampling.weights = settings.weights;
  sampling.seed = settings.seed;
  const std::vector<Direction> weights = sampled_weights(subject, sampling).items;
  const std::vector<Direction> directions = random_directions(subject, weights.size(), settings.seed);
  const Plan plan(subject.network);
  const Picture before = draw(plan, subject.weights, {parts_size, parts_size});
  result.movable = subject.slots().size();
  result.moved = weights.size();
  result.loss = mean_squared_error(before, pictures.whole);
  // Step 1. Every step's loss change and what each part loses.
  const LossScale scale(parts, pictures.whole, before, priced, cyclic_shifts(parts.regions, settings.seed));
  StepDrawer looking(plan, subject, scale, listener, weights.size() + directions.size());
  const std::vector<StepLoss> steps = looking.look(weights, true), random = looking.look(directions, false);
  const WorstStep worst{subject, plan, looking, weights, steps, priced, before, parts.regions, pictures};
  // Step 2. The most within each budget.
  for (std::size_t k = 0; k < priced.size(); ++k) {
    HiddenLoss part{.part = parts.parts[priced[k].number].name, .price = priced[k].price};
    part.concentrated = priced[k].at_stake / (3.0 * static_cast<double>(before.pixels()));
    part.lost = lost_within(steps, random, k, part.price);
    for (std::size_t i = 0; i < budget_count; ++i)
      part.curve[i] = lost_within(steps, random, k, budget_of(i) * part.price);
    // Step 3. The step that takes most.
    worst.find(part, k);
    const auto share = 1 / static_cast<double>(priced.size());
    result.mean.weight += part.lost.weight * share;
    result.mean.random += part.lost.random * share;
    result.mean.shifted += part.lost.shifted * share;
    result.others += part.others * share;
    result.parts.push_back(std::move(part));
  }
  return result;
}

}  // namespace skein::experiments
