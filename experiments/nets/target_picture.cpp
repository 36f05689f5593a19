#include "experiments/nets/target_picture.hpp"

#include <algorithm>
#include <cstdint>
#include <filesystem>

#include "experiments/nets/load_net.hpp"
#include "experiments/targets/targets.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/picture/image.hpp"

namespace skein::experiments {
namespace {

void require_target_size(int size) {
  if (size < 0 || size > largest_image_side)
    throw ConfigError("size " + std::to_string(size) + ": must be between 1 and " +
                      std::to_string(largest_image_side));
}

}  // namespace

TargetPicture target_of(Net net, int size) {
  require_target_size(size);
  const int side = size > 0 ? size : default_picture_size;
  if (!net.draws())
    throw ConfigError(net.title + ": this network does not draw, so it is no target for one that does");
  Picture picture = draw(Plan(net.network), net.weights, Grid{side, side});
  std::string title = net.title;
  return {std::move(title), std::move(picture), std::move(net)};
}

TargetPicture target_of(Picture picture, std::string title, int size) {
  require_target_size(size);
  const int longer = std::max(picture.width, picture.height);
  const auto scaled = [&](int length) {
    return static_cast<int>(std::max<std::int64_t>(1, (std::int64_t{length} * size + longer / 2) / longer));
  };
  if (size > 0 && size != longer) picture = resize(picture, scaled(picture.width), scaled(picture.height));
  return {std::move(title), std::move(picture), std::nullopt};
}

TargetPicture load_target(const std::string& argument, int size) {
  require_target_size(size);
  const int side = size > 0 ? size : default_picture_size;
  if (argument.starts_with('@') && !built_in_target(argument).genome)
    return {argument, built_in_target(argument).draw(Grid{side, side}), std::nullopt};
  if (is_there(argument) && std::filesystem::is_regular_file(argument)) {
    const std::string bytes = read_file(argument);
    if (is_image(bytes))
      return target_of(to_picture(decode_image(bytes, argument)), title_of(argument), size);
  }
  return target_of(load_drawing_net(argument), size);
}

}  // namespace skein::experiments
