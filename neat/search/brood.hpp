#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "neat/genome/genome.hpp"
#include "neat/operators/operator.hpp"
#include "neat/operators/settings.hpp"

/// Breeding by hand, one generation at a time: a person picks parents, fifteen pictures come back (Secretan et al. 2011).
namespace skein::neat {

inline constexpr std::size_t brood_size = 15;  ///< pictures of a generation

/// What a person may set. The defaults are the preset "picbreeder".
struct BreedingSettings {
  double strength = 0.5;  ///< of a change, 0 small to 1 big
  /// What may change. Without colour the children are grey: what enters hue and saturation is switched off.
  bool structure = true, weights = true, colour = true, activations = true;
  double link_rate = 6, node_rate = 4, weight_rate = 10,
         activation_rate = 1;  ///< odds of one operator a child
  double weight_chance = 0.2;  ///< of each weight, in a child whose weights change
  double crossover = 0.75;     ///< share of children with two parents, where two or more were picked
  std::vector<Activation> hidden = {Activation::identity, Activation::sin, Activation::cos,
                                    Activation::sigmoid, Activation::gaussian};
  bool operator==(const BreedingSettings&) const = default;
};

/// Throws ConfigError with the name, the value and the range: a strength, chance or share outside [0, 1], odds that are
/// negative or above 1000, no activation, nothing that may change.
void validate(const BreedingSettings& settings);

/// The operators' settings that these stand for.
Settings variation(const BreedingSettings& settings);

/// One picture of a generation and how it came about.
struct Bred {
  AnnotatedGenome annotated;
  std::int32_t mother = -1;  ///< place among those it was bred from; -1: none
  std::int32_t father = -1;  ///< of a crossover
  Operators operators{};     ///< none: it is its mother unchanged
  bool operator==(const Bred&) const = default;
};

using Brood = std::vector<Bred>;

/// Names the random numbers of a generation.
struct BroodSeed {
  std::uint64_t seed = 0;
  std::uint32_t generation = 0;
};

/// A generation from nothing: every input linked to every output with random weights, and few hidden nodes.
Brood first_brood(const BreedingSettings& settings, BroodSeed seed);

/// The next generation: the picked ones of `genomes`, unchanged and in the order picked, then children until there are
/// `brood_size`. New structure gets the markings above all of `genomes`, the same for the same innovation, so that genomes
/// of one generation never give one marking two meanings. A child that looks like one before it, or like a single
/// colour, is drawn again a few times. Same arguments, same bits, on any instruction set. Throws ConfigError: no pick, a pick
/// that is not there or twice, more than `brood_size`, a genome that `as_start` refuses or that is larger than
/// `most_bred_nodes` or `most_bred_links`.
Brood next_brood(std::span<const AnnotatedGenome> genomes, std::span<const std::uint32_t> picks,
                 const BreedingSettings& settings, BroodSeed seed);

/// Beyond these the search for a place of a new link would take more memory and time than a click may.
inline constexpr std::size_t most_bred_nodes = 2000;
inline constexpr std::size_t most_bred_links = 20'000;

/// Throws ConfigError when the genome is too large, not valid, or does not draw a picture.
void require_breedable(const Genome& genome);

inline constexpr std::string_view brood_file_kind = "brood";  ///< what framed_kind says of it

/// A generation as a framed archive. The same generation, the same bytes.
std::string brood_bytes(const Brood& brood);

/// Throws FormatError, calling the file `name`, when it is damaged, foreign or holds a genome that is not valid.
Brood parse_brood(std::string_view bytes, const std::string& name);

}  // namespace skein::neat
