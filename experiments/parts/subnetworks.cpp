#include "experiments/parts/subnetworks.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

#include "experiments/parts/mean_bias.hpp"
#include "experiments/parts/part_accuracy.hpp"
#include "experiments/parts/piece_learner.hpp"
#include "experiments/parts/piece_statistics.hpp"
#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"
#include "lib/base/random.hpp"

namespace skein::experiments {
namespace {

using Mask = PieceMask;

class SubnetworkSearch {
 public:
  /// `ask` is called before every look at the network, and throws to stop.
  SubnetworkSearch(const MaskedNet& net, const PictureParts& parts, const PartPictures& pictures,
                   const SubnetworkSettings& settings, const std::function<void()>& ask)
      : net_(net),
        regions_(parts.regions),
        pictures_(pictures),
        grid_{regions_.width, regions_.height},
        plan_(net.network),
        learner_(net, plan_, grid_, settings.mask, ask),
        biased_(with_biases(net.network)),
        biased_plan_(biased_.network) {
    const Mask everywhere(regions_.pixels(), 1);
    means_ = mean_values(plan_, net_.weights, grid_, everywhere);
    whole_ = drawn(net_.weights);
    target_unit_.assign(net_.weights.size(), 0);
    for (int u = 0; u < net_.network.unit_count(); ++u)
      for (const Edge& edge : net_.network.edges_of(u)) target_unit_[edge.slot] = u;
  }

  /// The weights that are always on.
  Mask base(std::uint64_t seed) const {
    Mask on(net_.weights.size(), 0);
    if (!net_.label.empty()) {
      for (std::size_t s = 0; s < on.size(); ++s) on[s] = net_.label[s] == MaskedNet::base;
      return on;
    }
    return learner_.mask(pictures_.ground, pictures_.whole, on, seed);
  }

  /// Whether part p makes a difference to a picture of nothing else.
  bool shows_alone(std::size_t p) const {
    return part_accuracy(pictures_.ground, pictures_.alone[p], pictures_.ground, regions_, p).has_value();
  }

  LearnedPart part(std::size_t p, const Mask& base, std::uint64_t seed, PartAccuracies& sub,
                   PartAccuracies& ablated) const {
    LearnedPart result;
    if (!shows_alone(p)) {
      result.mask.assign(base.size(), 0);
      result.d_sub = no_number;
      std::ranges::fill(result.d_abl, no_number);
      sub.own = ablated.own = no_number;
      return result;
    }
    const Mask all = learner_.mask(pictures_.alone[p], pictures_.ground, base, seed);
    result.mask = all;
    for (std::size_t s = 0; s < all.size(); ++s) result.mask[s] = all[s] && !base[s];
    sub = alone(p, drawn(learner_.kept(all)));
    result.d_sub = sub.difference();
    for (std::size_t a = 0; a < ablation_count; ++a) {
      const auto picture = without_piece(result.mask, static_cast<Ablation>(a), seed);
      const PartAccuracies left = picture ? absent(p, *picture) : PartAccuracies{};
      result.d_abl[a] = picture ? left.difference() : no_number;
      if (a == 0) ablated = left;
    }
    return result;
  }

 private:
  Picture drawn(const Weights& weights) const { return draw(plan_, weights, grid_); }

  /// A picture that should be part p alone.
  PartAccuracies alone(std::size_t p, const Picture& picture) const {
    PartAccuracies result;
    for (std::size_t q = 0; q < pictures_.count(); ++q) {
      const auto accuracy = part_accuracy(picture, pictures_.alone[q], pictures_.ground, regions_, q);
      if (q == p) result.own = accuracy.value_or(no_number);
      else if (accuracy) result.others.push_back(*accuracy);
    }
    return result;
  }

  /// A picture that should lack part p alone: p against the whole picture, the others against the picture without
  /// p, in which what stood before it or behind it is still to be told.
  PartAccuracies absent(std::size_t p, const Picture& picture) const {
    PartAccuracies result;
    for (std::size_t q = 0; q < pictures_.count(); ++q) {
      if (q == p) {
        result.own =
            part_accuracy(picture, pictures_.whole, pictures_.absent[p], regions_, p).value_or(no_number);
      } else if (const auto accuracy =
                     part_accuracy(picture, pictures_.absent[p],
                                   pictures_.both_absent[p * pictures_.count() + q], regions_, q)) {
        result.others.push_back(*accuracy);
      }
    }
    return result;
  }

  std::optional<Picture> without_piece(const Mask& piece, Ablation ablation, std::uint64_t seed) const {
    if (ablation == Ablation::none) return whole_;
    Weights weights = net_.weights;
    RandomStream random(seed, name(ablation));
    if (ablation == Ablation::complement) {
      std::vector<Slot> others;
      for (std::size_t s = 0; s < piece.size(); ++s)
        if (!piece[s]) others.push_back(static_cast<Slot>(s));
      const std::size_t size = piece.size() - others.size();
      if (size > others.size()) return {};
      random.shuffle(std::span(others));
      for (std::size_t i = 0; i < size; ++i) weights[others[i]] = 0;
      return drawn(weights);
    }
    if (ablation == Ablation::resample) {
      for (std::size_t s = 0; s < piece.size(); ++s)
        if (piece[s]) weights[s] = another_of_layer(piece, s, random);
      return drawn(weights);
    }
    for (std::size_t s = 0; s < piece.size(); ++s)
      if (piece[s]) weights[s] = 0;
    if (ablation == Ablation::zero) return drawn(weights);
    weights.resize(static_cast<std::size_t>(biased_.network.slot_count()), 0.0f);
    for (int u = 0; u < net_.network.unit_count(); ++u) {
      double carried = 0;
      for (const Edge& edge : net_.network.edges_of(u))
        if (piece[edge.slot]) carried += static_cast<double>(net_.weights[edge.slot]) * means_[edge.source];
      if (biased_.bias[static_cast<std::size_t>(u)] != WithBiases::none)
        weights[biased_.bias[static_cast<std::size_t>(u)]] = static_cast<float>(carried);
    }
    return draw(biased_plan_, weights, grid_);
  }

  /// The weight of another edge into the same layer; 0 without any.
  float another_of_layer(const Mask& piece, std::size_t slot, RandomStream& random) const {
    const auto layer_of = [&](std::size_t s) {
      return net_.network.units()[static_cast<std::size_t>(target_unit_[s])].layer;
    };
    std::vector<float> others;
    for (std::size_t s = 0; s < piece.size(); ++s)
      if (s != slot && layer_of(s) == layer_of(slot)) others.push_back(net_.weights[s]);
    return others.empty() ? 0.0f : others[random.below(static_cast<std::uint32_t>(others.size()))];
  }

  const MaskedNet& net_;
  const PartRegions& regions_;
  const PartPictures& pictures_;
  Grid grid_;
  Plan plan_;
  PieceLearner learner_;
  WithBiases biased_;
  Plan biased_plan_;
  std::vector<double> means_;
  Picture whole_;  ///< as the network draws it
  std::vector<int> target_unit_;
};

}  // namespace

const char* name(Ablation ablation) {
  constexpr const char* names[]{"zero", "mean", "resample", "complement", "none"};
  return names[static_cast<std::size_t>(ablation)];
}

void SubnetworkSettings::validate() const {
  mask.validate();
  if (seeds < 1 || seeds > 1000) throw ConfigError("seeds " + std::to_string(seeds) + ": must be 1 to 1000");
}

Subnetworks find_subnetworks(const MaskedNet& net, const PictureParts& parts, const PartPictures& pictures,
                             const SubnetworkSettings& settings, const ProgressListener& listener) {
  settings.validate();
  const std::size_t count = pictures.count(), seeds = static_cast<std::size_t>(settings.seeds);
  if (count < 2)
    throw ConfigError("subnetworks need at least two parts that do not cover the picture; there " +
                      std::string(count == 1 ? "is 1" : "are 0"));
  std::size_t done = 0;  // parts; between the loops below alone
  const std::function<void()> ask = [&] {
    if (listener &&
        !listener({"subnetworks", static_cast<std::int64_t>(done), static_cast<std::int64_t>(count), {}}))
      throw Error("stopped after the masks of " + std::to_string(done) + " of " + std::to_string(count) +
                  " parts");
  };
  const SubnetworkSearch search(net, parts, pictures, settings, ask);
  std::vector<Mask> bases(seeds);
  parallel_for(seeds, [&](std::size_t k) { bases[k] = search.base(settings.seed + k); });
  std::vector<LearnedPart> learned(count * seeds);
  std::vector<PartAccuracies> sub(count * seeds), ablated(count * seeds);
  for (; done < count; ++done)
    parallel_for(seeds, [&](std::size_t k) {
      const std::size_t i = done * seeds + k;
      learned[i] = search.part(done, bases[k], settings.seed + k, sub[i], ablated[i]);
    });
  Subnetworks result;
  for (const Mask& base : bases)
    result.base_edges += static_cast<double>(std::accumulate(base.begin(), base.end(), std::size_t{0})) /
                         static_cast<double>(seeds);
  std::vector<double> overlaps, d_sub, d_abl, d_abl_none;
  for (std::size_t p = 0; p < count; ++p) {
    const auto first = static_cast<std::ptrdiff_t>(p * seeds),
               last = first + static_cast<std::ptrdiff_t>(seeds);
    for (std::size_t q = 0; q < p; ++q)
      for (std::size_t k = 0; k < seeds; ++k) {
        const Mask &one = learned[p * seeds + k].mask, &other = learned[q * seeds + k].mask;
        if (std::ranges::count(one, 1) + std::ranges::count(other, 1) > 0)
          overlaps.push_back(jaccard(one, other));
      }
    result.parts.push_back(summary_of(parts.parts[p].name, {learned.begin() + first, learned.begin() + last},
                                      {sub.begin() + first, sub.begin() + last},
                                      {ablated.begin() + first, ablated.begin() + last}, net,
                                      static_cast<int>(p), settings.seed));
    if (!search.shows_alone(p)) {
      result.parts.back().shows_alone = false;
      result.parts.back().stability = no_number;
    }
    d_sub.push_back(result.parts.back().d_sub);
    d_abl.push_back(result.parts.back().d_abl);
    d_abl_none.push_back(result.parts.back().ablated[static_cast<std::size_t>(Ablation::none)]);
  }
  result.bases = std::move(bases);
  result.d_sub = mean_of_finite(d_sub);
  result.d_abl = mean_of_finite(d_abl);
  result.d_abl_none = mean_of_finite(d_abl_none);
  result.overlap = mean_of_finite(overlaps);
  return result;
}

}  // namespace skein::experiments
