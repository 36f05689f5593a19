#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/network/activation.hpp"
#include "lib/network/network.hpp"
#include "neat/genome/branch_words.hpp"

namespace skein::neat {

/// A historical marking. Picbreeder numbers innovations per branch, so an id alone is ambiguous: identity is
/// the pair (branch, id), and it is kept through every format. In skein's own runs the branch is 0.
struct Marking {
  std::int32_t branch = 0;
  std::int32_t id = 0;
  auto operator<=>(const Marking&) const = default;
};

enum class NodeRole : std::uint8_t { input, hidden, output };

struct Node {
  Marking id;
  NodeRole role = NodeRole::hidden;
  Activation activation = Activation::identity;
  bool operator==(const Node&) const = default;
};

/// A connection gene. A disabled one takes no part in the phenotype.
struct Link {
  Marking id;
  Marking source;
  Marking target;
  double weight = 0;
  bool enabled = true;
  bool operator==(const Link&) const = default;
};

/// The sense a person (or a construction) gave to a link, and the range through which it was swept.
struct LinkLabel {
  Marking link;
  std::string label;
  double sweep_start = -3;
  double sweep_end = 3;
  double sweep_step = 0.1;
  bool operator==(const LinkLabel&) const = default;
};

/// A feed-forward CPPN as NEAT sees it. Node 0..inputs-1 are the inputs and the outputs follow, both in the
/// signature's order; the order of hidden nodes and links is that of the file or of their innovation and has
/// no meaning. Input nodes pass their value on whatever activation is written on them.
struct Genome {
  Signature signature;  ///< names of the input and output nodes
  std::vector<Node> nodes;
  std::vector<Link> links;
  bool operator==(const Genome&) const = default;
};

/// What is known of a genome beside the genome: never needed to draw it.
struct GenomeNotes {
  std::string name;
  Marking identifier;  ///< Picbreeder's own (branch, id) of the genome
  std::vector<Marking> parents;
  std::vector<LinkLabel> labels;
  std::vector<std::string> warnings;  ///< oddities met and mended while reading
  BranchWords branch_words = {};      ///< what files write for a branch that is a word
  bool operator==(const GenomeNotes&) const = default;
};

struct AnnotatedGenome {
  Genome genome;
  GenomeNotes notes;
  bool operator==(const AnnotatedGenome&) const = default;
};

/// "(branch, id)", for messages.
std::string text(Marking marking);

/// Index into `nodes`, or nothing.
std::optional<std::size_t> find_node(const Genome& genome, Marking id);

/// Index into `links`, or nothing.
std::optional<std::size_t> find_link(const Genome& genome, Marking id);

/// One output, "ink": brightness alone.
bool is_greyscale(const Genome& genome);

/// Throws ConfigError, naming the node or link: two nodes or links with one id, a link whose end is missing
/// or that enters an input, a weight that is not finite in single precision, nodes out of the order above, a
/// cycle of enabled links.
void validate(const Genome& genome);

/// Structure and weights of the phenotype: enabled links only, every node but the inputs a unit, ordered by
/// (layer, marking), the edges of a unit by (source, link): the order in which the genome lists them has no
/// effect. Layer of a unit = 1 + the highest layer of its sources (inputs: 0; without sources: 1). A
/// greyscale genome (one output, "ink") is lowered to the outputs hue, saturation and brightness, ink being
/// the brightness; hue and saturation are two units of layer 1 without edges, constant 0.
struct Phenotype {
  Network network;
  std::vector<float> weights;               ///< one per slot; slot s is link `link_of_slot[s]`
  std::vector<std::uint32_t> link_of_slot;  ///< index into genome.links
  std::vector<Marking>
      node_of_unit;  ///< one per unit; the constants added for greyscale are (-1, 0) and (-1, 1)
};

/// Throws as `validate` does.
Phenotype express(const Genome& genome);

}  // namespace skein::neat
