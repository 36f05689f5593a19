#pragma once

#include <string>

#include "experiments/parts/masked_net.hpp"
#include "experiments/parts/parts_target.hpp"
#include "experiments/runs/session.hpp"

namespace skein::experiments {

/// The target of what `add_parts_of_network` declared, which is NET itself unless --target names another; warnings are said. Throws as
/// `load_parts`.
PartsTarget load_parts_of_network(const std::string& net, PartsArguments parts, const Session& session);

/// A network in which parts are looked for, and how it draws.
struct NetInParts {
  std::string title;
  MaskedNet masked;
  double loss = 0;  ///< mean squared error on RGB against the target, at `parts_size`
};

/// The network NET for the parts of `target`; its own labels, or for a genome those of --labels, say which unit draws what.
/// Throws as `load_drawing_net`.
NetInParts load_net_in_parts(const std::string& net, const PartsArguments& parts, const PartsTarget& target);

}  // namespace skein::experiments
