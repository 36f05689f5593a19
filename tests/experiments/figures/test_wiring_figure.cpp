#include "experiments/figures/wiring_figure.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "experiments/drawing/figure_file.hpp"
#include "experiments/figures/layered_layout.hpp"
#include "lib/base/random.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

LayeredGraph random_graph(std::uint64_t seed, int layers, int width, int links) {
  RandomStream random(seed, "layered graph");
  LayeredGraph graph;
  for (int l = 0; l < layers; ++l)
    for (int i = 0; i < width; ++i) graph.layer.push_back(l);
  for (int i = 0; i < links; ++i) {
    const int l = static_cast<int>(random.below(static_cast<std::uint32_t>(layers - 1)));
    const int from = l * width + static_cast<int>(random.below(static_cast<std::uint32_t>(width)));
    graph.links.emplace_back(
        from, (l + 1) * width + static_cast<int>(random.below(static_cast<std::uint32_t>(width))));
  }
  return graph;
}

long crossings_by_pairs(const LayeredGraph& g, const std::vector<double>& position) {
  const auto at = [&](int node) { return position[static_cast<std::size_t>(node)]; };
  long total = 0;
  for (std::size_t i = 0; i < g.links.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      if (g.layer[static_cast<std::size_t>(g.links[i].first)] !=
          g.layer[static_cast<std::size_t>(g.links[j].first)])
        continue;
      total +=
          (at(g.links[i].first) - at(g.links[j].first)) * (at(g.links[i].second) - at(g.links[j].second)) < 0;
    }
  return total;
}

/// x, y, d, bias -> sin(x) -> cos over two layers; a link from y that skips both; a unit nobody reads.
Network skipping_network() {
  NetworkBuilder builder(picture_signature());
  const ValueIndex a = builder.add_unit({Activation::sin, 1}, std::vector<Edge>{{0, 0}});
  builder.add_unit({Activation::sin, 1}, std::vector<Edge>{{2, 4}});
  const ValueIndex b = builder.add_unit({Activation::cos, 2}, std::vector<Edge>{{a, 1}});
  const ValueIndex c = builder.add_unit({Activation::tanh, 3}, std::vector<Edge>{{b, 2}, {1, 3}});
  return std::move(builder).finish({a, b, c});
}

}  // namespace

TEST_CASE("crossings are counted as by comparing all pairs") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    CAPTURE(seed);
    const LayeredGraph graph = random_graph(seed, 4, 6, 25);
    RandomStream random(seed, "positions");
    std::vector<double> position(graph.layer.size());
    for (double& p : position) p = random.below(5);
    CHECK(crossings(graph, position) == crossings_by_pairs(graph, position));
  }
}

TEST_CASE("a layout keeps nodes of a layer apart and does not add crossings") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    CAPTURE(seed);
    const LayeredGraph graph = random_graph(seed, 5, 7, 20);
    const auto placed = place_across(graph);
    for (std::size_t i = 0; i < placed.size(); ++i)
      for (std::size_t j = 0; j < i; ++j)
        if (graph.layer[i] == graph.layer[j]) REQUIRE(std::abs(placed[i] - placed[j]) > 1 - 1e-9);
    std::vector<double> as_numbered(placed.size());
    for (std::size_t i = 0; i < placed.size(); ++i) as_numbered[i] = static_cast<double>(i);
    CHECK(crossings(graph, placed) <= crossings(graph, as_numbered));
    CHECK(placed == place_across(graph));
  }
}

TEST_CASE("a twisted ladder is untwisted") {
  LayeredGraph graph;
  for (int l = 0; l < 4; ++l)
    for (int i = 0; i < 5; ++i) graph.layer.push_back(l);
  for (int l = 0; l < 3; ++l)
    for (int i = 0; i < 5; ++i) graph.links.emplace_back(l * 5 + i, (l + 1) * 5 + (i * 2 + l) % 5);
  const auto placed = place_across(graph);
  CHECK(crossings(graph, placed) == 0);
  for (const auto& [from, to] : graph.links)
    CHECK(placed[static_cast<std::size_t>(from)] ==
          doctest::Approx(placed[static_cast<std::size_t>(to)]).epsilon(0.01));
}

TEST_CASE("the wiring drawing shows signs by colour, strength by width, and only what is used") {
  const NetworkView view = view_of(skipping_network(), {2.0F, -1.0F, 0.1F, -2.0F, 5.0F});
  const Drawing figure = wiring_figure(view);
  int positive = 0, negative = 0, carried = 0;
  double strong = 0, weak = 9;
  for (const Mark& mark : figure.marks) {
    const auto* line = std::get_if<Curve>(&mark);
    if (!line || line->title.empty()) continue;
    const Colour solid = line->colour.with_alpha(1);
    positive += solid == colours::positive;
    negative += solid == colours::negative;
    carried += solid == colours::faint;
    if (line->title.find("weight 2") != std::string::npos) strong = line->width;
    if (line->title.find("weight 0.1") != std::string::npos) weak = line->width;
    CHECK(line->title.find("weight 5") == std::string::npos);
  }
  CHECK(positive == 2);
  CHECK(negative == 2);
  CHECK(carried == 2);  // y on its way through layers 1 and 2
  CHECK(strong > 2 * weak);
}

TEST_CASE("wirings without links, and with thumbnails, can be drawn") {
  NetworkBuilder builder(picture_signature());
  const Network inputs_only = std::move(builder).finish({0, 1, 2});
  CHECK(rasterise(wiring_figure(view_of(inputs_only, {}))).width > 100);
  const NetworkView view = view_of(skipping_network(), Weights(5, 0.0F));
  const Drawing figure = wiring_figure(view, {.title = "zero weights", .thumbnails = true});
  CHECK(std::ranges::count_if(figure.marks,
                              [](const Mark& m) { return std::holds_alternative<Bitmap>(m); }) == 5);
  CHECK(to_svg(figure).find("nan") == std::string::npos);
}
