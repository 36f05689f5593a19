#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/parts/parts_target.hpp"
#include "lib/base/progress.hpp"
#include "sgd/mlp/mlp.hpp"

namespace skein::experiments {

/// What is done to one part of a picture.
enum class Edit : std::uint8_t {
  removed,     ///< its links switched off
  moved,       ///< its links from x, y and d read coordinates that are moved by `role_shift` to the right
  recoloured,  ///< its links into the outputs have the opposite sign
};
inline constexpr std::size_t edit_kinds = 3;
std::string_view name(Edit edit);

struct TransferSettings {
  std::int64_t steps = 2000;  ///< at most
  int size = 64;              ///< side of the pictures, pixels
  double rate = 3e-3;         ///< of Adam, constant
  double bar = 0.1;           ///< of the squared error between the picture and its edit, in (0, 1)
  std::uint64_t seed = 0;     ///< of the weights that are drawn anew
  void validate() const;      ///< throws ConfigError
};

/// How long a network takes to draw an edited picture.
struct Transfer {
  std::string part;
  Edit edit = Edit::removed;
  double bar = 0;  ///< the squared error that is to be reached
  std::optional<std::int64_t> steps,
      fresh;  ///< from the network's own weights, from new ones in its wiring; nothing:
              ///< not within the steps allowed
  double least = 0, fresh_least = 0;  ///< least squared error on the way
};

/// The picture of the target's genome with one part edited; nothing where that changes nothing.
std::optional<Picture> edited_picture(const PartsTarget& target, const Part& part, Edit edit, int size);

/// Every part and edit that shows. Every weight is trained. Throws ConfigError where the parts do not come from a genome or
/// nothing shows; Error when the listener asks to stop.
std::vector<Transfer> find_transfer(const sgd::Mlp& network, const PartsTarget& target,
                                    const TransferSettings& settings, const ProgressListener& listener = {});

}  // namespace skein::experiments
