#include "experiments/cli/net_in_parts.hpp"

#include <vector>

#include "experiments/labels/label_agreement.hpp"
#include "experiments/nets/load_net.hpp"
#include "lib/engine/engine.hpp"

namespace skein::experiments {

PartsTarget load_parts_of_network(const std::string& net, PartsArguments parts, const Session& session) {
  if (parts.target.empty()) parts.target = net;
  PartsTarget target = load_parts(parts);
  for (const std::string& warning : target.parts.warnings) session.say(warning);
  return target;
}

NetInParts load_net_in_parts(const std::string& net, const PartsArguments& parts, const PartsTarget& target) {
  const Net loaded = load_drawing_net(net);
  std::vector<neat::LinkLabel> labels;
  if (loaded.genome) labels = loaded.genome->notes.labels;
  if (loaded.genome && !parts.labels.empty()) labels = read_labels(parts.labels);
  NetInParts result{loaded.title, masked_net(loaded, labels, target.parts), 0};
  result.loss =
      mean_squared_error(draw(Plan(result.masked.network), result.masked.weights, {parts_size, parts_size}),
                         target.pictures.whole);
  return result;
}

}  // namespace skein::experiments
