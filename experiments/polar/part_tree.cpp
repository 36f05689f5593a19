#include "experiments/polar/part_tree.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>
#include <stdexcept>

#include "experiments/changes/part_regions.hpp"
#include "experiments/parts/picture_parts.hpp"

namespace skein::experiments {
namespace {

constexpr std::array<std::string_view, relation_count> relation_names{"contains", "above", "mirrors"};
constexpr std::uint32_t names_per_part = 3;  // whole, left half, right half
constexpr double inside_share = 0.9;         // of a part's pixels that lie in another which contains it

using Marked = std::vector<std::uint8_t>;

/// A node under construction: its mask, and the same with its holes filled.
struct Shape {
  std::uint32_t name = 0;
  bool right_half = false;  // of the pair whose left half stands before it
  Marked marked, filled;
  std::size_t area = 0, filled_area = 0;
  double height = 0;
};

/// Marks also what cannot reach the border of the picture, step by step to a side, without crossing the mask.
Marked without_holes(const Marked& marked, int width, int height) {
  Marked reached(marked.size(), 0);
  std::vector<int> open;
  const auto visit = [&](int row, int column) {
    if (row < 0 || column < 0 || row >= height || column >= width) return;
    const int pixel = row * width + column;
    const auto at = static_cast<std::size_t>(pixel);
    if (marked[at] || reached[at]) return;
    reached[at] = 1;
    open.push_back(pixel);
  };
  for (int column = 0; column < width; ++column) visit(0, column), visit(height - 1, column);
  for (int row = 0; row < height; ++row) visit(row, 0), visit(row, width - 1);
  while (!open.empty()) {
    const int pixel = open.back(), row = pixel / width, column = pixel % width;
    open.pop_back();
    visit(row - 1, column), visit(row + 1, column), visit(row, column - 1), visit(row, column + 1);
  }
  for (std::uint8_t& pixel : reached) pixel = !pixel;
  return reached;
}

std::size_t count_marked(const Marked& marked) {
  return static_cast<std::size_t>(std::ranges::count(marked, std::uint8_t{1}));
}

Shape shape_of(std::uint32_t name, Marked marked, int width, int height) {
  Shape shape{.name = name, .marked = std::move(marked), .filled = {}};
  shape.filled = without_holes(shape.marked, width, height);
  shape.area = count_marked(shape.marked);
  shape.filled_area = count_marked(shape.filled);
  double rows = 0;
  for (std::size_t p = 0; p < shape.marked.size(); ++p)
    if (shape.marked[p]) rows += static_cast<double>(p / static_cast<std::size_t>(width));
  shape.height = rows / static_cast<double>(shape.area);
  return shape;
}

std::vector<Shape> shapes_of(const std::vector<PartMask>& masks, int width, int height) {
  const auto pixels = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  std::vector<Shape> shapes;
  for (const PartMask& mask : masks) {
    if (mask.marked.size() != pixels) throw std::logic_error("the mask of a part has another size");
    if (count_marked(mask.marked) == 0) continue;
    const std::uint32_t name = mask.part * names_per_part;
    if (!is_mirrored_pair(mask.marked, width, height)) {
      shapes.push_back(shape_of(name, mask.marked, width, height));
      continue;
    }
    Marked left = mask.marked, right = mask.marked;
    for (std::size_t p = 0; p < pixels; ++p)
      (p % static_cast<std::size_t>(width) < static_cast<std::size_t>(width) / 2 ? right : left)[p] = 0;
    if (count_marked(left) == 0 || count_marked(right) == 0) {
      shapes.push_back(shape_of(name, mask.marked, width, height));
      continue;
    }
    shapes.push_back(shape_of(name + 1, std::move(left), width, height));
    shapes.push_back(shape_of(name + 2, std::move(right), width, height));
    shapes.back().right_half = true;
  }
  return shapes;
}

/// Larger ones first; each of a pair of equals can then contain the other one way only.
bool larger(const std::vector<Shape>& shapes, std::size_t a, std::size_t b) {
  return std::pair(shapes[b].filled_area, a) < std::pair(shapes[a].filled_area, b);
}

bool contains(const Shape& outer, const Shape& inner) {
  std::size_t inside = 0;
  for (std::size_t p = 0; p < inner.marked.size(); ++p) inside += inner.marked[p] && outer.filled[p];
  return static_cast<double>(inside) >= inside_share * static_cast<double>(inner.area);
}

/// Per shape and other shape: whether it contains it.
std::vector<Marked> containment(const std::vector<Shape>& shapes) {
  std::vector<Marked> holds(shapes.size(), Marked(shapes.size(), 0));
  for (std::size_t a = 0; a < shapes.size(); ++a)
    for (std::size_t b = 0; b < shapes.size(); ++b)
      holds[a][b] = a != b && larger(shapes, a, b) && contains(shapes[a], shapes[b]);
  return holds;
}

/// The smallest shape around one; nothing where it lies on the ground.
std::optional<std::size_t> container(const std::vector<Shape>& shapes, const std::vector<Marked>& holds,
                                     std::size_t inner) {
  std::optional<std::size_t> smallest;
  for (std::size_t a = 0; a < shapes.size(); ++a)
    if (holds[a][inner] && (!smallest || larger(shapes, *smallest, a))) smallest = a;
  return smallest;
}

std::vector<std::uint32_t> own_pixels(const std::vector<Shape>& shapes, const std::vector<Marked>& holds,
                                      std::size_t shape) {
  std::vector<std::uint32_t> own, all;
  for (std::size_t p = 0; p < shapes[shape].marked.size(); ++p) {
    if (!shapes[shape].marked[p]) continue;
    all.push_back(static_cast<std::uint32_t>(p));
    bool covered = false;
    for (std::size_t b = 0; b < shapes.size() && !covered; ++b)
      covered = holds[shape][b] && shapes[b].marked[p];
    if (!covered) own.push_back(static_cast<std::uint32_t>(p));
  }
  return own.empty() ? all : own;
}

/// Pixels that no shape marks.
PartNode ground_of(const std::vector<Shape>& shapes, std::size_t pixels, int width) {
  PartNode ground{.name = 0, .pixels = {}};
  for (std::size_t p = 0; p < pixels; ++p)
    if (std::ranges::none_of(shapes, [&](const Shape& shape) { return shape.marked[p] != 0; })) {
      ground.pixels.push_back(static_cast<std::uint32_t>(p));
      ground.height += static_cast<double>(p / static_cast<std::size_t>(width));
    }
  if (!ground.pixels.empty()) ground.height /= static_cast<double>(ground.pixels.size());
  return ground;
}

}  // namespace

std::string_view name(Relation relation) { return relation_names.at(static_cast<std::size_t>(relation)); }

Relation most_frequent(const RelationCounts& counts) {
  return static_cast<Relation>(std::ranges::max_element(counts) - counts.begin());
}

PartTree tree_of(const std::vector<PartMask>& masks, int width, int height) {
  const auto pixels = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  const std::vector<Shape> shapes = shapes_of(masks, width, height);
  const std::vector<Marked> holds = containment(shapes);
  // Step 1. Nodes: the ground first where there is any, then the shapes.
  PartTree tree;
  PartNode ground = ground_of(shapes, pixels, width);
  const bool has_ground = !ground.pixels.empty();
  if (has_ground) tree.nodes.push_back(std::move(ground));
  const std::uint32_t first = has_ground ? 1 : 0;
  for (std::size_t s = 0; s < shapes.size(); ++s)
    tree.nodes.push_back({shapes[s].name + 1, own_pixels(shapes, holds, s), shapes[s].height});
  // Step 2. What lies in each shape; last, on the ground. Right halves hang on their left ones.
  std::vector<std::vector<std::size_t>> children(shapes.size() + 1);
  for (std::size_t s = 0; s < shapes.size(); ++s)
    if (!shapes[s].right_half) children[container(shapes, holds, s).value_or(shapes.size())].push_back(s);
  // Step 3. The uppermost child is contained, each other one is below the one before.
  for (std::size_t parent = 0; parent <= shapes.size(); ++parent) {
    auto& list = children[parent];
    std::ranges::sort(list, [&](std::size_t a, std::size_t b) {
      return std::pair(shapes[a].height, a) < std::pair(shapes[b].height, b);
    });
    for (std::size_t k = 0; k < list.size(); ++k) {
      const auto dependent = static_cast<std::uint32_t>(list[k]) + first;
      if (k > 0)
        tree.edges.push_back({static_cast<std::uint32_t>(list[k - 1]) + first, dependent, Relation::above});
      else if (parent < shapes.size())
        tree.edges.push_back({static_cast<std::uint32_t>(parent) + first, dependent, Relation::contains});
      else if (has_ground) tree.edges.push_back({0, dependent, Relation::contains});
    }
  }
  for (std::size_t s = 0; s < shapes.size(); ++s)
    if (shapes[s].right_half) {
      const auto dependent = static_cast<std::uint32_t>(s) + first;
      tree.edges.push_back({dependent - 1, dependent, Relation::mirrors});
    }
  return tree;
}

std::vector<int> tree_distances(const PartTree& tree) {
  const std::size_t n = tree.nodes.size();
  const int far = static_cast<int>(n);
  std::vector<int> distances(n * n, far);
  for (std::size_t i = 0; i < n; ++i) distances[i * n + i] = 0;
  for (const TreeEdge& edge : tree.edges)
    distances[edge.head * n + edge.dependent] = distances[edge.dependent * n + edge.head] = 1;
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        distances[i * n + j] = std::min(distances[i * n + j], distances[i * n + k] + distances[k * n + j]);
  return distances;
}

NamePair names_of(const PartTree& tree, const TreeEdge& edge) {
  return {tree.nodes[edge.head].name, tree.nodes[edge.dependent].name};
}

std::size_t node_names(std::size_t parts) { return 1 + parts * names_per_part; }

std::string node_name(std::uint32_t name, const std::vector<std::string>& parts) {
  if (name == 0) return outside_name;
  const std::uint32_t part = (name - 1) / names_per_part, half = (name - 1) % names_per_part;
  constexpr std::array<const char*, names_per_part> halves{"", " left", " right"};
  return parts.at(part) + halves[half];
}

}  // namespace skein::experiments
