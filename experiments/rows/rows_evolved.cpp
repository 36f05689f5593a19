#include "experiments/rows/row_methods.hpp"

namespace skein::experiments {

RowMethod evolved_row() {
  return {
      .name = "evolved",
      .label = "evolved",
      .note =
          "The genome, layerised: every node sits one layer above its highest source, values needed further "
          "up are carried by copies of weight 1. It draws exactly the genome's picture.",
      .family = RowFamily::evolved,
      .in_quick = true,
      .needs_genome = true,
      .seeded = false,
      .trains = false,
      .make = [](const RowWork& work) -> std::optional<MadeRow> {
        MadeRow made;
        made.network = net_of(*work.target.evolved, work.key.method, NetSource::run);
        return made;
      }};
}

}  // namespace skein::experiments
