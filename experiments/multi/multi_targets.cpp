// The pictures that are drawn together (declared in multi_run.hpp).
#include <algorithm>

#include "experiments/multi/multi_run.hpp"
#include "experiments/nets/target_picture.hpp"
#include "experiments/parts/parts_target.hpp"
#include "lib/base/error.hpp"

namespace skein::experiments {
namespace {

std::vector<MultiTarget> checked(std::vector<MultiTarget> targets) {
  if (targets.size() < 2) throw ConfigError("two pictures or more are drawn together");
  for (const MultiTarget& target : targets) {
    if (is_constant(target.picture))
      throw ConfigError(target.name + ": is of one colour, which every network can draw");
    if (target.picture.width != targets.front().picture.width ||
        target.picture.height != targets.front().picture.height)
      throw ConfigError(target.name + ": is of another shape than " + targets.front().name);
    if (std::ranges::count(targets, target.name, &MultiTarget::name) > 1)
      throw ConfigError(target.name + ": is given twice");
  }
  return targets;
}

}  // namespace

std::vector<MultiTarget> multi_targets(const std::vector<std::string>& arguments, int size) {
  std::vector<MultiTarget> targets;
  for (const std::string& argument : arguments) {
    TargetPicture loaded = load_target(argument, size);
    targets.push_back({std::move(loaded.title), std::move(loaded.picture)});
  }
  return checked(std::move(targets));
}

std::vector<MultiTarget> family_targets(const std::string& genome, int size) {
  PartsTarget found = load_parts({genome, {}, {}}, size);
  if (!found.genome) throw ConfigError(genome + ": a family needs a genome whose links are labelled");
  std::vector<MultiTarget> targets{{"whole", std::move(found.pictures.whole)}};
  std::size_t part = 0;
  for (const Part& one : found.parts.parts)
    if (!one.links.empty())
      targets.push_back({"without " + one.name, std::move(found.pictures.absent[part++])});
  std::erase_if(targets, [](const MultiTarget& target) { return is_constant(target.picture); });
  return checked(std::move(targets));
}

}  // namespace skein::experiments
