#include "experiments/figures/feature_figure.hpp"

#include <algorithm>
#include <cmath>

#include "experiments/drawing/font.hpp"
#include "lib/base/error.hpp"

namespace skein::experiments {
namespace {

constexpr double maps_margin = 14;
constexpr double label_size = 12;
constexpr double maps_title_size = 16;
constexpr double row_label_width = 72;
constexpr double header_height = 40;
constexpr int map_gap = 3;
constexpr int smallest_cell = 6;
constexpr int largest_figure = 16000;

Image map_image(std::span<const float> map, int width, int height) {
  Image image(width, height);
  for (std::size_t i = 0; i < map.size(); ++i) {
    const Colour c = diverging(map[i]);
    image.rgb[3 * i] = c.r, image.rgb[3 * i + 1] = c.g, image.rgb[3 * i + 2] = c.b;
  }
  return image;
}

void draw_header(Drawing& figure, const NetworkView& view, double left, double top, double step) {
  for (const NetworkView::Group& group : view.groups) {
    const double from = left + group.first * step, to = from + group.count * step - map_gap;
    std::string words = group.kind;
    if (group.count > 1) words += " \xc3\x97 " + std::to_string(group.count);
    if (text_width(words, label_size) > to - from + 2 * map_gap) words = group.kind;
    if (text_width(words, label_size) > to - from + 2 * map_gap) words = group.kind.substr(0, 4);
    if (text_width(words, label_size) <= std::max(to - from + 2 * map_gap, 2.2 * label_size))
      figure.text((from + to) / 2, top + label_size, words, {.size = label_size, .anchor = Anchor::middle});
    figure.line({from, top + label_size + 7.5}, {to, top + label_size + 7.5}, colours::faint, 1);
  }
  if (step < 18) return;
  const int columns =
      view.groups.empty() ? view.columns : view.groups.back().first + view.groups.back().count;
  for (int c = 0; c < columns; ++c)
    figure.text(left + c * step + (step - map_gap) / 2, top + header_height - 6, std::to_string(c + 1),
                {.size = 11, .anchor = Anchor::middle, .colour = colours::faint});
}

void draw_scale(Drawing& figure, double x, double y, double width) {
  Image bar(101, 1);
  for (int i = 0; i <= 100; ++i) {
    const Colour c = diverging(i / 50.0 - 1);
    bar.pixel(0, i)[0] = c.r, bar.pixel(0, i)[1] = c.g, bar.pixel(0, i)[2] = c.b;
  }
  figure.add(Bitmap{x, y, width, 12, bar, 1});
  figure.frame(x, y, width, 12, colours::faint);
  const TextStyle style{.size = 11, .anchor = Anchor::middle, .colour = colours::faint};
  figure.text(x + 6, y + 26, "-1", style);
  figure.text(x + width / 2, y + 26, "0", style);
  figure.text(x + width - 4, y + 26, "1", style);
}

/// What frames and fading mean.
void draw_key(Drawing& figure, const NetworkView& view, double x, double y) {
  const auto any = [&](auto&& test) { return std::ranges::any_of(view.places, test); };
  const auto entry = [&](const std::string& words, bool framed, double alpha) {
    figure.add(Bitmap{x, y, 16, 16, map_image(std::vector<float>(1, 0.35F), 1, 1), alpha});
    if (framed) figure.frame(x - 1, y - 1, 18, 18);
    figure.text(x + 24, y + 13, words, {.size = label_size});
    y += 24;
  };
  entry("computed here", true, 1);
  if (any([](const ValuePlace& p) { return p.copy && p.presence == Presence::used; }))
    entry("copy, carried up", false, 1);
  if (any([](const ValuePlace& p) { return p.presence == Presence::unused; }))
    entry("no output reads it", true, 0.3);
}

}  // namespace

void FeatureFigureOptions::validate() const {
  skein::validate(grid);
  if (cell < smallest_cell || cell > 1024)
    throw ConfigError("a feature map is drawn 6 to 1024 pixels wide, not " + std::to_string(cell));
}

Drawing feature_figure(const NetworkView& view, const FeatureFigureOptions& options) {
  options.validate();
  // Step 1. Sizes.
  const double longer = std::max(options.grid.width, options.grid.height);
  int cell = options.cell;
  while (cell > smallest_cell && std::max(view.columns, view.layers) * (cell + map_gap) > largest_figure)
    --cell;
  if (std::max(view.columns, view.layers) * (cell + map_gap) > largest_figure)
    throw ConfigError("a network of " + std::to_string(view.layers) + " layers x " +
                      std::to_string(view.columns) + " units is too large for a figure of feature maps");
  const auto side = [&](int n) { return std::max(2, static_cast<int>(std::lround(cell * n / longer))); };
  const Grid maps_grid{side(options.grid.width), side(options.grid.height), options.grid.extent};
  const double step_x = maps_grid.width + map_gap, step_y = std::max(maps_grid.height + map_gap, 17);
  const bool draws = view.network.signature().outputs == picture_signature().outputs;
  const double picture_scale = std::min(1.0, 256 / longer);
  const Grid picture_grid{std::max(1, static_cast<int>(options.grid.width * picture_scale)),
                          std::max(1, static_cast<int>(options.grid.height * picture_scale)),
                          options.grid.extent};
  const double left = maps_margin + row_label_width;
  const double top = maps_margin + (options.title.empty() ? 0 : maps_title_size + 14) + header_height;
  const double right = left + view.columns * step_x + 20,
               side_width = std::max(170, draws ? picture_grid.width : 0);
  Drawing figure{
      right + side_width + maps_margin,
      std::max(top + view.layers * step_y, top + (draws ? picture_grid.height : 0) + 140) + maps_margin,
      {}};

  // Step 2. Axes.
  if (!options.title.empty())
    figure.text(maps_margin, maps_margin + maps_title_size, options.title,
                {.size = maps_title_size, .bold = true});
  draw_header(figure, view, left, top - header_height, step_x);
  const bool output_row =
      std::ranges::any_of(view.places, [](const ValuePlace& p) { return p.kind == "output"; });
  for (int layer = 0; layer < view.layers; ++layer)
    figure.text(left - 10, top + layer * step_y + maps_grid.height / 2.0 + 5,
                layer == 0                               ? "inputs"
                : output_row && layer + 1 == view.layers ? "outputs"
                                                         : std::to_string(layer),
                {.size = label_size, .anchor = Anchor::end});
  figure.text(maps_margin + 12, top + view.layers * step_y / 2, "layer",
              {.size = label_size, .anchor = Anchor::middle, .colour = colours::faint, .upward = true});

  // Step 3. Maps.
  std::vector<ValueIndex> shown;
  for (std::size_t v = 0; v < view.places.size(); ++v)
    if (view.places[v].presence != Presence::absent) shown.push_back(static_cast<ValueIndex>(v));
  std::vector<float> maps(shown.size() * maps_grid.pixels());
  const Plan plan(view.network);
  feature_maps(plan, view.weights, maps_grid, shown, maps);
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const ValuePlace& place = view.places[shown[i]];
    const double x = left + place.column * step_x, y = top + place.layer * step_y;
    const auto map = std::span<const float>(maps).subspan(i * maps_grid.pixels(), maps_grid.pixels());
    const double alpha = place.presence == Presence::used ? 1 : 0.3;
    figure.add(Bitmap{x, y, double(maps_grid.width), double(maps_grid.height),
                      map_image(map, maps_grid.width, maps_grid.height), alpha,
                      place.kind + (place.name.empty() ? "" : " " + place.name)});
    if (!place.copy)
      figure.frame(x - 1, y - 1, maps_grid.width + 2, maps_grid.height + 2, colours::ink.with_alpha(alpha));
  }

  // Step 4. The picture and the key.
  double y = top;
  if (draws) {
    figure.add(Bitmap{right, y, double(picture_grid.width), double(picture_grid.height),
                      to_image(draw(plan, view.weights, picture_grid)), 1, "picture"});
    figure.frame(right - 1, y - 1, picture_grid.width + 2, picture_grid.height + 2, colours::hairline);
    y += picture_grid.height + 18;
  }
  draw_scale(figure, right, y, side_width);
  draw_key(figure, view, right + 1, y + 46);
  return figure;
}

}  // namespace skein::experiments
