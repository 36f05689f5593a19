#pragma once

#include <string>

#include "experiments/drawing/drawing.hpp"
#include "experiments/figures/network_view.hpp"

namespace skein::experiments {

struct WiringFigureOptions {
  std::string title = {};
  bool thumbnails = false;  ///< units as their feature maps instead of the curves of their activations
};

/// The wiring as a layered graph, inputs at the left: links blue above zero and orange below, as wide as
/// their weight is large; units as little curves of their activation (or feature maps), values on their way
/// up as plain grey lines. What no output reads is left out. Dense wirings are drawn thin and translucent,
/// strong links on top.
Drawing wiring_figure(const NetworkView& view, const WiringFigureOptions& options = {});

}  // namespace skein::experiments
