#include "neat/genome/acyclic.hpp"

#include <algorithm>

#include "lib/base/error.hpp"

namespace skein::neat {

std::vector<std::pair<std::size_t, std::size_t>> link_ends(const Genome& genome) {
  std::vector<std::pair<Marking, std::size_t>> places;
  places.reserve(genome.nodes.size());
  for (std::size_t i = 0; i < genome.nodes.size(); ++i) places.emplace_back(genome.nodes[i].id, i);
  std::ranges::sort(places);
  const auto place = [&](const Link& link, Marking id) {
    const auto found = std::ranges::lower_bound(places, id, {}, &std::pair<Marking, std::size_t>::first);
    if (found == places.end() || found->first != id)
      throw ConfigError("link " + text(link.id) + " has an end at node " + text(id) +
                        ", which the genome has not");
    return found->second;
  };
  std::vector<std::pair<std::size_t, std::size_t>> ends;
  ends.reserve(genome.links.size());
  for (const Link& link : genome.links) ends.emplace_back(place(link, link.source), place(link, link.target));
  return ends;
}

std::vector<std::size_t> topological_order(const Genome& genome, bool enabled_only) {
  const auto ends = link_ends(genome);
  const std::size_t count = genome.nodes.size();
  std::vector<std::size_t> waiting(count, 0), first(count + 1, 0), targets(ends.size());
  const auto used = [&](std::size_t l) { return genome.links[l].enabled || !enabled_only; };
  for (std::size_t l = 0; l < ends.size(); ++l)
    if (used(l)) ++first[ends[l].first + 1], ++waiting[ends[l].second];
  for (std::size_t i = 0; i < count; ++i) first[i + 1] += first[i];
  auto next = first;
  for (std::size_t l = 0; l < ends.size(); ++l)
    if (used(l)) targets[next[ends[l].first]++] = ends[l].second;
  std::vector<std::size_t> order;
  order.reserve(count);
  for (std::size_t i = 0; i < count; ++i)
    if (waiting[i] == 0) order.push_back(i);
  for (std::size_t done = 0; done < order.size(); ++done)
    for (std::size_t t = first[order[done]]; t < first[order[done] + 1]; ++t)
      if (--waiting[targets[t]] == 0) order.push_back(targets[t]);
  if (order.size() == count) return order;
  const auto stuck = std::ranges::find_if(waiting, [](std::size_t n) { return n > 0; }) - waiting.begin();
  throw ConfigError("the genome has a cycle behind or through node " +
                    text(genome.nodes[static_cast<std::size_t>(stuck)].id) +
                    "; allowed: feed-forward genomes");
}

Reachability::Reachability(const Genome& genome) : words_((genome.nodes.size() + 63) / 64) {
  const auto order = topological_order(genome, false);
  const auto ends = link_ends(genome);
  std::vector<std::vector<std::size_t>> targets(genome.nodes.size());
  for (const auto& [source, target] : ends) targets[source].push_back(target);
  bits_.assign(words_ * genome.nodes.size(), 0);
  for (auto node = order.rbegin(); node != order.rend(); ++node)
    for (const std::size_t target : targets[*node]) {
      bits_[*node * words_ + target / 64] |= std::uint64_t{1} << (target % 64);
      for (std::size_t w = 0; w < words_; ++w) bits_[*node * words_ + w] |= bits_[target * words_ + w];
    }
}

bool closes_cycle(const Genome& genome, Marking source, Marking target) {
  std::vector<Marking> reached{target};
  for (std::size_t done = 0; done < reached.size(); ++done) {
    if (reached[done] == source) return true;
    for (const Link& link : genome.links)
      if (link.source == reached[done] && std::ranges::find(reached, link.target) == reached.end())
        reached.push_back(link.target);
  }
  return false;
}

}  // namespace skein::neat
