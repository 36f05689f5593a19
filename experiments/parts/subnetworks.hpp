#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "experiments/parts/learned_mask.hpp"
#include "experiments/parts/picture_parts.hpp"
#include "lib/base/progress.hpp"
#include "lib/engine/engine.hpp"

namespace skein::experiments {

/// Is there a piece of a network for each part of the picture, and is that piece all there is? After Lepori, Serre
/// and Pavlick 2023 ("Break it down"); accuracies, targets and the treatment of the base are ours. PARTS.md.

/// Whose pieces are looked for.
struct MaskedNet {
  Network network;
  Weights weights;
  /// Per slot: which part its label names, `base` for a label that is always on (or none), where the net's own
  /// labels are known; empty otherwise.
  std::vector<int> label;
  static constexpr int base = -1;
};

struct SubnetworkSettings {
  MaskSettings mask = {};
  int seeds = 3;  ///< masks learned per part
  std::uint64_t seed = 0;
  void validate() const;  ///< throws ConfigError
};

/// A piece is taken out in one of these ways.
enum class Ablation : std::uint8_t {
  zero,        ///< its weights are 0
  mean,        ///< what its edges carry is replaced by the mean over the picture
  resample,    ///< its weights are drawn from the other weights of their layer
  complement,  ///< control: as many weights from outside of it are 0 instead; it stays
  none,        ///< control: nothing is; below 0 for a part that the network draws badly, empty pieces too
};
inline constexpr std::size_t ablation_count = 5;
const char* name(Ablation ablation);

/// One learned mask of one part.
struct LearnedPart {
  std::vector<std::uint8_t> mask;  ///< per slot: belongs to the piece; the base does not
  double d_sub = 0;  ///< how well the piece draws its part, less how well it draws the others; 1 wanted
  /// With the piece taken out: how well its part is still drawn, less how well the others are; -1 wanted. NaN for
  /// the control where the piece is more than half of the network.
  double d_abl[ablation_count] = {};
};

/// All masks of one part.
struct PartSubnetwork {
  std::string name;
  bool shows_alone =
      true;  ///< false: with the others off it does not show; its masks are empty, its numbers NaN
  std::vector<LearnedPart> masks;                   ///< one per seed
  double edges = 0, share = 0;                      ///< mean number of weights, and of the network's
  double d_sub = 0, d_sub_low = 0, d_sub_high = 0;  ///< mean; 95 % of resampled (seed, other part)
  double d_abl = 0, d_abl_low = 0, d_abl_high = 0;  ///< by zeros, likewise
  double ablated[ablation_count] = {};              ///< means over the seeds
  double stability = 1;                             ///< mean Jaccard index of two seeds' masks
  std::optional<double> edge_f1;                    ///< against the labelled weights, where labels are known
};

struct Subnetworks {
  std::vector<PartSubnetwork> parts;
  std::vector<std::vector<std::uint8_t>> bases;  ///< per seed and slot: always on
  double base_edges = 0;                         ///< mean number of weights that are always on
  double d_sub = 0, d_abl = 0;                   ///< means over the parts that show alone; NaN without any
  double d_abl_none = 0;                         ///< d_abl with nothing taken out, likewise
  double overlap = 0;  ///< mean Jaccard index of two parts' masks, where one is not empty
};

/// Learns a mask per part and seed over frozen weights, so that what is kept, with the base, draws the part alone
/// (`pictures.alone`); then takes it out. The base is what the net's own labels call base; without labels it is a
/// mask learned first, for the picture with every part off. Accuracy on a part q: 1 - MSE over its region by what
/// the best that lacks q has, clipped to [0, 1]; a part that makes no difference there is passed over. A part that does
/// not show with the others off (parts in series, as of most genomes that nobody built) has no piece to look for. Throws
/// ConfigError when there are fewer than two parts; Error when the listener stops it.
Subnetworks find_subnetworks(const MaskedNet& net, const PictureParts& parts, const PartPictures& pictures,
                             const SubnetworkSettings& settings, const ProgressListener& listener = {});

}  // namespace skein::experiments
