#include "experiments/parts/parts_target.hpp"

#include "experiments/labels/label_agreement.hpp"
#include "experiments/nets/target_picture.hpp"
#include "lib/base/error.hpp"

namespace skein::experiments {

PartsTarget load_parts(const PartsArguments& arguments, int size) {
  if (!arguments.labels.empty() && !arguments.regions.empty())
    throw ConfigError("--labels and --regions both say what the parts are: give one");
  PartsTarget result;
  if (!arguments.regions.empty()) {
    TargetPicture target = load_target(arguments.target, size);
    result.title = target.title;
    result.parts = parts_of_regions(read_image(arguments.regions));
    result.pictures = part_pictures(resize(target.picture, size, size), result.parts);
    return result;
  }
  TargetPicture target = load_target(arguments.target, size);
  if (!target.net || !target.net->genome)
    throw ConfigError(arguments.target + ": its parts are not known; give --regions, a PNG of flat colours" +
                      (arguments.labels.empty() ? "" : " (labels belong to the links of a genome)"));
  const neat::AnnotatedGenome& annotated = *target.net->genome;
  const auto labels = arguments.labels.empty() ? annotated.notes.labels : read_labels(arguments.labels);
  result.title = target.title;
  try {
    result.parts = parts_of(annotated.genome, labels);
  } catch (const ConfigError& error) {
    throw ConfigError((arguments.labels.empty() ? arguments.target : arguments.labels) + ": " + error.what());
  }
  result.pictures = part_pictures(annotated.genome, result.parts, size);
  result.genome = annotated.genome;
  return result;
}

}  // namespace skein::experiments
