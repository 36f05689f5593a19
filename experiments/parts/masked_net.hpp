#pragma once

#include <string>

#include "experiments/parts/parts_target.hpp"
#include "experiments/parts/subnetworks.hpp"
#include "experiments/runs/net.hpp"

namespace skein::experiments {

/// A network whose pieces are to be looked for, with the labels of its own links where it is a genome that has the
/// parts' labels: the target itself, or another whose links carry them.
MaskedNet masked_net(const Net& net, const std::vector<neat::LinkLabel>& labels, const PictureParts& parts);

}  // namespace skein::experiments
