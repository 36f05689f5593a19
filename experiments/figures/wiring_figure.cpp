#include "experiments/figures/wiring_figure.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <span>

#include "experiments/drawing/font.hpp"
#include "experiments/figures/layered_layout.hpp"

namespace skein::experiments {
namespace {

constexpr double wiring_margin = 16;
constexpr int thumbnail_pixels = 44;
constexpr std::size_t many_links = 500;
constexpr Colour carrying = colours::faint.with_alpha(0.7);

/// A link of the drawing: between neighbouring layers, the last hop of an edge or a value on its way.
struct Hop {
  int from = 0, to = 0;
  bool carries = false;
  double weight = 1;
  std::string title;
};

struct Sketch {
  LayeredGraph graph;
  std::vector<int> value;  ///< per node; -1 for a bend in a carried value
  std::vector<Hop> hops;
};

std::string short_number(double value) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.3g", value);
  return buffer;
}

std::string unit_title(const NetworkView& view, std::size_t value) {
  const ValuePlace& place = view.places[value];
  return place.kind + (place.name.empty() ? "" : " " + place.name) +
         (place.layer == 0 ? "" : ", layer " + std::to_string(place.layer));
}

/// Nodes for the values that are used; an edge over several layers shares one line of bends per source.
Sketch sketch(const NetworkView& view) {
  Sketch s;
  const Network& net = view.network;
  std::vector<int> node_of(view.places.size(), -1);
  for (std::size_t v = 0; v < view.places.size(); ++v) {
    if (view.places[v].presence != Presence::used) continue;
    node_of[v] = static_cast<int>(s.value.size());
    s.value.push_back(static_cast<int>(v));
    s.graph.layer.push_back(view.places[v].layer);
  }
  std::map<std::pair<ValueIndex, int>, int> bends;
  const auto at_layer = [&](ValueIndex source, int layer) {
    int node = node_of[source];
    for (int l = view.places[source].layer + 1; l <= layer; ++l) {
      const auto [found, fresh] = bends.try_emplace({source, l}, static_cast<int>(s.value.size()));
      if (fresh) {
        s.value.push_back(-1);
        s.graph.layer.push_back(l);
        s.hops.push_back({node, found->second, true, 1, unit_title(view, source) + ", carried"});
      }
      node = found->second;
    }
    return node;
  };
  const bool titles = static_cast<std::size_t>(net.edge_count()) <= many_links;
  for (int u = 0; u < net.unit_count(); ++u) {
    const auto v = static_cast<std::size_t>(net.input_count() + u);
    if (node_of[v] < 0) continue;
    for (const Edge& edge : net.edges_of(u)) {
      const double weight = double(view.weights[edge.slot]);
      const bool carries = view.places[v].copy && weight == 1;
      std::string title;
      if (titles)
        title = unit_title(view, edge.source) + " \xe2\x86\x92 " + unit_title(view, v) + ": weight " +
                short_number(weight);
      s.hops.push_back({at_layer(edge.source, view.places[v].layer - 1), node_of[v], carries, weight, title});
    }
  }
  for (const Hop& hop : s.hops) s.graph.links.push_back({hop.from, hop.to});
  return s;
}

/// From `a` to `b`, leaving and arriving level.
Curve bow(Point a, Point b) {
  const double middle = (a.x + b.x) / 2;
  return {a, {middle, a.y}, {middle, b.y}, b};
}

void draw_activation(Drawing& figure, Point centre, double radius, const ValuePlace& place,
                     Activation activation) {
  const std::string title = place.kind + (place.name.empty() ? "" : " " + place.name);
  figure.add(Disc{centre, radius, colours::ink, title});
  figure.add(Disc{centre, radius - 1, colours::paper, title});
  if (radius < 6) return;
  Line curve{{}, colours::ink, 1.3};
  for (int i = -8; i <= 8; ++i) {
    const double x = i / 8.0, z = 3.2 * x;
    const double y = activation == Activation::identity ? x : std::clamp(activate(activation, z), -1.0, 1.0);
    curve.points.push_back({centre.x + 0.62 * radius * x, centre.y - 0.5 * radius * y});
  }
  figure.add(curve);
}

struct Scale {
  std::size_t links = 0;
  double large = 1;  ///< the weight drawn at full width: the 95th percentile
  bool many() const { return links > many_links; }
  double share(double weight) const { return std::min(1.0, std::abs(weight) / large); }
  double width(double weight) const { return many() ? 0.3 + 1.7 * share(weight) : 0.7 + 3.1 * share(weight); }
  Colour colour(double weight) const {
    const double alpha = many() ? 0.05 + 0.45 * share(weight) : 0.85;
    return (weight < 0 ? colours::negative : colours::positive).with_alpha(alpha);
  }
};

Scale scale_of(const std::vector<Hop>& hops) {
  std::vector<double> sizes;
  for (const Hop& hop : hops)
    if (!hop.carries) sizes.push_back(std::abs(hop.weight));
  Scale scale{sizes.size(), 1};
  if (sizes.empty()) return scale;
  std::ranges::sort(sizes);
  scale.large = std::max(sizes[(sizes.size() - 1) * 95 / 100], 1e-6);
  return scale;
}

/// Many links, from weak to strong: those of like strength and sign are one mark.
template <class Where>
void draw_bundles(Drawing& figure, const std::vector<Hop>& hops, const Scale& scale, Where at) {
  constexpr int strengths = 8;
  Bundle carried{{}, carrying, 0.6};
  std::vector<Bundle> bundles(2 * strengths);
  const auto half = [](Point p) { return Point{std::round(2 * p.x) / 2, std::round(2 * p.y) / 2}; };
  for (const Hop& hop : hops) {
    const int strength = std::min(strengths - 1, static_cast<int>(scale.share(hop.weight) * strengths));
    const double typical = (strength + 0.5) / strengths * scale.large * (hop.weight < 0 ? -1 : 1);
    Bundle& bundle =
        hop.carries ? carried : bundles[static_cast<std::size_t>(2 * strength + (hop.weight < 0 ? 1 : 0))];
    bundle.strokes.emplace_back(half(at(hop.from)), half(at(hop.to)));
    if (!hop.carries) bundle.colour = scale.colour(typical), bundle.width = scale.width(typical);
  }
  figure.add(std::move(carried));
  for (Bundle& bundle : bundles)
    if (!bundle.strokes.empty()) figure.add(std::move(bundle));
}

void draw_key(Drawing& figure, double x, double y, const Scale& scale, bool carries) {
  const auto entry = [&](const std::string& words, Colour colour, double width) {
    figure.line({x, y - 4}, {x + 26, y - 4}, colour, width);
    figure.text(x + 33, y, words, {.size = 12});
    x += 33 + text_width(words, 12) + 26;
  };
  entry("weight " + short_number(scale.large) + " or more", colours::positive, scale.width(scale.large));
  entry(short_number(-scale.large) + " or less", colours::negative, scale.width(scale.large));
  if (carries) entry("value carried up", carrying, 1);
}

std::vector<float> thumbnails(const NetworkView& view, const std::vector<int>& values) {
  std::vector<ValueIndex> shown;
  for (const int v : values)
    if (v >= 0) shown.push_back(static_cast<ValueIndex>(v));
  const Grid grid{thumbnail_pixels, thumbnail_pixels};
  std::vector<float> maps(shown.size() * grid.pixels());
  feature_maps(Plan(view.network), view.weights, grid, shown, maps);
  return maps;
}

Image thumbnail(std::span<const float> map) {
  Image image(thumbnail_pixels, thumbnail_pixels);
  for (std::size_t i = 0; i < map.size(); ++i) {
    const Colour c = diverging(map[i]);
    image.rgb[3 * i] = c.r, image.rgb[3 * i + 1] = c.g, image.rgb[3 * i + 2] = c.b;
  }
  return image;
}

}  // namespace

Drawing wiring_figure(const NetworkView& view, const WiringFigureOptions& options) {
  // Step 1. Where everything stands.
  Sketch s = sketch(view);
  const std::vector<double> across = place_across(s.graph);
  const auto [low, high] = std::ranges::minmax(across.empty() ? std::vector<double>{0} : across);
  const Scale scale = scale_of(s.hops);
  const double spread = high - low;
  const double down = options.thumbnails ? 50 : std::clamp(560 / (spread + 1), 16.0, 44.0);
  const double radius = options.thumbnails ? 22 : std::clamp(down * 0.4, 5.0, 13.0);
  const double along = std::clamp(1050.0 / view.layers, options.thumbnails ? 84.0 : 48.0, 130.0);
  const double left = wiring_margin + 62, top = wiring_margin + (options.title.empty() ? 0 : 30) + radius + 4;
  Drawing figure{
      left + (view.layers - 1) * along + radius + wiring_margin + 92, top + spread * down + radius + 66, {}};
  figure.width = std::max(figure.width, 560.0);
  const auto at = [&](int node) {
    const auto n = static_cast<std::size_t>(node);
    return Point{left + s.graph.layer[n] * along, top + (across[n] - low) * down};
  };
  if (!options.title.empty())
    figure.text(wiring_margin, wiring_margin + 16, options.title, {.size = 16, .bold = true});

  // Step 2. Links: what is carried first, then from the weakest to the strongest.
  std::ranges::stable_sort(s.hops, {}, [](const Hop& h) { return h.carries ? -1 : std::abs(h.weight); });
  if (scale.many()) draw_bundles(figure, s.hops, scale, at);
  else
    for (const Hop& hop : s.hops) {
      Curve link = bow(at(hop.from), at(hop.to));
      link.colour = hop.carries ? carrying : scale.colour(hop.weight);
      link.width = hop.carries ? 1 : scale.width(hop.weight);
      link.title = hop.title;
      figure.add(std::move(link));
    }

  // Step 3. Units.
  const std::vector<float> maps = options.thumbnails ? thumbnails(view, s.value) : std::vector<float>{};
  std::size_t shown = 0;
  for (std::size_t node = 0; node < s.value.size(); ++node) {
    if (s.value[node] < 0) continue;
    const auto v = static_cast<std::size_t>(s.value[node]);
    const ValuePlace& place = view.places[v];
    const Point p = at(static_cast<int>(node));
    const std::size_t map = shown++;
    if (place.copy && !options.thumbnails) {
      figure.add(Disc{p, 1.6, colours::faint, unit_title(view, v)});
    } else if (options.thumbnails) {
      const double side = place.copy ? radius : 2 * radius;
      constexpr std::size_t pixels = std::size_t{thumbnail_pixels} * thumbnail_pixels;
      figure.add(Bitmap{p.x - side / 2, p.y - side / 2, side, side,
                        thumbnail(std::span(maps).subspan(map * pixels, pixels)), 1, unit_title(view, v)});
      if (!place.copy) figure.frame(p.x - side / 2 - 1, p.y - side / 2 - 1, side + 2, side + 2);
    } else {
      const bool input = place.layer == 0;
      draw_activation(
          figure, p, radius, place,
          input ? Activation::identity
                : view.network.units()[v - static_cast<std::size_t>(view.network.input_count())].activation);
    }
    if (place.layer == 0) figure.text(p.x - radius - 7, p.y + 4, place.name, {.anchor = Anchor::end});
    if (const auto outputs = view.network.outputs(); std::ranges::find(outputs, v) != outputs.end())
      figure.text(p.x + radius + 7, p.y + 4, place.name.substr(place.name.rfind(' ') + 1), {});
  }

  // Step 4. Layers and key.
  const double foot = figure.height - 34;
  for (int layer = 0; layer < view.layers; ++layer)
    figure.text(left + layer * along, foot, layer == 0 ? "layer 0" : std::to_string(layer),
                {.size = 11, .anchor = Anchor::middle, .colour = colours::faint});
  draw_key(figure, wiring_margin, figure.height - 10, scale, std::ranges::any_of(s.hops, &Hop::carries));
  return figure;
}

}  // namespace skein::experiments
