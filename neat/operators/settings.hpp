#pragma once

#include <string_view>
#include <vector>

#include "neat/genome/genome.hpp"

namespace skein::neat {

/// How weights change. Probabilities are per weight of a genome that was chosen to have its weights changed.
struct WeightMutation {
  /// `scaled_normal`: normal, its deviation drawn anew for each genome as power * U(0, 1)^3, so that one
  /// child is refined by small steps and another explores by large ones.
  enum class Noise { uniform, normal, scaled_normal };
  double perturb = 0.9;  ///< probability of adding noise
  double replace = 0.1;  ///< probability of a new value; perturb + replace <= 1
  /// The paper gives neither the size of the noise nor the range of new values nor a limit; these were tuned
  /// on XOR, as were `enable` and `survival` below.
  Noise noise = Noise::scaled_normal;
  double power = 8;   ///< half-width (uniform), standard deviation (normal) or its most (scaled) of the noise
  double fresh = 8;   ///< new values are U(-fresh, fresh)
  double limit = 15;  ///< weights are clamped to [-limit, limit]; 0: not clamped
};

struct ActivationOdds {
  Activation activation = Activation::identity;
  double odds = 1;
};

/// Which operators change a child.
struct Mutation {
  /// `independent`: each operator has its own probability (the paper). `one_of`: exactly one operator is
  /// drawn in proportion to the rates below (Picbreeder).
  enum class Draw { independent, one_of };
  Draw draw = Draw::independent;
  double weights = 0.8;
  double add_link = 0.05;
  double add_node = 0.03;
  /// Deviation: the paper has no such operator; its disabled genes come back through crossover alone, those
  /// off in all parents included. Here those stay off, so enabling is a mutation of its own.
  double enable = 0.5;
  double disable = 0;
  double activation = 0;
  WeightMutation weight{};
  bool split_keeps_link = false;     ///< the link that a new node splits stays enabled (Picbreeder)
  bool links_leave_outputs = false;  ///< a new link may start at an output node (Picbreeder)
  std::vector<ActivationOdds> hidden{
      {Activation::steep_sigmoid, 1}};  ///< what a new or changed node draws from
};

struct Crossover {
  /// How disjoint and excess genes are inherited when both parents are equally fit; the paper says
  /// "randomly". `each_gene`: each gene of either parent with probability 1/2. `one_parent`: all those of a
  /// parent drawn at random, so that structure stays whole. Neither prefers a parent, or the smaller genome.
  enum class EqualFitness { each_gene, one_parent };
  EqualFitness equal_fitness = EqualFitness::one_parent;
  double rate = 0.75;       ///< share of children with two parents; the others are mutated copies. May be 0
  double averaging = 0;     ///< share of matings that average matching weights, the others take either's
  double mutate_child = 1;  ///< probability that a child of two parents is mutated as well
  double interspecies = 0.001;  ///< share of matings whose second parent is of another species
  double reenable = 0.25;  ///< probability that a gene disabled in one of its parents is enabled in the child
  /// Deviation: the paper's words, "disabled if it was disabled in either parent" with 75 %, would enable a
  /// quarter of the genes that are off in every parent that has them. Those stay off unless this is false.
  bool off_in_all_stays_off = true;
};

/// Moves the compatibility threshold so that the number of species stays near a wish; not in the paper, whose
/// threshold is fixed. The step is a ratio in proportion to how far off the number is, so it dies out near
/// the wish instead of swinging around it; it is bounded, and so is the threshold, on both sides.
struct ThresholdControl {
  int species = 0;    ///< wished number; 0 leaves the threshold alone
  double gain = 0.3;  ///< the threshold is multiplied by (species / wished)^gain each generation,
  double step = 1.2;  ///< or by this, or divided by it, where that is less
  double lowest = 0.05;
  double highest = 20;
};

struct Speciation {
  bool enabled = true;            ///< false: the whole population is one species
  double excess = 1;              ///< c1
  double disjoint = 1;            ///< c2
  double weight = 0.4;            ///< c3
  double threshold = 3;           ///< delta_t
  std::size_t small_genome = 20;  ///< with fewer genes than this in both genomes, N is 1 (the paper's option)
  ThresholdControl control{};
};

struct Selection {
  double survival = 0.3;   ///< share of each species that may be parents; the paper gives no number
  int champion_above = 5;  ///< champions of species with more members than this are copied unchanged
  int stagnation = 15;     ///< a species that did not improve for so many generations has no children; 0: off
  int population_stagnation =
      20;  ///< after so many generations only the two best species have children; 0: off
  /// Deviation: the best genome found so far survives unchanged even when its species is stagnant or small.
  bool keep_best = true;
};

/// All settings of a run, as published (Stanley and Miikkulainen 2002, section 4.1) unless a line says
/// otherwise. Networks are feed-forward only; links that would close a cycle do not arise.
struct Settings {
  int population = 150;
  double initial_weights = 1;  ///< start weights are U(-x, x)
  /// Weights of a given start genome are kept by every member of the first generation but for one mutation.
  Mutation mutation{};
  Crossover crossover{};
  Speciation speciation{};
  Selection selection{};
};

/// Throws ConfigError with the name, the value found and the allowed range: a rate that is negative or not
/// finite, probabilities beyond 1 or that add up to more, odds that are all zero, sizes that cannot be.
void validate(const Settings& settings);

/// The paper's settings: small populations, one steepened sigmoid.
Settings neat_preset();
/// Picbreeder (Secretan et al. 2011): odds of weights : link : node : activation = 10 : 6 : 4 : 1, a weight
/// changes with p 0.2 by N(0, 0.01 + 1.99 strength) and is clamped to 3, new links are U(-3, 3), a split
/// keeps the old link, matching weights are averaged, 15 pictures a generation, no species. `strength` is the
/// program's slider, in [0, 1].
Settings picbreeder_preset(double strength = 0.5);
/// For automated image search: Picbreeder's activations with NEAT's species at a bounded threshold.
Settings cppn_preset();
/// "neat", "picbreeder" or "cppn"; throws ConfigError naming the choice.
Settings preset(std::string_view name);

}  // namespace skein::neat
