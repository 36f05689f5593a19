#pragma once

#include <string>

#include "experiments/nets/net.hpp"
#include "experiments/parts/parts_target.hpp"
#include "experiments/parts/subnetworks.hpp"

namespace skein::experiments {

/// A network whose pieces are to be looked for, with the labels of its own links where it is a genome that has the
/// parts' labels: the target itself, or another whose links carry them.
MaskedNet masked_net(const Net& net, const std::vector<neat::LinkLabel>& labels, const PictureParts& parts);

/// The same network with its weights drawn anew, each layer's permuted: the control that was never trained.
MaskedNet with_shuffled_weights(MaskedNet net, std::uint64_t seed);

}  // namespace skein::experiments
