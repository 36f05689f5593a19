#include <vector>

#include "experiments/targets/hand_built.hpp"
#include "experiments/targets/sketch.hpp"
#include "lib/base/random.hpp"

namespace skein::experiments {
namespace {

using enum Activation;
using neat::Marking;

/// Draws objects one after the other; each is a factor with a sub-network of its own.
class Artist {
 public:
  explicit Artist(std::uint64_t seed) : random_(seed, "random sketch"), sketch_("sketch") {}

  neat::AnnotatedGenome draw() {
    background();
    using Object = void (Artist::*)();
    std::vector<Object> objects{&Artist::ellipse, &Artist::pair, &Artist::ring,
                                &Artist::horizon, &Artist::bar,  &Artist::stripes};
    random_.shuffle(std::span(objects));
    const std::size_t count = 3 + random_.below(3);
    for (std::size_t i = 0; i < count; ++i) {
      sketch_.factor("object " + std::to_string(i + 1));
      (this->*objects[i])();
    }
    sketch_.factor("tint");
    sketch_.ground({between(0, 1), between(0.2, 0.6), between(0.35, 0.6)});
    return std::move(sketch_).finish();
  }

 private:
  static constexpr Marking x = Sketch::x, y = Sketch::y, bias = Sketch::bias;

  double between(double low, double high) { return random_.uniform(low, high); }
  double either(double size) { return random_.chance(0.5) ? size : -size; }

  /// A node with `slope` * (source - centre).
  Marking around(Activation activation, Marking source, double slope, double centre) {
    return sketch_.node(activation, {{source, slope}, {bias, -slope * centre}});
  }

  void paint(Marking mask) {
    sketch_.paint(mask, {either(between(0, 0.3)), either(between(0, 0.4)), either(between(0.25, 0.6))});
  }

  /// 1 inside, 0 outside of where `field` is above 0.
  Marking mask_of(Marking field, double sharpness) {
    return sketch_.node(relu, {{sketch_.node(tanh, {{field, sharpness}}), 1.0}});
  }

  /// Above 0 within an ellipse.
  Marking ellipse_field(double size) {
    const auto across = around(gaussian, x, 0.7 / between(size, 1.6 * size), between(-0.5, 0.5));
    const auto along = around(gaussian, y, 0.7 / between(size, 1.6 * size), between(-0.5, 0.5));
    return sketch_.node(identity, {{across, 1.0}, {along, 1.0}, {bias, between(-1.3, -1.1)}});
  }

  void background() {
    sketch_.factor("background");
    const Activation kind = random_.chance(0.5) ? tanh : gaussian;
    const Marking source = random_.chance(0.5) ? y : random_.chance(0.5) ? x : Sketch::d;
    const auto shade = around(kind, source, between(0.6, 1.5), between(-0.5, 0.5));
    sketch_.link(Sketch::brightness, {{shade, either(between(0.08, 0.25))}});
    if (random_.chance(0.5)) sketch_.link(Sketch::hue, {{shade, either(between(0.03, 0.15))}});
  }

  void ellipse() { paint(mask_of(ellipse_field(0.35), between(8, 40))); }

  void ring() {
    const auto rim = sketch_.node(gaussian, {{ellipse_field(0.4), between(5, 15)}});
    paint(sketch_.node(relu, {{rim, 1.0}}));
  }

  /// The same thing left and right: x is folded first.
  void pair() {
    const auto fold = sketch_.node(gaussian, {{x, between(0.9, 1.4)}});
    const auto across = around(gaussian, fold, between(2.5, 5), between(0.0, 0.6));
    const auto along = around(gaussian, y, between(2, 7), between(-0.5, 0.5));
    const auto field = sketch_.node(identity, {{across, 1.0}, {along, 1.0}, {bias, between(-1.2, -0.9)}});
    paint(mask_of(field, between(6, 20)));
  }

  /// Everything below a wavy line.
  void horizon() {
    const auto wave = around(sin, x, between(1.5, 6), between(-1, 1));
    const auto line =
        sketch_.node(identity, {{y, 1.0}, {wave, between(0.05, 0.25)}, {bias, between(-0.5, 0.3)}});
    paint(mask_of(line, between(10, 50)));
  }

  /// A bent band across the picture, ending at some height.
  void bar() {
    const auto bend = around(sin, y, between(1, 4), between(-1, 1));
    const auto stalk =
        sketch_.node(gaussian, {{x, between(4, 9)}, {bend, between(0.5, 2)}, {bias, between(-3, 3)}});
    const auto ended = sketch_.node(
        sigmoid, {{stalk, between(8, 14)}, {y, either(between(12, 25))}, {bias, between(-8, 2)}});
    paint(sketch_.node(relu, {{ended, 1.0}}));
  }

  /// Stripes within an ellipse.
  void stripes() {
    const auto inside = ellipse_field(0.5);
    const auto wave = sketch_.node(sin, {{x, either(between(2, 14))}, {y, between(2, 14)}});
    const auto both =
        sketch_.node(sigmoid, {{wave, between(4, 8)}, {inside, between(12, 24)}, {bias, between(-8, -2)}});
    paint(sketch_.node(relu, {{both, 1.0}}));
  }

  RandomStream random_;
  Sketch sketch_;
};

}  // namespace

neat::AnnotatedGenome random_sketch(std::uint64_t seed) { return Artist(seed).draw(); }

}  // namespace skein::experiments
