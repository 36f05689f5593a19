#include "experiments/polar/part_tree.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>

#include "experiments/polar/polar_cases.hpp"
#include "lib/base/error.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

constexpr int side = 32;

/// Marks rows [top, bottom) and columns [left, right).
void mark(PartMask& mask, int top, int bottom, int left, int right) {
  for (int row = top; row < bottom; ++row)
    for (int column = left; column < right; ++column)
      mask.marked[static_cast<std::size_t>(row * side + column)] = 1;
}

PartMask empty_mask(std::uint32_t part) { return {part, std::vector<std::uint8_t>(side * side, 0)}; }

PartMask box(std::uint32_t part, int top, int bottom, int left, int right) {
  PartMask result = empty_mask(part);
  mark(result, top, bottom, left, right);
  return result;
}

const std::vector<std::string> part_names{"frame", "eyes", "mouth", "ground box"};

/// "head relation dependent", by name, sorted.
std::vector<std::string> told(const PartTree& tree, const std::vector<std::string>& parts = part_names) {
  std::vector<std::string> lines;
  for (const TreeEdge& edge : tree.edges)
    lines.push_back(node_name(tree.nodes[edge.head].name, parts) + " " + std::string(name(edge.relation)) +
                    " " + node_name(tree.nodes[edge.dependent].name, parts));
  std::ranges::sort(lines);
  return lines;
}

const PartNode& node_called(const PartTree& tree, const std::string& called) {
  return *std::ranges::find_if(tree.nodes,
                               [&](const PartNode& n) { return node_name(n.name, part_names) == called; });
}

PartMask eyes() {
  PartMask result = box(1, 6, 9, 8, 11);
  mark(result, 6, 9, 21, 24);
  return result;
}

}  // namespace

TEST_CASE("a frame holds a pair above a mouth; the ground holds the frame above a box") {
  // A frame two pixels wide: what is inside is in its hole.
  PartMask frame = box(0, 2, 20, 4, 28);
  for (int row = 4; row < 18; ++row)
    for (int column = 6; column < 26; ++column)
      frame.marked[static_cast<std::size_t>(row * side + column)] = 0;
  const PartMask solid = box(0, 2, 20, 4, 28);
  for (const PartMask& outer : {frame, solid}) {
    const PartTree tree = tree_of({outer, eyes(), box(2, 12, 15, 10, 22), box(3, 24, 30, 2, 9)}, side, side);
    REQUIRE(tree.nodes.size() == 6);
    CHECK(told(tree) == std::vector<std::string>{"eyes left above mouth", "eyes left mirrors eyes right",
                                                 "frame above ground box", "frame contains eyes left",
                                                 "outside contains frame"});
    const auto distances = tree_distances(tree);
    const auto at = [&](const std::string& a, const std::string& b) {
      const auto i = &node_called(tree, a) - tree.nodes.data(), j = &node_called(tree, b) - tree.nodes.data();
      return distances[static_cast<std::size_t>(i) * 6 + static_cast<std::size_t>(j)];
    };
    CHECK(at("eyes left", "eyes right") == 1);
    CHECK(at("mouth", "eyes right") == 2);
    CHECK(at("outside", "mouth") == 3);
    CHECK(at("ground box", "eyes right") == 3);
    CHECK(at("mouth", "ground box") == at("ground box", "mouth"));
    CHECK(at("frame", "frame") == 0);
    // A part's own pixels are those that nothing in it has.
    CHECK(node_called(tree, "eyes left").pixels.size() == 9);
  }
  const PartTree filled = tree_of({solid, eyes(), box(2, 12, 15, 10, 22)}, side, side);
  CHECK(node_called(filled, "frame").pixels.size() == 18 * 24 - 18 - 36);
  CHECK(node_called(filled, "outside").pixels.size() == side * side - 18 * 24);
}

TEST_CASE("without the frame its parts lie on the ground; without a ground the uppermost part is the root") {
  CHECK(told(tree_of({eyes(), box(2, 12, 15, 10, 22)}, side, side)) ==
        std::vector<std::string>{"eyes left above mouth", "eyes left mirrors eyes right",
                                 "outside contains eyes left"});
  const PartTree halves = tree_of({box(3, 16, 32, 0, 32), box(2, 0, 16, 0, 32)}, side, side);
  CHECK(halves.nodes.size() == 2);
  CHECK(told(halves) == std::vector<std::string>{"mouth above ground box"});
  // A part that lies a little outside is still inside; by a fifth it is beside.
  CHECK(told(tree_of({box(0, 2, 20, 4, 28), box(2, 11, 21, 10, 22)}, side, side))[0] ==
        "frame contains mouth");
  CHECK(told(tree_of({box(0, 2, 20, 4, 28), box(2, 12, 22, 10, 22)}, side, side))[0] == "frame above mouth");
  // Of two that are the same the first holds the second, which keeps its pixels.
  const PartTree same = tree_of({box(0, 2, 9, 4, 28), box(2, 2, 9, 4, 28)}, side, side);
  CHECK(told(same) == std::vector<std::string>{"frame contains mouth", "outside contains frame"});
  for (const PartNode& node : same.nodes) CHECK_FALSE(node.pixels.empty());
}

TEST_CASE("what shows nowhere is no node, and masks of another size are a fault of the caller") {
  const PartTree tree = tree_of({empty_mask(0), box(2, 12, 15, 10, 22)}, side, side);
  CHECK(tree.nodes.size() == 2);
  CHECK(tree_of({}, side, side).nodes.size() == 1);
  CHECK(tree_of({}, side, side).edges.empty());
  CHECK_THROWS_AS(tree_of({{0, {1, 1}}}, side, side), std::logic_error);
}

TEST_CASE("the trees of @face's pictures are those that one sees") {
  const PartsTarget target = load_parts({.target = "@face", .labels = {}, .regions = {}});
  const PictureFamily family(target, 2, 0);
  const PolarCases cases = polar_cases(family);
  CHECK(cases.cases.size() == 31);  // all but the empty one
  const auto tree_with = [&](const Combination& on) {
    const auto at = std::ranges::find(cases.combinations, on) - cases.combinations.begin();
    return told(cases.cases.at(static_cast<std::size_t>(at)).tree, cases.parts);
  };
  // brows, eyes, mouth, nose, outline
  CHECK(tree_with({1, 1, 1, 1, 1}) ==
        std::vector<std::string>{"brows left above eyes left", "brows left mirrors brows right",
                                 "eyes left above nose", "eyes left mirrors eyes right", "nose above mouth",
                                 "outline contains brows left", "outside contains outline"});
  CHECK(tree_with({0, 1, 1, 0, 0}) == std::vector<std::string>{"eyes left above mouth",
                                                               "eyes left mirrors eyes right",
                                                               "outside contains eyes left"});
  std::size_t rows = 0;
  for (const ProbeCase& one : cases.cases) {
    CHECK(one.first_row == rows);
    CHECK(one.tree.edges.size() == one.tree.nodes.size() - 1);
    rows += one.tree.nodes.size();
  }
  CHECK(rows == cases.rows);
}

TEST_CASE("a set of parts is on one side of a split, at whatever levels") {
  const PictureFamily family(load_parts({.target = "@face", .labels = {}, .regions = {}}), 3, 0);
  const PolarCases cases = polar_cases(family);
  const auto set_of = [&](std::size_t c) {
    std::string set;
    for (const std::uint8_t level : cases.combinations[c]) set += level > 0 ? '1' : '0';
    return set;
  };
  for (const std::uint64_t seed : {0u, 1u, 2u}) {
    const PolarSplit split = polar_split(cases, 0.5, seed);
    CHECK(split.fitted.size() + split.held_out.size() == cases.cases.size());
    for (const std::size_t out : split.held_out)
      CHECK(std::ranges::none_of(split.fitted, [&](std::size_t in) { return set_of(in) == set_of(out); }));
  }
  CHECK(polar_split(cases, 0.5, 4).held_out == polar_split(cases, 0.5, 4).held_out);
  CHECK(polar_split(cases, 0.5, 4).held_out != polar_split(cases, 0.5, 5).held_out);
  for (const double share : {0.0, 1.0, -1.0}) CHECK_THROWS_AS(polar_split(cases, share, 0), ConfigError);
  // Two sets of parts that share no node: neither shows what is in the other.
  PolarCases strangers;
  for (const std::uint32_t first : {0u, 3u}) {
    PartTree tree;
    for (std::uint32_t n = 0; n < 3; ++n) tree.nodes.push_back({first + n, {n}, 0});
    tree.edges = {{0, 1, Relation::contains}, {1, 2, Relation::above}};
    strangers.cases.push_back({tree, tree_distances(tree), strangers.rows});
    strangers.combinations.push_back(first == 0 ? Combination{1, 0} : Combination{0, 1});
    strangers.rows += 3;
  }
  CHECK_THROWS_WITH_AS(polar_split(strangers, 0.5, 0), doctest::Contains("every part and relation"),
                       ConfigError);
}
