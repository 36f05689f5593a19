#include "experiments/targets/hand_built.hpp"
#include "experiments/targets/sketch.hpp"

namespace skein::experiments {

/// A head with two eyes, brows, a nose and a mouth before a plain wall. y runs downwards.
neat::AnnotatedGenome face() {
  using enum Activation;
  Sketch s("face");
  const auto x = Sketch::x, y = Sketch::y, bias = Sketch::bias;

  s.factor("outline");
  const auto width = s.node(gaussian, {{x, 0.75}});
  const auto jaw = s.node(sigmoid, {{y, 4.0}});
  const auto height = s.node(gaussian, {{y, 0.58}});
  const auto head = s.node(identity, {{width, 1.0}, {height, 1.0}, {jaw, -0.06}, {bias, -1.56}});
  const auto skin = s.node(relu, {{s.node(tanh, {{head, 50.0}}), 1.0}});
  const auto rim = s.node(relu, {{s.node(gaussian, {{head, 18.0}}), 1.0}});
  s.paint(skin, {-0.50, 0, 0.60});
  s.paint(rim, {0, 0, -0.5});

  s.factor("eyes");
  const auto sides = s.node(gaussian, {{x, 1.2}});
  const auto pair = s.node(gaussian, {{sides, 4.5}, {bias, -3.5}});
  const auto level = s.node(gaussian, {{y, 8.0}, {bias, 1.3}});
  const auto eye = s.node(identity, {{pair, 1.0}, {level, 1.0}, {bias, -1.05}});
  const auto white = s.node(relu, {{s.node(tanh, {{eye, 8.0}}), 1.0}});
  const auto iris = s.node(relu, {{s.node(tanh, {{eye, 12.0}, {bias, -4.5}}), 1.0}});
  const auto pupil = s.node(relu, {{eye, 5.0}, {bias, -3.2}});
  s.paint(white, {0, -0.5, 0});
  s.paint(iris, {0.5, 0.8, -0.35});
  s.paint(pupil, {0, 0, -0.4});

  s.factor("brows");
  const auto arch = s.node(gaussian, {{x, 1.3}});
  const auto brow_pair = s.node(gaussian, {{arch, 2.8}, {bias, -1.9}});
  const auto brow_level = s.node(gaussian, {{y, 13.0}, {arch, 1.2}, {bias, 4.1}});
  const auto brow_area = s.node(tanh, {{brow_pair, 7.0}, {brow_level, 7.0}, {bias, -8.5}});
  s.paint(s.node(relu, {{brow_area, 1.0}}), {0, 0, -0.6});

  s.factor("nose");
  const auto bridge = s.node(gaussian, {{x, 8.0}});
  const auto tip = s.node(gaussian, {{y, 4.5}, {bias, -0.5}});
  const auto nose = s.node(relu, {{bridge, 1.0}, {tip, 1.0}, {bias, -1.0}});
  s.paint(nose, {0, 0, -0.2});

  s.factor("mouth");
  const auto smile = s.node(gaussian, {{x, 1.6}});
  const auto line = s.node(gaussian, {{y, 9.0}, {smile, -1.8}, {bias, -2.6}});
  const auto lips = s.node(identity, {{line, 1.0}, {smile, 1.2}, {bias, -1.4}});
  const auto mouth = s.node(relu, {{s.node(tanh, {{lips, 15.0}}), 1.0}});
  s.paint(mouth, {-0.09, 0.35, -0.25});

  s.factor("wall");
  const auto glow = s.node(gaussian, {{Sketch::d, 0.6}});
  s.link(Sketch::brightness, {{glow, 0.12}});
  s.factor("light");
  s.link(Sketch::brightness, {{x, -0.08}});
  s.factor("tint");
  s.ground({0.57, 0.5, 0.38});
  return std::move(s).finish();
}

}  // namespace skein::experiments
