#include "experiments/practice/practice_targets.hpp"

#include <algorithm>

#include "experiments/parts/picture_parts.hpp"
#include "experiments/targets/hand_built.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "neat/files/genome_file.hpp"

namespace skein::experiments {

int part_count(const BasinTarget& target) {
  if (!target.parts) return 0;
  return static_cast<int>(target.parts->count()) -
         static_cast<int>(std::ranges::count(target.parts->names, outside_name));
}

std::vector<BasinTarget> sketch_targets(int parts, int count, int size, const std::filesystem::path& folder) {
  constexpr std::uint64_t most_sketches = 1000;
  make_folder(folder);
  std::vector<BasinTarget> targets;
  for (std::uint64_t seed = 1; seed <= most_sketches && std::ssize(targets) < count; ++seed) {
    const neat::AnnotatedGenome genome = random_sketch(seed);
    const PictureParts found = parts_of(genome.genome, genome.notes.labels);
    const auto counted =
        std::ranges::count_if(found.parts, [](const Part& part) { return !part.links.empty(); });
    if (counted != parts) continue;
    const std::string name = "sketch-" + std::to_string(seed);
    const std::filesystem::path file = folder / (name + ".genome");
    neat::write_genome(file, genome);
    BasinTarget target = load_basin_target(file.string(), size);
    target.title = name;
    targets.push_back(std::move(target));
  }
  if (std::ssize(targets) < count)
    throw ConfigError("of " + std::to_string(most_sketches) + " random sketches " +
                      std::to_string(targets.size()) + " have " + std::to_string(parts) +
                      " parts; give --targets");
  return targets;
}

std::vector<BasinTarget> labelled_targets(const std::vector<std::string>& arguments, int parts, int size) {
  std::vector<BasinTarget> targets;
  for (const std::string& argument : arguments) {
    BasinTarget target = load_basin_target(argument, size);
    if (part_count(target) != parts)
      throw ConfigError(argument + ": has " + std::to_string(part_count(target)) +
                        " labelled parts, not the " + std::to_string(parts) + " of --primitives");
    if (std::ranges::find(targets, target.title, &BasinTarget::title) != targets.end())
      throw ConfigError("--targets: " + target.title + " is given twice");
    targets.push_back(std::move(target));
  }
  return targets;
}

}  // namespace skein::experiments
