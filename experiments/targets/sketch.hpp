#pragma once

#include <initializer_list>
#include <string>

#include "neat/genome/genome.hpp"

namespace skein::experiments {

/// A CPPN written by hand, node by node, each link with the factor of the picture that it serves.
class Sketch {
 public:
  /// The inputs are x, y, d, bias and the outputs hue, saturation, brightness, which are not squashed.
  explicit Sketch(std::string name);

  struct Wire {
    neat::Marking source;
    double weight = 0;
  };
  static constexpr neat::Marking x{0, 0}, y{0, 1}, d{0, 2}, bias{0, 3};
  static constexpr neat::Marking hue{0, 4}, saturation{0, 5}, brightness{0, 6};

  /// The label of every link drawn from here on.
  void factor(std::string label);
  /// A hidden node fed by the wires.
  neat::Marking node(Activation activation, std::initializer_list<Wire> wires);
  /// Links into a node that exists.
  void link(neat::Marking target, std::initializer_list<Wire> wires);

  struct Colour {
    double hue, saturation, brightness;
  };
  /// The colour where nothing is painted.
  void ground(Colour colour);
  /// Adds `change` to the outputs in proportion to `mask`, which should be 0 outside of what it masks; or the
  /// factor would reach everywhere. Amounts of 0 make no link.
  void paint(neat::Marking mask, Colour change);

  /// Throws ConfigError as neat::validate does.
  neat::AnnotatedGenome finish() &&;

 private:
  neat::AnnotatedGenome result_;
  std::string factor_;
};

}  // namespace skein::experiments
