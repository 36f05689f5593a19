#include "experiments/figures/feature_figure.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "lib/base/error.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

/// Two hidden layers of (cache, sin): x goes up through a copy, sin(y) is computed and read, layer 2's sin
/// has no input.
sgd::Mlp small_mlp() {
  sgd::Mlp mlp;
  mlp.wiring = sgd::dense_wiring(sgd::parse_architecture("2;cache:1,sin:1"), picture_signature());
  auto& masks = mlp.wiring.masks;
  masks = {{1, 0, 0, 0, 0, 1, 0, 0}, {1, 0, 0, 0}, {0, 0, 0, 0, 1, 0}};
  mlp.wiring.copies = {{1, 0, 0, 0, 0, 0, 0, 0}, {1, 0, 0, 0}, {0, 0, 0, 0, 0, 0}};
  mlp.wiring.hidden[0][0].origin = sgd::UnitOrigin{0, 0, true};
  mlp.wiring.hidden[1][0].origin = sgd::UnitOrigin{0, 0, true};
  mlp.weights = {1, 2, 1, 0.5F};
  return mlp;
}

template <class T>
int count(const Drawing& drawing, auto&& test) {
  return static_cast<int>(std::ranges::count_if(drawing.marks, [&](const Mark& mark) {
    const auto* found = std::get_if<T>(&mark);
    return found && test(*found);
  }));
}

}  // namespace

TEST_CASE("a view knows what is used, read by nobody, absent or a copy") {
  const NetworkView view = view_of(small_mlp());
  const auto place = [&](int layer, int column) {
    return *std::ranges::find_if(view.places,
                                 [&](auto& p) { return p.layer == layer && p.column == column; });
  };
  CHECK(view.layers == 4);
  CHECK(place(1, 0).copy);
  CHECK(place(1, 0).kind == "cache");
  CHECK(place(1, 0).presence == Presence::used);
  CHECK(place(1, 1).presence == Presence::unused);
  CHECK(place(2, 1).presence == Presence::absent);
  CHECK(place(3, 2).name == "brightness");
  CHECK(place(0, 2).name == "d");
  REQUIRE(view.groups.size() == 2);
  CHECK(view.groups[1].kind == "sin");
  CHECK(view.groups[1].first == 1);
}

TEST_CASE("the feature-map figure frames what is computed, leaves copies unframed and absent units blank") {
  const Drawing figure = feature_figure(view_of(small_mlp()), {.cell = 40});
  const auto maps = count<Bitmap>(figure, [](const Bitmap& b) { return b.width == 40; });
  const auto frames =
      count<Line>(figure, [](const Line& l) { return l.closed && l.points[2].x - l.points[0].x == 41; });
  CHECK(maps == 4 + 2 + 1 + 3);  // inputs, layers 1 and 2, outputs
  CHECK(frames == maps - 2);     // the two copies
  CHECK(count<Bitmap>(figure, [](const Bitmap& b) { return b.title == "picture"; }) == 1);
  CHECK(count<Bitmap>(figure, [](const Bitmap& b) { return b.width == 40 && b.alpha < 1; }) ==
        4);  // sin(y) and y, d, bias
}

TEST_CASE("a map's colours are those of its values") {
  const Drawing figure = feature_figure(view_of(small_mlp()), {.cell = 41});
  const auto found = std::ranges::find_if(figure.marks, [](const Mark& mark) {
    const auto* b = std::get_if<Bitmap>(&mark);
    return b && b->title == "input x";
  });
  REQUIRE(found != figure.marks.end());
  const Image& map = std::get<Bitmap>(*found).image;
  REQUIRE(map.width == 41);
  const auto at = [&](int column) {
    return Colour{map.pixel(7, column)[0], map.pixel(7, column)[1], map.pixel(7, column)[2]};
  };
  CHECK(at(0) == diverging(-1));
  CHECK(at(20) == diverging(0));
  CHECK(at(40) == diverging(1));
}

TEST_CASE("networks that draw no picture and maps that are not square have their figure too") {
  NetworkBuilder builder({{"x", "y"}, {"out"}});
  const ValueIndex unit = builder.add_unit({Activation::tanh, 1}, std::vector<Edge>{{0, 0}, {1, 1}});
  const Network network = std::move(builder).finish({unit});
  const NetworkView view = view_of(network, {1.0F, -2.0F});
  const Drawing figure = feature_figure(view, {.grid = {.width = 300, .height = 100}, .cell = 60});
  CHECK(count<Bitmap>(figure, [](const Bitmap& b) { return b.width == 60 && b.height == 20; }) == 3);
  CHECK(count<Bitmap>(figure, [](const Bitmap& b) { return b.title == "picture"; }) == 0);
  CHECK(view.places.back().name == "out");
}

TEST_CASE("feature maps of impossible size and weights that do not fit are refused") {
  CHECK_THROWS_AS(feature_figure(view_of(small_mlp()), {.cell = 2}), ConfigError);
  sgd::Mlp mlp = small_mlp();
  mlp.weights.pop_back();
  CHECK_THROWS_AS(view_of(mlp), ConfigError);
}
