#include "lib/contraction_choice.hpp"

#include <algorithm>

#include "lib/support_sets.hpp"

namespace skein {

namespace {

/// What one coefficient product costs next to a contracted edge over all samples: tuned for 256 x 256 and two
/// threads.
constexpr double product_cost = 1.0 / 300;
/// Bit words the search may touch: bounds planning to some tens of milliseconds on very large networks.
constexpr double search_budget = 6e7;

class FateChooser {
 public:
  FateChooser(const Network& network, std::span<const ValueIndex> outputs)
      : network_(network),
        inputs_(static_cast<std::size_t>(network.input_count())),
        units_(static_cast<std::size_t>(network.unit_count())),
        fates_(units_, UnitFate::dead),
        fixed_(units_) {
    for (const ValueIndex output : outputs)
      if (output >= inputs_) {
        fates_[output - inputs_] = UnitFate::kept;
        fixed_[output - inputs_] = 1;
      }
    for (std::size_t u = units_; u-- > 0;) {
      if (fates_[u] == UnitFate::dead) continue;
      if (network_.units()[u].activation != Activation::identity) fixed_[u] = 1;
      for (const Edge& edge : edges(u))
        if (edge.source >= inputs_) fates_[edge.source - inputs_] = UnitFate::kept;
    }
  }

  void fold_single_sources() {
    std::vector<std::int64_t> only(inputs_ + units_);  // the one kept value behind a folded unit; -1: none
    for (std::size_t v = 0; v < inputs_ + units_; ++v) {
      only[v] = static_cast<std::int64_t>(v);
      if (v < inputs_ || fixed_[v - inputs_] || fates_[v - inputs_] == UnitFate::dead) continue;
      std::int64_t source = -1;
      bool single = true;
      for (const Edge& edge : edges(v - inputs_)) {
        if (only[edge.source] < 0) continue;
        single = single && (source < 0 || source == only[edge.source]);
        source = only[edge.source];
      }
      if (!single) continue;
      fates_[v - inputs_] = UnitFate::folded;
      only[v] = source;
    }
  }

  void fold_single_consumers() {
    constexpr std::int64_t none = -1, many = -2;
    std::vector<std::int64_t> consumer(units_, none);  // the one kept unit a value ends in
    for (std::size_t u = units_; u-- > 0;) {
      if (fates_[u] == UnitFate::dead) continue;
      if (!fixed_[u] && fates_[u] == UnitFate::kept && consumer[u] >= 0) fates_[u] = UnitFate::folded;
      const std::int64_t end = fates_[u] == UnitFate::kept ? static_cast<std::int64_t>(u) : consumer[u];
      for (const Edge& edge : edges(u)) {
        if (edge.source < inputs_) continue;
        std::int64_t& known = consumer[edge.source - inputs_];
        known = known == none || known == end ? end : many;
      }
    }
  }

  /// Folds all linear units at or beyond the depth that leaves the least work.
  void search_depth() {
    std::vector<int> depth(inputs_ + units_);
    int deepest = 0;
    std::size_t live_edges = 0;
    for (std::size_t u = 0; u < units_; ++u) {
      if (fates_[u] == UnitFate::dead) continue;
      for (const Edge& edge : edges(u)) depth[inputs_ + u] = std::max(depth[inputs_ + u], depth[edge.source]);
      live_edges += edges(u).size();
      deepest = std::max(deepest, ++depth[inputs_ + u]);
    }
    const double one_try =
        static_cast<double>(live_edges + units_) * static_cast<double>(inputs_ + units_) / 64;
    const int stride = 1 + static_cast<int>(one_try * deepest / search_budget);
    UnitFates best = fates_;
    double least = work(fates_);
    UnitFates trial = fates_;
    for (int from = deepest; from >= 1; from -= stride) {
      for (std::size_t u = 0; u < units_; ++u)
        if (trial[u] == UnitFate::kept && !fixed_[u] && depth[inputs_ + u] >= from)
          trial[u] = UnitFate::folded;
      const double now = trial == best ? least : work(trial);
      if (now < least) {
        least = now;
        best = trial;
      }
    }
    fates_ = std::move(best);
  }

  UnitFates take() && { return std::move(fates_); }

 private:
  std::span<const Edge> edges(std::size_t u) const { return network_.edges_of(static_cast<int>(u)); }

  double work(const UnitFates& fates) const {
    SupportSets support(inputs_ + units_, inputs_ + units_);
    double cost = 0;
    for (std::size_t u = 0; u < units_; ++u) {
      if (fates[u] == UnitFate::dead) continue;
      for (const Edge& edge : edges(u)) {
        if (edge.source >= inputs_ && fates[edge.source - inputs_] == UnitFate::folded) {
          support.unite(inputs_ + u, edge.source);
          cost += product_cost * static_cast<double>(support.size(edge.source));
        } else {
          support.insert(inputs_ + u, edge.source);
        }
      }
      if (fates[u] == UnitFate::kept) cost += static_cast<double>(support.size(inputs_ + u));
    }
    return cost;
  }

  const Network& network_;
  std::size_t inputs_, units_;
  UnitFates fates_;
  std::vector<std::uint8_t> fixed_;  ///< nonlinear or wanted: never folded
};

}  // namespace

UnitFates choose_fates(const Network& network, std::span<const ValueIndex> outputs,
                       ContractionEffort effort) {
  FateChooser chooser(network, outputs);
  if (effort != ContractionEffort::none) {
    chooser.fold_single_sources();
    chooser.fold_single_consumers();
  }
  if (effort == ContractionEffort::search) chooser.search_depth();
  return std::move(chooser).take();
}

}  // namespace skein
