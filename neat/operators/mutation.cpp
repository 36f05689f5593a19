#include "neat/operators/mutation.hpp"

#include <array>

namespace skein::neat {

namespace {

constexpr std::array structural{Operator::add_node, Operator::add_link, Operator::enable, Operator::disable,
                                Operator::activation};

double rate_of(Operator op, const Mutation& settings) {
  switch (op) {
    case Operator::weights:
      return settings.weights;
    case Operator::add_link:
      return settings.add_link;
    case Operator::add_node:
      return settings.add_node;
    case Operator::enable:
      return settings.enable;
    case Operator::disable:
      return settings.disable;
    case Operator::activation:
      return settings.activation;
    default:
      return 0;
  }
}

std::optional<Genome> apply(Operator op, const Genome& genome, const Mutation& settings, Ledger& ledger,
                            RandomStream& random) {
  switch (op) {
    case Operator::weights:
      return mutate_weights(genome, settings.weight, random);
    case Operator::add_link:
      return add_link(genome, settings, ledger, random);
    case Operator::add_node:
      return add_node(genome, settings, ledger, random);
    case Operator::enable:
      return enable_link(genome, random);
    case Operator::disable:
      return disable_link(genome, random);
    case Operator::activation:
      return change_activation(genome, settings, random);
    default:
      return std::nullopt;
  }
}

Mutant mutate_independently(const Genome& genome, const Mutation& settings, Ledger& ledger,
                            RandomStream& random) {
  Mutant mutant{genome, {}};
  const auto attempt = [&](Operator op) {
    const double rate = rate_of(op, settings);
    if (rate <= 0 || !random.chance(rate)) return;
    if (auto changed = apply(op, mutant.genome, settings, ledger, random)) {
      mutant.genome = std::move(*changed);
      mutant.operators.insert(op);
    }
  };
  for (const Operator op : structural) attempt(op);
  attempt(Operator::weights);
  return mutant;
}

/// One operator by the odds; when it cannot apply, another among those left.
Mutant mutate_once(const Genome& genome, const Mutation& settings, Ledger& ledger, RandomStream& random) {
  constexpr std::array all{Operator::weights, Operator::add_link, Operator::add_node,
                           Operator::enable,  Operator::disable,  Operator::activation};
  std::array<double, all.size()> odds{};
  double left = 0;
  for (std::size_t i = 0; i < all.size(); ++i) left += odds[i] = rate_of(all[i], settings);
  while (left > 0) {
    const std::size_t chosen = random.pick(odds);
    if (auto changed = apply(all[chosen], genome, settings, ledger, random)) {
      Mutant mutant{std::move(*changed), {}};
      mutant.operators.insert(all[chosen]);
      return mutant;
    }
    odds[chosen] = 0;
    left = 0;
    for (const double each : odds) left += each;
  }
  return {genome, {}};
}

}  // namespace

Mutant mutate(const Genome& genome, const Mutation& settings, Ledger& ledger, RandomStream& random) {
  return settings.draw == Mutation::Draw::independent ? mutate_independently(genome, settings, ledger, random)
                                                      : mutate_once(genome, settings, ledger, random);
}

}  // namespace skein::neat
