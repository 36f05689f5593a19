#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "experiments/regime/depth_shape.hpp"
#include "experiments/regime/regime_rows.hpp"
#include "lib/base/progress.hpp"

namespace skein::experiments {

/// Values of one cell of a heat map.
struct RegimeCell {
  std::size_t connection = 0;
  int depth = 0;
  std::size_t column = 0;
  std::size_t n = 0;                   ///< networks that have the number
  double mean = 0, low = 0, high = 0;  ///< over seeds, with the 95 % interval of the mean; NaN without any
  std::size_t blank = 0, diverged = 0, failed = 0,
              never = 0;  ///< networks of the cell, of those that are finished
};

/// What a number of one way of connecting does along depth.
struct RegimeShape {
  std::size_t connection = 0, column = 0;
  ShapeFinding finding;  ///< of the values times the column's sign (of the loss: of its logarithm to 10)
  std::optional<bool> holds_own;  ///< whether the place's interval holds the genome's depth
};

/// Networks of one connection against others of the same depth, seed and options: a control of the same count, or the dense
/// networks that they are cut from.
struct ConnectivityEffect {
  std::size_t connection = 0, control = 0, column = 0;
  std::optional<int> depth;  ///< nothing: all depths together
  std::size_t pairs = 0;     ///< of one depth and seed each
  double effect = 0, low = 0,
         high = 0;         ///< mean difference times the column's sign, with its 95 % interval (Student's t)
  double p = 1;            ///< two-sided, by flipping signs of pairs (exact to 30)
  bool same_count = true;  ///< the control is one of connectivity beyond count
};

/// Of a connection's effects over all depths, that against the control of the same count with the larger p, the first of equals; one without p
/// only where none has any. Nothing where there is no control.
std::optional<std::size_t> harder_effect(std::span<const ConnectivityEffect> effects, std::size_t connection,
                                         std::size_t column);

/// One target, analysed.
struct RegimeFinding {
  RegimeTarget target;
  std::vector<RegimeCell> cells;
  std::vector<RegimeShape> shapes;
  std::vector<ConnectivityEffect> effects;
  std::optional<std::size_t> judged_shape;   ///< in `shapes`: by what the target is judged
  std::optional<std::size_t> judged_effect;  ///< in `effects`: that against the control with the larger p
  std::size_t judged_column = 0;
};

/// Cells, shapes and effects. A target is judged by `measure`: its shape is that of SP's networks of the fewest weights
/// (of the first connection with several depths where there is no SP), its effect theirs against their shuffles and their
/// random masks over all depths, whichever has the larger p. Pairs are the units of the effects. Those of different seeds
/// share nothing but the target; those of one seed at different depths do where layers are equally wide: the dense networks
/// start from the same weights in the layers that both have, and random masks keep nearly the same places there, so that an
/// effect over all depths counts them as more independent than they are. Throws Interrupted when the listener asked to stop.
std::vector<RegimeFinding> analyse_regime(std::vector<RegimeTarget> targets, const std::string& measure,
                                          const ShapeSettings& settings, const ProgressListener& listener);

}  // namespace skein::experiments
