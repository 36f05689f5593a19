#include "lib/plan/contraction.hpp"

#include <algorithm>

#include "lib/plan/contraction_choice.hpp"
#include "lib/plan/support_sets.hpp"

namespace skein {

namespace {

constexpr std::uint32_t not_kept = 0xffffffffu;

/// Numbers the kept values and lays out one row of coefficients per unit computed or folded.
class ContractionBuilder {
 public:
  ContractionBuilder(const Network& network, std::span<const std::uint8_t> trainable, const UnitFates& fates)
      : network_(network),
        trainable_(trainable),
        fates_(fates),
        kept_index_(static_cast<std::size_t>(network.value_count()), not_kept),
        first_coefficient_(static_cast<std::size_t>(network.value_count())),
        support_(static_cast<std::size_t>(network.value_count())) {}

  Contraction build(std::span<const ValueIndex> outputs) && {
    number_kept_values();
    find_supports();
    lay_out_rows();
    write_terms();
    for (const ValueIndex output : outputs) result_.outputs.push_back(kept_index_[output]);
    return std::move(result_);
  }

 private:
  std::size_t inputs() const { return static_cast<std::size_t>(network_.input_count()); }
  std::size_t units() const { return static_cast<std::size_t>(network_.unit_count()); }
  bool trained(Slot slot) const { return trainable_.empty() || trainable_[slot] != 0; }

  void number_kept_values() {
    result_.input_count = network_.input_count();
    for (std::size_t value = 0; value < inputs() + units(); ++value) {
      if (value >= inputs() && fates_[value - inputs()] != UnitFate::kept) continue;
      kept_index_[value] = static_cast<std::uint32_t>(result_.kept.size());
      result_.kept.push_back(static_cast<ValueIndex>(value));
      if (value >= inputs()) result_.activations.push_back(network_.units()[value - inputs()].activation);
    }
  }

  /// The kept values each unit's sum is made of, sorted.
  void find_supports() {
    SupportSets sets(inputs() + units(), result_.kept.size());
    for (std::size_t u = 0; u < units(); ++u) {
      if (fates_[u] == UnitFate::dead) continue;
      const std::size_t value = inputs() + u;
      for (const Edge& edge : network_.edges_of(static_cast<int>(u))) {
        if (kept_index_[edge.source] != not_kept) sets.insert(value, kept_index_[edge.source]);
        else sets.unite(value, edge.source);
      }
      support_[value].reserve(sets.size(value));
      sets.each(value,
                [&](std::size_t kept) { support_[value].push_back(static_cast<std::uint32_t>(kept)); });
    }
  }

  void lay_out_rows() {
    for (std::size_t u = 0; u < units(); ++u) {
      if (fates_[u] != UnitFate::kept) continue;
      const std::size_t value = inputs() + u;
      first_coefficient_[value] = static_cast<std::uint32_t>(result_.sources.size());
      result_.sources.insert(result_.sources.end(), support_[value].begin(), support_[value].end());
      result_.first_edge.push_back(static_cast<std::uint32_t>(result_.sources.size()));
    }
    result_.coefficient_count = static_cast<std::uint32_t>(result_.sources.size());
    for (std::size_t u = 0; u < units(); ++u) {
      if (fates_[u] != UnitFate::folded) continue;
      first_coefficient_[inputs() + u] = result_.coefficient_count;
      result_.coefficient_count += static_cast<std::uint32_t>(support_[inputs() + u].size());
    }
  }

  void write_terms() {
    std::vector<std::uint8_t> live(result_.coefficient_count);  // coefficients a trainable weight has part in
    for (std::size_t u = 0; u < units(); ++u) {
      if (fates_[u] == UnitFate::dead) continue;
      const std::size_t value = inputs() + u;
      for (const Edge& edge : network_.edges_of(static_cast<int>(u))) add_term(value, edge, live);
    }
    result_.edge_trainable.assign(live.begin(),
                                  live.begin() + static_cast<std::ptrdiff_t>(result_.sources.size()));
  }

  std::uint32_t place_of(std::size_t value, std::uint32_t kept) const {
    return static_cast<std::uint32_t>(std::ranges::lower_bound(support_[value], kept) -
                                      support_[value].begin());
  }

  void add_term(std::size_t value, const Edge& edge, std::vector<std::uint8_t>& live) {
    FoldTerm term{.slot = edge.slot, .trainable = trained(edge.slot)};
    const std::uint32_t row = first_coefficient_[value];
    if (kept_index_[edge.source] != not_kept) {
      term.target = row + place_of(value, kept_index_[edge.source]);
      live[term.target] |= static_cast<std::uint8_t>(term.trainable);
      result_.terms.push_back(term);
      return;
    }
    const auto& source = support_[edge.source];
    if (source.empty()) return;  // a sum of nothing
    term.source = first_coefficient_[edge.source];
    term.length = static_cast<std::uint32_t>(source.size());
    const std::uint32_t first = place_of(value, source.front()), last = place_of(value, source.back());
    if (last - first + 1 == term.length) {
      term.target = row + first;
      for (std::uint32_t i = 0; i < term.length; ++i)
        live[term.target + i] |= static_cast<std::uint8_t>(term.trainable | live[term.source + i]);
    } else {
      term.target = row;
      term.places = static_cast<std::uint32_t>(result_.places.size());
      for (std::uint32_t i = 0; i < term.length; ++i) {
        result_.places.push_back(place_of(value, source[i]));
        live[row + result_.places.back()] |=
            static_cast<std::uint8_t>(term.trainable | live[term.source + i]);
      }
    }
    result_.terms.push_back(term);
  }

  const Network& network_;
  std::span<const std::uint8_t> trainable_;
  const UnitFates& fates_;
  std::vector<std::uint32_t> kept_index_;
  std::vector<std::uint32_t> first_coefficient_;
  std::vector<std::vector<std::uint32_t>> support_;
  Contraction result_;
};

}  // namespace

Contraction contract(const Network& network, std::span<const ValueIndex> outputs,
                     std::span<const std::uint8_t> trainable, ContractionEffort effort) {
  const UnitFates fates = choose_fates(network, outputs, effort);
  return ContractionBuilder(network, trainable, fates).build(outputs);
}

}  // namespace skein
