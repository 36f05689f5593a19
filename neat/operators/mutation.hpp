#pragma once

#include <optional>

#include "lib/base/random.hpp"
#include "neat/genome/genome.hpp"
#include "neat/genome/ledger.hpp"
#include "neat/operators/operator.hpp"
#include "neat/operators/settings.hpp"

/// The mutation operators: each makes a new genome from one, or returns nothing when it cannot apply. Genomes
/// are in gene order and stay so. No link, enabled or not, ever closes a cycle.
namespace skein::neat {

/// Each weight, disabled links' too, is perturbed, replaced or left. Nothing when no weight changes.
std::optional<Genome> mutate_weights(const Genome& genome, const WeightMutation& settings,
                                     RandomStream& random);

/// A link between two nodes that none joins yet, drawn from all that are allowed, with weight
/// U(-fresh, fresh). Nothing when there is none.
std::optional<Genome> add_link(const Genome& genome, const Mutation& settings, Ledger& ledger,
                               RandomStream& random);

/// Splits an enabled link: the link into the new node weighs 1, the one out of it as much as the old, which
/// is disabled (unless `split_keeps_link`). Nothing when no link is enabled.
std::optional<Genome> add_node(const Genome& genome, const Mutation& settings, Ledger& ledger,
                               RandomStream& random);

/// Enables a disabled link. Nothing when all are enabled.
std::optional<Genome> enable_link(const Genome& genome, RandomStream& random);

/// Disables a link whose source keeps another enabled way out and whose target another way in, so that no
/// node is cut off. Nothing when there is none.
std::optional<Genome> disable_link(const Genome& genome, RandomStream& random);

/// Gives a hidden node another activation, drawn from `settings.hidden`. Nothing without hidden nodes or
/// without an alternative.
std::optional<Genome> change_activation(const Genome& genome, const Mutation& settings, RandomStream& random);

struct Mutant {
  Genome genome;
  Operators operators;  ///< those that applied; may be none when they are drawn independently
};

/// Applies operators as `settings.draw` says: structure first, weights after.
Mutant mutate(const Genome& genome, const Mutation& settings, Ledger& ledger, RandomStream& random);

}  // namespace skein::neat
