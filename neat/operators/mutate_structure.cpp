#include <algorithm>
#include <set>

#include "neat/genome/acyclic.hpp"
#include "neat/genome/gene_order.hpp"
#include "neat/operators/mutation.hpp"

namespace skein::neat {

namespace {

Activation draw_activation(const std::vector<ActivationOdds>& odds, RandomStream& random) {
  if (odds.size() == 1) return odds.front().activation;
  std::vector<double> shares;
  for (const ActivationOdds& each : odds) shares.push_back(each.odds);
  return odds[random.pick(shares)].activation;
}

template <class T>
const T& any_of(const std::vector<T>& items, RandomStream& random) {
  return items[random.below(static_cast<std::uint32_t>(items.size()))];
}

}  // namespace

std::optional<Genome> add_link(const Genome& genome, const Mutation& settings, Ledger& ledger,
                               RandomStream& random) {
  const std::size_t count = genome.nodes.size();
  std::vector<bool> joined(count * count, false);
  for (const auto& [source, target] : link_ends(genome)) joined[source * count + target] = true;
  const AllPairsReachability paths = reachability_of(genome);
  std::vector<std::pair<std::size_t, std::size_t>> allowed;
  for (std::size_t source = 0; source < count; ++source) {
    if (genome.nodes[source].role == NodeRole::output && !settings.links_leave_outputs) continue;
    for (std::size_t target = 0; target < count; ++target)
      if (genome.nodes[target].role != NodeRole::input && !joined[source * count + target] &&
          !paths.reaches(target, source))
        allowed.emplace_back(source, target);
  }
  if (allowed.empty()) return std::nullopt;
  const auto [source, target] = any_of(allowed, random);
  Genome child = genome;
  const double fresh = settings.weight.fresh;
  const Marking from = genome.nodes[source].id, to = genome.nodes[target].id;
  insert_gene(child, Link{ledger.link(from, to), from, to, random.uniform(-fresh, fresh), true});
  return child;
}

std::optional<Genome> add_node(const Genome& genome, const Mutation& settings, Ledger& ledger,
                               RandomStream& random) {
  std::vector<std::size_t> enabled;
  for (std::size_t l = 0; l < genome.links.size(); ++l)
    if (genome.links[l].enabled) enabled.push_back(l);
  if (enabled.empty()) return std::nullopt;
  const std::size_t chosen = any_of(enabled, random);
  const Link old = genome.links[chosen];
  Marking id = ledger.split(old.id, 0);
  for (std::int32_t occurrence = 1; find_node(genome, id); ++occurrence)
    id = ledger.split(old.id, occurrence);
  Genome child = genome;
  child.links[chosen].enabled = settings.split_keeps_link;
  insert_gene(child, Node{id, NodeRole::hidden, draw_activation(settings.hidden, random)});
  insert_gene(child, Link{ledger.link(old.source, id), old.source, id, 1.0, true});
  insert_gene(child, Link{ledger.link(id, old.target), id, old.target, old.weight, true});
  return child;
}

std::optional<Genome> enable_link(const Genome& genome, RandomStream& random) {
  std::vector<std::size_t> disabled;
  for (std::size_t l = 0; l < genome.links.size(); ++l)
    if (!genome.links[l].enabled) disabled.push_back(l);
  if (disabled.empty()) return std::nullopt;
  Genome child = genome;
  child.links[any_of(disabled, random)].enabled = true;
  return child;
}

std::optional<Genome> disable_link(const Genome& genome, RandomStream& random) {
  std::multiset<Marking> ways_out, ways_in;
  for (const Link& link : genome.links)
    if (link.enabled) ways_out.insert(link.source), ways_in.insert(link.target);
  std::vector<std::size_t> spare;
  for (std::size_t l = 0; l < genome.links.size(); ++l) {
    const Link& link = genome.links[l];
    if (link.enabled && ways_out.count(link.source) > 1 && ways_in.count(link.target) > 1) spare.push_back(l);
  }
  if (spare.empty()) return std::nullopt;
  Genome child = genome;
  child.links[any_of(spare, random)].enabled = false;
  return child;
}

std::optional<Genome> change_activation(const Genome& genome, const Mutation& settings,
                                        RandomStream& random) {
  const std::size_t fixed = genome.signature.inputs.size() + genome.signature.outputs.size();
  if (genome.nodes.size() <= fixed) return std::nullopt;
  const std::size_t chosen = fixed + random.below(static_cast<std::uint32_t>(genome.nodes.size() - fixed));
  std::vector<ActivationOdds> others;
  for (const ActivationOdds& each : settings.hidden)
    if (each.activation != genome.nodes[chosen].activation && each.odds > 0) others.push_back(each);
  if (others.empty()) return std::nullopt;
  Genome child = genome;
  child.nodes[chosen].activation = draw_activation(others, random);
  return child;
}

}  // namespace skein::neat
