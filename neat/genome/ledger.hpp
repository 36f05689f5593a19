#pragma once

#include <map>
#include <utility>

#include "neat/genome/genome.hpp"

namespace skein::neat {

/// The innovations of a run and their historical markings (Stanley and Miikkulainen 2002, section 3.1): the
/// same link, or the same split of the same link, has the same number wherever and whenever in the run it
/// arises. Deviation: the paper forgets the list after each generation; here it lasts as long as the run and
/// is part of its checkpoints, so the same structure never gets two numbers. Memory grows with the number of
/// innovations, not with its square.
class Ledger {
 public:
  /// Learns the markings of a genome made elsewhere. New numbers are given in branch 0, above all seen there.
  void adopt(const Genome& genome);

  /// The marking of the link from `source` to `target`.
  Marking link(Marking source, Marking target);

  /// The node that splits `link`. A genome that has this node already (its link was enabled again and is
  /// split anew) asks for occurrence 1, 2, ..., which every genome shares too.
  Marking split(Marking link, std::int32_t occurrence);

  std::size_t innovations() const { return links_.size() + splits_.size(); }
  bool operator==(const Ledger&) const = default;

  using Links = std::map<std::pair<Marking, Marking>, Marking>;
  using Splits = std::map<std::pair<Marking, std::int32_t>, Marking>;
  const Links& links() const { return links_; }
  const Splits& splits() const { return splits_; }
  std::int32_t next_node() const { return next_node_; }
  std::int32_t next_link() const { return next_link_; }
  /// A ledger as it was saved.
  static Ledger restore(Links links, Splits splits, std::int32_t next_node, std::int32_t next_link);

 private:
  Links links_;
  Splits splits_;
  std::int32_t next_node_ = 0;
  std::int32_t next_link_ = 0;
};

}  // namespace skein::neat
