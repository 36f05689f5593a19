#include "neat/search/distance.hpp"

#include <algorithm>
#include <cmath>

#include "neat/genome/gene_order.hpp"

namespace skein::neat {

GeneDifference difference(const Genome& a, const Genome& b) {
  GeneDifference result;
  auto i = a.links.begin();
  auto j = b.links.begin();
  while (i != a.links.end() && j != b.links.end()) {
    if (i->id == j->id) {
      ++result.matching;
      result.weight += std::abs(i->weight - j->weight);
      ++i, ++j;
    } else {
      ++result.disjoint;
      older(i->id, j->id) ? ++i : ++j;
    }
  }
  result.excess = static_cast<std::size_t>((a.links.end() - i) + (b.links.end() - j));
  if (result.matching > 0) result.weight /= static_cast<double>(result.matching);
  return result;
}

double distance(const Genome& a, const Genome& b, const Speciation& settings) {
  const GeneDifference d = difference(a, b);
  const std::size_t larger = std::max(a.links.size(), b.links.size());
  const double n =
      larger < settings.small_genome ? 1.0 : static_cast<double>(std::max<std::size_t>(larger, 1));
  return (settings.excess * static_cast<double>(d.excess) +
          settings.disjoint * static_cast<double>(d.disjoint)) /
             n +
         settings.weight * d.weight;
}

}  // namespace skein::neat
