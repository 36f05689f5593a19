#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace skein::experiments {

/// How two parts of a picture stand to each other (after the typed dependencies of Diego-Simon et al. 2024; these three
/// are ours).
enum class Relation : std::uint8_t {
  contains,  ///< the head is the smallest part around the dependent, which is the uppermost of what it contains
  above,     ///< both lie in the same part; the dependent is the next lower one
  mirrors,  ///< the dependent is the right half of a mirrored pair, the head its left half
};
inline constexpr std::size_t relation_count = 3;
std::string_view name(Relation relation);

/// How often each relation occurs.
using RelationCounts = std::array<std::size_t, relation_count>;
/// The first of those that occur most often.
Relation most_frequent(const RelationCounts& counts);

/// Where one part shows in one picture: pixels marked 1, row-major.
struct PartMask {
  std::uint32_t part = 0;
  std::vector<std::uint8_t> marked;
};

/// One node of a tree: a part, half a mirrored pair, or the ground.
struct PartNode {
  std::uint32_t name = 0;  ///< a number for `node_name`, the same in every picture of a family
  std::vector<std::uint32_t>
      pixels;         ///< its own: marked, and in no part that it contains (all where none are left)
  double height = 0;  ///< mean row of what is marked, from the top
};

struct TreeEdge {
  std::uint32_t head = 0, dependent = 0;  ///< positions in the tree's nodes
  Relation relation = Relation::contains;
};

/// What is where in one picture, as an ordered tree in the form first child, next sibling: every node but the root is the
/// dependent of one edge.
struct PartTree {
  std::vector<PartNode> nodes;
  std::vector<TreeEdge> edges;
};

/// The tree of the parts that show. A part lies in another if nine tenths of its pixels do, holes of that one filled; in
/// the smallest such. Pairs (`is_mirrored_pair`) are two nodes. Pixels that no part marks are the ground, the root; where
/// there are none, the uppermost part that lies in no other. Parts without a pixel are no nodes. Ties: the lower
/// number of a part. Throws std::logic_error for a mask of another size.
PartTree tree_of(const std::vector<PartMask>& masks, int width, int height);

/// Edges between two nodes, shape (nodes, nodes).
std::vector<int> tree_distances(const PartTree& tree);

/// The names of an edge's head and dependent.
using NamePair = std::pair<std::uint32_t, std::uint32_t>;
NamePair names_of(const PartTree& tree, const TreeEdge& edge);

/// How many numbers nodes can have in a family of so many parts, and how each is called ("eyes left", "outside").
std::size_t node_names(std::size_t parts);
std::string node_name(std::uint32_t name, const std::vector<std::string>& parts);

}  // namespace skein::experiments
