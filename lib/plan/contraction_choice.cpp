#include "lib/plan/contraction_choice.hpp"

#include <algorithm>
#include <limits>

#include "lib/plan/support_sets.hpp"

namespace skein {

namespace {

/// What one coefficient product costs next to a contracted edge over all samples: tuned for 256 x 256 and two
/// threads.
constexpr double product_cost = 1.0 / 300;
/// What a unit costs beyond its edges, and an edge outside a dense group beyond one inside: tuned likewise.
constexpr double unit_cost = 2, alone_cost = 0.8;
/// Bit words the search may touch: bounds planning to some tens of milliseconds on very large networks.
constexpr double search_budget = 6e7;
constexpr std::size_t longest_period = 8;  ///< of depths whose linear units are kept
constexpr double unlimited = std::numeric_limits<double>::infinity();

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
    // What reaches an output, as reaching_outputs (lib/network/network_graph.hpp) has it, in a sweep of its own: one-shot
    // plans take tens of microseconds in all, and a test holds the two against each other.
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

  /// Chooses the depths whose linear units are kept, all others being folded: tries to keep those up to some
  /// depth, then those at every so many depths (a deep network of linear units and few others is cheapest in
  /// segments), then to change its mind about each depth in turn.
  void search_depths() {
    find_depths();
    std::vector<std::uint8_t> keep(static_cast<std::size_t>(deepest_) + 1, 1);
    const double one_try =
        static_cast<double>(live_edges_ + units_) * static_cast<double>(inputs_ + units_) / 64;
    const std::size_t stride = 1 + static_cast<std::size_t>(one_try * (3.0 * deepest_ + 35) / search_budget);
    DepthChoice best{keep, work(fates_, unlimited)};
    for (std::size_t from = keep.size() - 1; from >= 1; from -= std::min(from, stride)) {
      std::fill(keep.begin() + static_cast<std::ptrdiff_t>(from), keep.end(), std::uint8_t{0});
      consider(keep, best);
    }
    for (std::size_t period = 2; period <= longest_period; ++period)
      for (std::size_t phase = 0; phase < period; phase += stride) {
        for (std::size_t d = 0; d < keep.size(); ++d) keep[d] = d % period == phase;
        consider(keep, best);
      }
    for (int pass = 0; pass < 2; ++pass)
      for (std::size_t d = 1; d < keep.size(); d += stride) {
        keep = best.keep;
        keep[d] ^= 1;
        consider(keep, best);
      }
    fates_ = with_depths(best.keep);
  }

  UnitFates take() && { return std::move(fates_); }

 private:
  std::span<const Edge> edges(std::size_t u) const { return network_.edges_of(static_cast<int>(u)); }

  struct DepthChoice {
    std::vector<std::uint8_t> keep;  ///< one flag per depth
    double work = 0;
  };

  void find_depths() {
    depth_.assign(inputs_ + units_, 0);
    for (std::size_t u = 0; u < units_; ++u) {
      if (fates_[u] == UnitFate::dead) continue;
      for (const Edge& edge : edges(u))
        depth_[inputs_ + u] = std::max(depth_[inputs_ + u], depth_[edge.source]);
      live_edges_ += edges(u).size();
      deepest_ = std::max(deepest_, ++depth_[inputs_ + u]);
    }
  }

  UnitFates with_depths(const std::vector<std::uint8_t>& keep) const {
    UnitFates fates = fates_;
    for (std::size_t u = 0; u < units_; ++u)
      if (fates[u] == UnitFate::kept && !fixed_[u] && !keep[static_cast<std::size_t>(depth_[inputs_ + u])])
        fates[u] = UnitFate::folded;
    return fates;
  }

  void consider(const std::vector<std::uint8_t>& keep, DepthChoice& best) const {
    const double now = work(with_depths(keep), best.work);
    if (now < best.work) best = {keep, now};
  }

  /// In contracted edges of dense groups; stops counting at `enough`. A term that the unit before has not got
  /// will hardly be done by a dense kernel.
  double work(const UnitFates& fates, double enough) const {
    SupportSets support(inputs_ + units_, inputs_ + units_);
    std::vector<std::size_t> size(inputs_ + units_);
    double cost = 0;
    std::size_t before = inputs_ + units_;
    for (std::size_t u = 0; u < units_ && cost < enough; ++u) {
      if (fates[u] == UnitFate::dead) continue;
      const std::size_t value = inputs_ + u;
      for (const Edge& edge : edges(u)) {
        if (edge.source >= inputs_ && fates[edge.source - inputs_] == UnitFate::folded) {
          support.unite(value, edge.source);
          cost += product_cost * static_cast<double>(size[edge.source]);
        } else {
          support.insert(value, edge.source);
        }
      }
      size[value] = support.size(value);
      if (fates[u] != UnitFate::kept) continue;
      const std::size_t shared = before < value ? support.shared(before, value) : 0;
      const std::size_t terms = size[value];
      cost += unit_cost + static_cast<double>(terms) + alone_cost * static_cast<double>(terms - shared);
      before = value;
    }
    return cost;
  }

  const Network& network_;
  std::size_t inputs_, units_;
  UnitFates fates_;
  std::vector<std::uint8_t> fixed_;  ///< nonlinear or wanted: never folded
  std::vector<int> depth_;
  int deepest_ = 0;
  std::size_t live_edges_ = 0;
};

}  // namespace

UnitFates choose_fates(const Network& network, std::span<const ValueIndex> outputs,
                       ContractionEffort effort) {
  FateChooser chooser(network, outputs);
  if (effort != ContractionEffort::none) {
    chooser.fold_single_sources();
    chooser.fold_single_consumers();
  }
  if (effort == ContractionEffort::search) chooser.search_depths();
  return std::move(chooser).take();
}

}  // namespace skein
