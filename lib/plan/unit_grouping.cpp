#include "lib/plan/unit_grouping.hpp"

#include <algorithm>
#include <tuple>

#include "lib/kernels/kernels.hpp"

namespace skein {

namespace {

constexpr std::size_t partners_tried = 16;  ///< how many of the next units are tried for a group
constexpr double fair_waste = 1.25;         ///< of products, in a good group: tuned

auto candidate_order(const GroupCandidate& c) { return std::tuple(c.kind, c.terms.size(), c.alike, c.key); }

/// How many units of a group have each term.
struct TermCount {
  std::uint32_t term = 0;
  std::uint32_t units = 0;
};

struct GroupPiece {
  std::vector<int> units;
  std::vector<TermCount> terms;  ///< sorted
  int kind = 0;
  bool alone = false, taken = false;
  double cost = 0;
};

/// Calls `visit(term, units)` for the terms of either piece, in order.
template <class Visit>
void each_term(const GroupPiece& a, const GroupPiece& b, const Visit& visit) {
  auto i = a.terms.begin(), j = b.terms.begin();
  while (i != a.terms.end() || j != b.terms.end()) {
    if (j == b.terms.end() || (i != a.terms.end() && i->term < j->term)) visit(i->term, i->units), ++i;
    else if (i == a.terms.end() || j->term < i->term) visit(j->term, j->units), ++j;
    else visit(i->term, i->units + j->units), ++i, ++j;
  }
}

class GroupSearch {
 public:
  GroupSearch(std::span<const GroupCandidate> sorted, const GroupCosts& costs)
      : candidates_(sorted), costs_(costs) {
    for (std::size_t first = 0; first < sorted.size();) first = add_alike(first);
  }

  std::vector<UnitGroup> build() && {
    std::vector<UnitGroup> groups;
    for (std::size_t p = 0; p < pieces_.size(); ++p) {
      if (pieces_[p].taken) continue;
      while (take_best_partner(p)) {
      }
      GroupPiece& piece = pieces_[p];
      const std::size_t units = piece.units.size();
      UnitGroup group{std::move(piece.units), {}};
      for (const auto& [term, count] : piece.terms)
        if (is_common(units, count)) group.terms.push_back(term);
      groups.push_back(std::move(group));
    }
    return groups;
  }

 private:
  bool is_common(std::size_t units, std::uint32_t count) const {
    return units == 1 || count == units || costs_.of_common(units) < count * costs_.of_own(units);
  }

  /// Cuts the run of candidates alike from `first` on into pieces. Returns its end.
  std::size_t add_alike(std::size_t first) {
    const GroupCandidate& front = candidates_[first];
    std::size_t end = first + 1;
    while (end < candidates_.size() && !front.alone && !candidates_[end].alone &&
           front.kind == candidates_[end].kind && front.terms == candidates_[end].terms)
      ++end;
    const std::size_t alike = end - first, count = (alike + widest_group - 1) / widest_group;
    for (std::size_t i = 0; i < count; ++i) {
      GroupPiece piece;
      piece.kind = front.kind;
      piece.alone = front.alone;
      for (std::size_t k = i * alike / count; k < (i + 1) * alike / count; ++k)
        piece.units.push_back(candidates_[first + k].unit);
      const std::size_t units = piece.units.size();
      for (const std::uint32_t term : front.terms)
        piece.terms.push_back({term, static_cast<std::uint32_t>(units)});
      piece.cost = costs_.of_group(units) + static_cast<double>(piece.terms.size()) * costs_.of_common(units);
      pieces_.push_back(std::move(piece));
    }
    return end;
  }

  bool take_best_partner(std::size_t p) {
    std::size_t best = p, tried = 0;
    double most = 0, cost = 0;
    for (std::size_t q = p + 1;
         q < pieces_.size() && pieces_[q].kind == pieces_[p].kind && tried < partners_tried; ++q) {
      if (pieces_[q].taken || !may_join(pieces_[p], pieces_[q])) continue;
      ++tried;
      const double together = cost_together(pieces_[p], pieces_[q]);
      const double saved = pieces_[p].cost + std::min(pieces_[q].cost, fair_share(pieces_[q])) - together;
      if (saved > most) most = saved, cost = together, best = q;
    }
    if (best == p) return false;
    join(pieces_[p], pieces_[best], cost);
    return true;
  }

  /// What a piece would cost as a part of a good group. Joining saves no more than this, so a piece that is expensive only
  /// because it stands alone is not joined to a poor match.
  double fair_share(const GroupPiece& piece) const {
    double products = 0;
    for (const TermCount& term : piece.terms) products += term.units;
    return fair_waste * products * costs_.product + costs_.of_group(1) / static_cast<double>(widest_group);
  }

  static bool may_join(const GroupPiece& a, const GroupPiece& b) {
    return !a.alone && !b.alone && a.units.size() + b.units.size() <= widest_group;
  }

  double cost_together(const GroupPiece& a, const GroupPiece& b) const {
    const std::size_t units = a.units.size() + b.units.size();
    const double common = costs_.of_common(units), own = costs_.of_own(units);
    double cost = costs_.of_group(units);
    each_term(a, b, [&](std::uint32_t, std::uint32_t count) {
      cost += is_common(units, count) ? common : count * own;
    });
    return cost;
  }

  static void join(GroupPiece& piece, GroupPiece& partner, double cost) {
    std::vector<TermCount> terms;
    each_term(piece, partner, [&](std::uint32_t term, std::uint32_t count) {
      terms.push_back({term, count});
    });
    piece.terms = std::move(terms);
    piece.units.insert(piece.units.end(), partner.units.begin(), partner.units.end());
    piece.cost = cost;
    partner.taken = true;
  }

  std::span<const GroupCandidate> candidates_;
  const GroupCosts& costs_;
  std::vector<GroupPiece> pieces_;
};

}  // namespace

double GroupCosts::of_common(std::size_t units) const {
  return std::max(least_term, product * static_cast<double>(units));
}

double GroupCosts::of_own(std::size_t units) const {
  return std::max(least_term, units <= few ? narrow_own : wide_own);
}

std::vector<UnitGroup> group_units(std::vector<GroupCandidate> candidates, const GroupCosts& costs) {
  std::ranges::sort(candidates, {}, candidate_order);
  return GroupSearch(candidates, costs).build();
}

}  // namespace skein
