#include "neat/genome/ledger.hpp"

#include <algorithm>
#include <limits>

#include "lib/base/error.hpp"

namespace skein::neat {

namespace {

std::int32_t above(std::int32_t next, Marking id) {
  if (id.branch != 0) return next;
  if (id.id == std::numeric_limits<std::int32_t>::max())
    throw ConfigError("the start genome uses the marking (0, " + std::to_string(id.id) +
                      "), which leaves no numbers for new ones");
  return std::max(next, id.id + 1);
}

}  // namespace

void Ledger::adopt(const Genome& genome) {
  for (const Node& node : genome.nodes) next_node_ = above(next_node_, node.id);
  for (const Link& link : genome.links) {
    next_link_ = above(next_link_, link.id);
    links_.try_emplace({link.source, link.target}, link.id);
  }
}

Marking Ledger::link(Marking source, Marking target) {
  const auto [entry, is_new] = links_.try_emplace({source, target}, Marking{0, next_link_});
  if (is_new) ++next_link_;
  return entry->second;
}

Marking Ledger::split(Marking link, std::int32_t occurrence) {
  const auto [entry, is_new] = splits_.try_emplace({link, occurrence}, Marking{0, next_node_});
  if (is_new) ++next_node_;
  return entry->second;
}

Ledger Ledger::restore(Links links, Splits splits, std::int32_t next_node, std::int32_t next_link) {
  Ledger ledger;
  ledger.links_ = std::move(links);
  ledger.splits_ = std::move(splits);
  ledger.next_node_ = next_node;
  ledger.next_link_ = next_link;
  return ledger;
}

}  // namespace skein::neat
