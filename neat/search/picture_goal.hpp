#pragma once

#include <memory>
#include <vector>

#include "lib/picture/picture.hpp"
#include "neat/search/map_elites.hpp"
#include "neat/search/novelty.hpp"

namespace skein::neat {

/// Draws a genome and evaluates the picture on its own: `behaviour` are its descriptors in the order of
/// `descriptor_names`, then the network's depth in layers, then the root of the mean squared error over RGB
/// to each of the `bystanders`, which are not evaluated; `fitness` is its `figure_quality`. A picture with values
/// that are not finite has no behaviour and fitness 0. Throws ConfigError when `size` is outside 8..4096 or a
/// bystander is not of that size.
Evaluator figure_evaluator(int size = 64, std::vector<Picture> bystanders = {});

/// Likeness to a picture: 1 minus the root of the mean squared error over RGB, in [0, 1]; 0 for a picture
/// with values that are not finite. No behaviour. The genome is drawn at the target's size.
Evaluator likeness_evaluator(Picture target);

/// Novelty search over the descriptors (not the depth): fitness is the novelty among the generation and the
/// archive, which is carried through checkpoints. `archive` must live as long as the goal.
Goal novelty_goal(std::shared_ptr<NoveltyArchive> archive, NoveltySettings settings = {}, int size = 64);

/// The map that open-ended search for pictures fills: complexity by symmetry by colour by the network's
/// depth. 2,000 cells.
std::vector<MapAxis> picture_axes();

}  // namespace skein::neat
