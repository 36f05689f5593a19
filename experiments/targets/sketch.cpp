#include "experiments/targets/sketch.hpp"

#include <utility>

namespace skein::experiments {

Sketch::Sketch(std::string name) {
  result_.notes.name = std::move(name);
  result_.genome.signature = picture_signature();
  for (const neat::Marking input : {x, y, d, bias})
    result_.genome.nodes.push_back({input, neat::NodeRole::input, Activation::identity});
  for (const neat::Marking output : {hue, saturation, brightness})
    result_.genome.nodes.push_back({output, neat::NodeRole::output, Activation::identity});
}

void Sketch::factor(std::string label) { factor_ = std::move(label); }

neat::Marking Sketch::node(Activation activation, std::initializer_list<Wire> wires) {
  const neat::Marking id{0, static_cast<std::int32_t>(result_.genome.nodes.size())};
  result_.genome.nodes.push_back({id, neat::NodeRole::hidden, activation});
  link(id, wires);
  return id;
}

void Sketch::link(neat::Marking target, std::initializer_list<Wire> wires) {
  for (const Wire& wire : wires) {
    const neat::Marking id{0, static_cast<std::int32_t>(result_.genome.links.size())};
    result_.genome.links.push_back({id, wire.source, target, wire.weight});
    result_.notes.labels.push_back({id, factor_, wire.weight - 1, wire.weight + 1, 0.1});
  }
}

void Sketch::ground(Colour colour) { paint(bias, colour); }

void Sketch::paint(neat::Marking mask, Colour change) {
  if (change.hue != 0) link(hue, {{mask, change.hue}});
  if (change.saturation != 0) link(saturation, {{mask, change.saturation}});
  if (change.brightness != 0) link(brightness, {{mask, change.brightness}});
}

neat::AnnotatedGenome Sketch::finish() && {
  neat::validate(result_.genome);
  return std::move(result_);
}

}  // namespace skein::experiments
