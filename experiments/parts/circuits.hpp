#pragma once

#include <optional>
#include <string>
#include <vector>

#include "experiments/parts/learned_mask.hpp"
#include "experiments/parts/subnetworks.hpp"

namespace skein::experiments {

/// The fewest units that draw a part of the picture, after Gao et al. 2025 (weight-sparse transformers): units left
/// out are replaced by their mean. Task and search are ours; see PARTS.md.
struct CircuitSettings {
  double tolerance =
      0.1;  ///< error allowed within the part's region, of the picture's variance there, in (0, 1)
  MaskSettings mask = {.steps = 200};
  std::uint64_t seed = 0;
  void validate() const;  ///< throws ConfigError
};

/// The circuit of one part.
struct Circuit {
  std::string name;
  std::vector<std::uint8_t> kept;  ///< per unit of the network; outputs always
  int units = 0;                   ///< kept, outputs not counted
  int edges = 0;                   ///< weights other than 0 between what is kept, inputs and outputs
  bool reached = false;            ///< false: even the whole network misses the tolerance; everything is kept
  double error = 0;                ///< within the region, of the variance there
  double sufficient = 0;  ///< 1 - error, clipped to [0, 1]: how well the circuit alone draws the part
  double necessary = 0;   ///< how much of the part is lost when the circuit is replaced by its means, 0 to 1
  /// Control: the mean of five random circuits of as many units. Units, not paths: in a thin network few of them lie between
  /// an input and an output, and 0 says little (PARTS.md).
  double random_sufficient = 0;
  /// Against the labelled weights, where the net's own labels are known. A part drawn over another needs units of both:
  /// recall says whether its own are among them.
  std::optional<double> edge_f1, edge_recall;
};

struct Circuits {
  std::vector<Circuit> parts;
  double edges = 0;    ///< geometric mean over the parts whose tolerance was reached
  double overlap = 0;  ///< mean Jaccard index of two parts' edges
};

/// For each part: unit gates are learned on the part's region (mean squared error against `whole`, means over the
/// region), the fewest best units within the tolerance found by bisection, then one unit after the other tried
/// without. Units that only base labels feed are always kept where labels are known. Throws ConfigError without
/// parts; Error when the listener stops it.
Circuits find_circuits(const MaskedNet& net, const PictureParts& parts, const Picture& whole,
                       const CircuitSettings& settings, const ProgressListener& listener = {});

}  // namespace skein::experiments
