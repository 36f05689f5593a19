#include "experiments/nets/net_labels.hpp"

#include "experiments/labels/label_agreement.hpp"
#include "lib/base/error.hpp"

namespace skein::experiments {

std::vector<neat::LinkLabel> labels_of(const Net& net, const std::string& file, const std::string& argument) {
  if (file.empty()) return net.genome ? net.genome->notes.labels : std::vector<neat::LinkLabel>{};
  if (!net.genome) throw ConfigError(argument + ": labels belong to the links of a genome, this is none");
  return read_labels(file);
}

}  // namespace skein::experiments
