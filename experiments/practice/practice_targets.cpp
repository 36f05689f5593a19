#include "experiments/practice/practice_targets.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "experiments/parts/picture_parts.hpp"
#include "experiments/targets/hand_built.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "neat/files/genome_file.hpp"

namespace skein::experiments {
namespace {

int label_count(const neat::AnnotatedGenome& genome) {
  std::set<std::string> labels;
  for (const neat::LinkLabel& label : genome.notes.labels) labels.insert(label.label);
  return static_cast<int>(labels.size());
}

}  // namespace

int part_count(const BasinTarget& target) {
  if (!target.parts) return 0;
  return static_cast<int>(target.parts->count()) -
         static_cast<int>(std::ranges::count(target.parts->names, outside_name));
}

std::vector<std::uint64_t> sketches_of(int parts, int count) {
  constexpr std::uint64_t most_sketches = 200;
  std::vector<std::uint64_t> sketches;
  for (std::uint64_t seed = 1; seed <= most_sketches && std::ssize(sketches) < count; ++seed) {
    const neat::AnnotatedGenome genome = random_sketch(seed);
    if (label_count(genome) < parts) continue;  // cannot be enough, and finding parts takes its time
    const PictureParts found = parts_of(genome.genome, genome.notes.labels);
    const auto counted =
        std::ranges::count_if(found.parts, [](const Part& part) { return !part.links.empty(); });
    if (counted == parts) sketches.push_back(seed);
  }
  if (std::ssize(sketches) < count)
    throw ConfigError("of " + std::to_string(most_sketches) + " random sketches " +
                      std::to_string(sketches.size()) + " have " + std::to_string(parts) +
                      " parts; give --targets, or fewer --sketches");
  return sketches;
}

std::vector<BasinTarget> sketch_targets(const std::vector<std::uint64_t>& sketches, int size,
                                        const std::filesystem::path& folder) {
  make_folder(folder);
  std::vector<BasinTarget> targets;
  for (const std::uint64_t seed : sketches) {
    const std::string name = "sketch-" + std::to_string(seed);
    const std::filesystem::path file = folder / (name + ".genome");
    neat::write_genome(file, random_sketch(seed));
    targets.push_back(load_basin_target(file.string(), size));
    targets.back().title = name;
  }
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
