#include "experiments/targets/hand_built.hpp"
#include "experiments/targets/sketch.hpp"

namespace skein::experiments {

/// A daisy of eight petals on a bent stem with two leaves before an evening sky. y runs downwards; the
/// blossom sits at (0, -0.25).
neat::AnnotatedGenome flower() {
  using enum Activation;
  Sketch s("flower");
  const auto x = Sketch::x, y = Sketch::y, bias = Sketch::bias;

  s.factor("sky");
  const auto dusk = s.node(tanh, {{y, 1.2}});
  s.link(Sketch::hue, {{dusk, -0.06}});
  s.link(Sketch::brightness, {{dusk, 0.22}});

  s.factor("petals");
  const auto across = s.node(gaussian, {{x, 1.5}});
  const auto along = s.node(gaussian, {{y, 1.5}, {bias, 0.375}});
  const auto reach = s.node(identity, {{across, 0.8}, {along, 0.8}, {bias, -1.15}});
  const auto upright = s.node(gaussian, {{x, 5.5}});
  const auto level = s.node(gaussian, {{y, 5.5}, {bias, 1.375}});
  const auto rising = s.node(gaussian, {{x, 3.9}, {y, 3.9}, {bias, 0.975}});
  const auto falling = s.node(gaussian, {{x, 3.9}, {y, -3.9}, {bias, -0.975}});
  const auto a = s.node(sigmoid, {{upright, 12.0}, {reach, 22.0}});
  const auto b = s.node(sigmoid, {{level, 12.0}, {reach, 22.0}});
  const auto c = s.node(sigmoid, {{rising, 12.0}, {reach, 22.0}});
  const auto e = s.node(sigmoid, {{falling, 12.0}, {reach, 22.0}});
  const auto blossom = s.node(sigmoid, {{a, 6.0}, {b, 6.0}, {c, 6.0}, {e, 6.0}, {bias, 18.0}});
  s.paint(s.node(relu, {{blossom, 1.0}}), {0.33, -0.15, 0.62});

  s.factor("centre");
  const auto inner_x = s.node(gaussian, {{x, 2.5}});
  const auto inner_y = s.node(gaussian, {{y, 2.5}, {bias, 0.625}});
  const auto disc = s.node(sigmoid, {{inner_x, 20.0}, {inner_y, 20.0}, {bias, -32.0}});
  s.paint(s.node(relu, {{disc, 1.0}}), {0.17, 0.6, 0});

  s.factor("stem");
  const auto bend = s.node(sin, {{y, 3.0}, {bias, -1.1}});
  const auto stalk = s.node(gaussian, {{x, 14.0}, {bend, 1.0}});
  const auto stem_area = s.node(sigmoid, {{stalk, 12.0}, {y, 30.0}, {bias, -23.2}});
  const auto stem = s.node(relu, {{stem_area, 1.0}});
  s.paint(stem, {-0.27, 0, 0.15});

  s.factor("leaves");
  const auto spread = s.node(gaussian, {{x, 1.8}});
  const auto blade = s.node(gaussian, {{y, 8.0}, {spread, 3.0}, {bias, -7.4}});
  const auto leaf = s.node(sigmoid, {{blade, 14.0}, {spread, 14.0}, {stem, -20.0}, {bias, -10.0}});
  s.paint(s.node(relu, {{leaf, 1.0}}), {-0.25, 0, 0.2});

  s.factor("tint");
  s.ground({0.61, 0.65, 0.42});
  return std::move(s).finish();
}

}  // namespace skein::experiments
