#include "experiments/targets/hand_built.hpp"
#include "experiments/targets/sketch.hpp"

namespace skein::experiments {

/// The sun going down behind hills over the sea. y runs downwards; the horizon is at y = 0.3.
neat::AnnotatedGenome sunset() {
  using enum Activation;
  Sketch s("sunset");
  const auto x = Sketch::x, y = Sketch::y, bias = Sketch::bias;

  s.factor("sky");
  const auto glow = s.node(gaussian, {{y, 1.1}, {bias, -0.33}});
  s.link(Sketch::hue, {{glow, 0.14}});
  s.link(Sketch::brightness, {{glow, 0.28}});

  s.factor("sea");
  const auto sea = s.node(relu, {{s.node(tanh, {{y, 40.0}, {bias, -12.0}}), 1.0}});
  const auto depth = s.node(relu, {{y, 0.3}, {bias, -0.09}});
  s.paint(sea, {-0.34, 0, 0.2});
  s.paint(depth, {0, 0, -1.0});

  s.factor("hills");
  const auto wave = s.node(sin, {{x, 3.0}, {bias, 0.8}});
  const auto ripple = s.node(sin, {{x, 7.0}, {wave, 1.5}});
  const auto ridge = s.node(identity, {{y, 1.0}, {wave, 0.1}, {ripple, 0.05}, {bias, -0.12}});
  const auto hills = s.node(relu, {{s.node(tanh, {{ridge, 70.0}}), 1.0}, {sea, -1.6}});
  s.paint(hills, {-0.06, 0.1, -0.42});

  s.factor("sun");
  const auto sun_x = s.node(gaussian, {{x, 1.6}, {bias, 0.4}});
  const auto sun_y = s.node(gaussian, {{y, 1.6}, {bias, 0.15}});
  const auto disc = s.node(tanh, {{sun_x, 30.0}, {sun_y, 30.0}, {bias, -48.0}});
  const auto sun = s.node(relu, {{disc, 1.0}, {hills, -1.0}});
  s.paint(sun, {0.06, 0, 0.5});

  s.factor("reflection");
  const auto swell = s.node(sin, {{y, 45.0}, {x, 1.5}});
  const auto lane = s.node(gaussian, {{x, 2.4}, {swell, 0.25}, {bias, 0.6}});
  const auto glitter = s.node(sigmoid, {{lane, 8.0}, {swell, 5.0}, {sea, 24.0}, {bias, -27.0}});
  s.paint(s.node(relu, {{glitter, 1.0}}), {0.5, 0, 0.6});

  s.factor("tint");
  s.ground({0.88, 0.75, 0.45});
  return std::move(s).finish();
}

}  // namespace skein::experiments
