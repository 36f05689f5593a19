#include "experiments/nets/target_shelf.hpp"

#include <algorithm>

#include "experiments/jobs/training_options.hpp"
#include "experiments/nets/net.hpp"
#include "experiments/nets/target_picture.hpp"
#include "lib/base/error.hpp"
#include "lib/base/sound_text.hpp"

namespace skein::experiments {
namespace {

/// The target at the size that is allowed: a small picture keeps its own.
TargetPicture sized_target(const std::string& argument, int size, int most) {
  if (size > 0) return load_target(argument, size);
  TargetPicture target = load_target(argument);
  if (!target.net && std::max(target.picture.width, target.picture.height) <= most) return target;
  return load_target(argument, most);
}

}  // namespace

std::unique_ptr<RowTarget> TargetShelf::load(const std::string& argument, int size) const {
  const TargetPicture loaded = sized_target(argument, size > 0 ? size : size_, most_);
  auto target = std::make_unique<RowTarget>();
  target->name = loaded.title;
  target->picture = loaded.picture;
  if (loaded.net) target->evolved = as_mlp(*loaded.net);
  if (loaded.net) target->genome = loaded.net->genome;
  target->architecture =
      target->evolved ? sgd::architecture_of(target->evolved->wiring).text() : default_architecture;
  return target;
}

std::size_t TargetShelf::add(const std::string& argument, std::string name) {
  auto target = load(argument, 0);
  name = sound_text(name.empty() ? target->name : name);
  if (std::ranges::find(names_, name) != names_.end())
    throw ConfigError("two targets are called '" + name + "'; give one of them another name");
  target->name = name;
  const std::size_t index = arguments_.size();
  arguments_.push_back(argument);
  names_.push_back(name);
  loaded_.emplace(std::pair{index, 0}, std::move(target));
  return index;
}

const RowTarget& TargetShelf::at(std::size_t index, int size) const {
  if (size == size_) size = 0;
  const std::scoped_lock lock(mutex_);
  auto& target = loaded_[{index, size}];
  if (!target) {
    target = load(arguments_.at(index), size);
    target->name = names_[index];
  }
  return *target;
}

}  // namespace skein::experiments
