#include "neat/search/brood.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "lib/base/error.hpp"
#include "lib/engine/engine.hpp"
#include "neat/genome/gene_order.hpp"
#include "neat/genome/ledger.hpp"
#include "neat/operators/crossover.hpp"
#include "neat/operators/mutation.hpp"
#include "neat/operators/start.hpp"

namespace skein::neat {

namespace {

constexpr int look_side = 24;          // pixels; tuned: shapes show, and a look takes some 20 microseconds
constexpr double least_change = 0.01;  // mean over channels of the absolute difference that a person notices
constexpr std::uint32_t attempts = 6;  // tuned: one more seldom helps

/// A small picture, computed alike on every machine.
Picture look(const Genome& genome) {
  const Phenotype phenotype = express(genome);
  const Plan plan(phenotype.network, {.one_shot = true, .instruction_set = InstructionSet::baseline});
  return draw(plan, phenotype.weights, Grid{look_side, look_side});
}

bool alike(const Picture& a, const Picture& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.rgb.size(); ++i) sum += std::abs(double{a.rgb[i]} - double{b.rgb[i]});
  return !(sum / static_cast<double>(a.rgb.size()) >= least_change);
}

/// The pictures of a generation as it grows.
class Looks {
 public:
  bool is_new(const Picture& picture) const {
    return !is_constant(picture) &&
           std::ranges::none_of(seen_, [&](const Picture& other) { return alike(picture, other); });
  }
  void add(Picture picture) { seen_.push_back(std::move(picture)); }

 private:
  std::vector<Picture> seen_;
};

/// Switches what enters hue and saturation on or off; a genome of brightness alone stays as it is.
void set_colour(Genome& genome, bool colour) {
  if (is_greyscale(genome)) return;
  const std::size_t first = genome.signature.inputs.size();
  const auto tints = [&](const Link& link) {
    return link.target == genome.nodes[first].id || link.target == genome.nodes[first + 1].id;
  };
  const bool coloured =
      std::ranges::any_of(genome.links, [&](const Link& link) { return link.enabled && tints(link); });
  if (coloured == colour) return;
  for (Link& link : genome.links)
    if (tints(link)) link.enabled = colour;
}

/// A hue that runs round the circle many times drowns every shape: at the start it goes round about once.
void calm_hue(Genome& genome) {
  constexpr double share = 0.15;  // tuned by eye
  for (Link& link : genome.links)
    if (link.target == genome.nodes[genome.signature.inputs.size()].id) link.weight *= share;
}

/// Labels of the links that a child still has.
std::vector<LinkLabel> inherited_labels(const AnnotatedGenome& mother, const Genome& child) {
  std::vector<LinkLabel> labels;
  for (const LinkLabel& label : mother.notes.labels)
    if (find_link(child, label.link)) labels.push_back(label);
  return labels;
}

/// Founders of different origin may give one marking two meanings; what is bred of both can then be no genome.
bool is_sound(const Genome& genome) {
  try {
    validate(genome);
    return true;
  } catch (const ConfigError&) {
    return false;
  }
}

/// Makes the children of one generation.
class Nursery {
 public:
  Nursery(std::span<const AnnotatedGenome> genomes, std::span<const std::uint32_t> picks,
          const BreedingSettings& settings, BroodSeed seed)
      : genomes_(genomes), picks_(picks), settings_(settings), variation_(variation(settings)), seed_(seed) {
    for (const AnnotatedGenome& each : genomes) ledger_.adopt(each.genome);
  }

  /// The child for a place, as the attempt's random numbers make it.
  Bred child(std::size_t place, std::uint32_t attempt) {
    const std::uint64_t index = (std::uint64_t{seed_.generation} << 16) + (place << 8) + attempt;
    RandomStream random(seed_.seed, "bred child", index);
    const std::uint32_t mother = picks_[random.below(static_cast<std::uint32_t>(picks_.size()))];
    Bred bred{{genomes_[mother].genome, {}}, static_cast<std::int32_t>(mother), -1, {}};
    Genome& genome = bred.annotated.genome;
    if (random.chance(variation_.crossover.rate))
      if (const auto father = mate(mother, random)) {
        genome = cross(genome, genomes_[*father].genome, std::strong_ordering::equal, Mating::averaging,
                       variation_.crossover, random);
        bred.father = static_cast<std::int32_t>(*father);
        bred.operators.insert(Operator::averaging);
      }
    Mutant mutant = mutate(genome, variation_.mutation, ledger_, random);
    genome = std::move(mutant.genome);
    bred.operators = Operators(static_cast<std::uint16_t>(bred.operators.bits() | mutant.operators.bits()));
    set_colour(genome, settings_.colour);
    if (!is_sound(genome)) bred = {{genomes_[mother].genome, {}}, static_cast<std::int32_t>(mother), -1, {}};
    bred.annotated.notes.labels = inherited_labels(genomes_[mother], genome);
    for (const std::int32_t parent : {bred.mother, bred.father})
      if (parent >= 0)
        add_words(bred.annotated.notes.branch_words,
                  genomes_[static_cast<std::size_t>(parent)].notes.branch_words);
    return bred;
  }

 private:
  /// Another picked genome with the same inputs and outputs.
  std::optional<std::uint32_t> mate(std::uint32_t mother, RandomStream& random) const {
    std::vector<std::uint32_t> others;
    for (const std::uint32_t pick : picks_)
      if (pick != mother && genomes_[pick].genome.signature == genomes_[mother].genome.signature)
        others.push_back(pick);
    if (others.empty()) return std::nullopt;
    return others[random.below(static_cast<std::uint32_t>(others.size()))];
  }

  std::span<const AnnotatedGenome> genomes_;
  std::span<const std::uint32_t> picks_;
  const BreedingSettings& settings_;
  Settings variation_;
  BroodSeed seed_;
  Ledger ledger_;
};

void require_picks(std::span<const std::uint32_t> picks, std::size_t count) {
  if (picks.empty() || picks.size() > brood_size)
    throw ConfigError(std::to_string(picks.size()) + " parents; allowed: 1 to " + std::to_string(brood_size));
  for (std::size_t i = 0; i < picks.size(); ++i)
    if (picks[i] >= count || std::ranges::count(picks, picks[i]) > 1)
      throw ConfigError("picture " + std::to_string(picks[i] + 1) +
                        " is no parent or picked twice; there are " + std::to_string(count));
}

/// The first of a few candidates that is new, or the last.
template <class Make>
Bred first_new(Looks& looks, const Make& make) {
  for (std::uint32_t attempt = 0;; ++attempt) {
    Bred bred = make(attempt);
    Picture picture = look(bred.annotated.genome);
    if (attempt + 1 < attempts && !looks.is_new(picture)) continue;
    looks.add(std::move(picture));
    return bred;
  }
}

}  // namespace

Settings variation(const BreedingSettings& settings) {
  Settings all = picbreeder_preset(settings.strength);
  all.mutation.weights = settings.weights ? settings.weight_rate : 0;
  all.mutation.add_link = settings.structure ? settings.link_rate : 0;
  all.mutation.add_node = settings.structure ? settings.node_rate : 0;
  all.mutation.activation = settings.activations ? settings.activation_rate : 0;
  all.mutation.weight.perturb = settings.weight_chance;
  all.mutation.hidden.clear();
  for (const Activation activation : settings.hidden) all.mutation.hidden.push_back({activation, 1});
  all.crossover.rate = settings.crossover;
  return all;
}

void validate(const BreedingSettings& settings) {
  const auto within = [](std::string_view what, double value, double most) {
    if (!(value >= 0 && value <= most))
      throw ConfigError(std::string(what) + " is " + std::to_string(value) + "; allowed: 0 to " +
                        std::to_string(static_cast<int>(most)));
  };
  within("the size of changes", settings.strength, 1);
  within("the chance of a weight to change", settings.weight_chance, 1);
  within("the share of children with two parents", settings.crossover, 1);
  for (const double odds :
       {settings.link_rate, settings.node_rate, settings.weight_rate, settings.activation_rate})
    within("one of the odds", odds, 1000);
  if (settings.hidden.empty()) throw ConfigError("new nodes need at least one activation to draw from");
  const Mutation mutation = variation(settings).mutation;
  if (!(mutation.weights + mutation.add_link + mutation.add_node + mutation.activation > 0))
    throw ConfigError("nothing may change: allow structure, weights or activations");
}

void require_breedable(const Genome& genome) {
  const Signature picture = picture_signature();
  const bool draws = genome.signature.inputs == picture.inputs &&
                     (genome.signature.outputs == picture.outputs || is_greyscale(genome));
  if (!draws)
    throw ConfigError("this genome does not draw: its inputs and outputs are not those of a picture");
  if (genome.nodes.size() > most_bred_nodes || genome.links.size() > most_bred_links)
    throw ConfigError("a genome of " + std::to_string(genome.nodes.size()) + " nodes and " +
                      std::to_string(genome.links.size()) + " links is too large to breed; allowed: " +
                      std::to_string(most_bred_nodes) + " and " + std::to_string(most_bred_links));
  validate(genome);
}

Brood first_brood(const BreedingSettings& settings, BroodSeed seed) {
  validate(settings);
  const Settings all = variation(settings);
  const Genome minimal = minimal_genome(picture_signature(), Activation::identity);
  Ledger ledger;
  ledger.adopt(minimal);
  Mutation grow = picbreeder_preset(settings.strength).mutation;
  grow.hidden = all.mutation.hidden;
  grow.weights = 0;
  Brood brood;
  Looks looks;
  for (std::size_t place = 0; place < brood_size; ++place)
    brood.push_back(first_new(looks, [&](std::uint32_t attempt) {
      RandomStream random(seed.seed, "bred from nothing",
                          (std::uint64_t{seed.generation} << 16) + (place << 8) + attempt);
      Bred bred{{with_random_weights(minimal, all.initial_weights, random), {}}, -1, -1, {}};
      for (std::uint32_t node = random.below(3) + 1; node > 0; --node)
        bred.annotated.genome = *add_node(bred.annotated.genome, grow, ledger, random);
      bred.annotated.genome =
          with_random_weights(std::move(bred.annotated.genome), all.initial_weights, random);
      calm_hue(bred.annotated.genome);
      set_colour(bred.annotated.genome, settings.colour);
      return bred;
    }));
  return brood;
}

Brood next_brood(std::span<const AnnotatedGenome> genomes, std::span<const std::uint32_t> picks,
                 const BreedingSettings& settings, BroodSeed seed) {
  validate(settings);
  require_picks(picks, genomes.size());
  std::vector<AnnotatedGenome> ordered(genomes.begin(), genomes.end());
  for (AnnotatedGenome& each : ordered) {
    require_breedable(each.genome);
    each.genome = as_start(each.genome);
  }
  Nursery nursery(ordered, picks, settings, seed);
  Brood brood;
  Looks looks;
  for (const std::uint32_t pick : picks) {
    brood.push_back({genomes[pick], static_cast<std::int32_t>(pick), -1, {}});
    looks.add(look(genomes[pick].genome));
  }
  while (brood.size() < brood_size)
    brood.push_back(
        first_new(looks, [&](std::uint32_t attempt) { return nursery.child(brood.size(), attempt); }));
  return brood;
}

}  // namespace skein::neat
