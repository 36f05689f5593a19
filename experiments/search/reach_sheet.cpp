#include "experiments/search/reach_sheet.hpp"

#include <sstream>

#include "experiments/figures/contact_sheet.hpp"
#include "experiments/nets/load_net.hpp"
#include "lib/engine/engine.hpp"
#include "lib/picture/image.hpp"

namespace skein::experiments {

Drawing reach_sheet(const RunFolder& run, const ReachTable& table) {
  std::vector<SheetEntry> entries;
  for (std::size_t a = 0; a < table.aims.size(); ++a) {
    const int size = table.aims[a].picture.width;
    entries.push_back({to_image(table.aims[a].picture), table.aims[a].name});
    for (const Arm arm : table.arms) {
      const Trial& trial = *table.of(arm, a).front();
      const Net net = load_net(run.file(reach_genome_file(table, trial)).string());
      const Picture picture = draw(Plan(net.network), net.weights, Grid{size, size});
      std::ostringstream caption;
      caption.precision(3);
      caption << name(arm) << ' ' << trial.error();
      entries.push_back({to_image(picture), caption.str()});
    }
  }
  const SheetOptions sheet{.title = "each target and the nearest picture from the first seed",
                           .columns = static_cast<int>(table.arms.size()) + 1,
                           .cell = 160};
  return contact_sheet(entries, sheet);
}

}  // namespace skein::experiments
