#include "experiments/breed/gallery.hpp"

#include <algorithm>
#include <vector>

#include "lib/engine/population.hpp"
#include "lib/picture/image.hpp"

namespace skein::experiments {
namespace {

constexpr std::size_t most_bytes = std::size_t{48} << 20;

}  // namespace

std::string drawn_bytes(std::span<const neat::AnnotatedGenome> genomes, int size) {
  std::vector<neat::Phenotype> phenotypes;
  std::vector<PopulationMember> members;
  phenotypes.reserve(genomes.size());
  for (const auto& each : genomes) {
    phenotypes.push_back(neat::express(each.genome));
    members.push_back({&phenotypes.back().network, phenotypes.back().weights});
  }
  const std::size_t one = 3 * static_cast<std::size_t>(size) * static_cast<std::size_t>(size);
  std::string bytes(one * genomes.size(), '\0');
  draw_population(members, Grid{size, size}, [&](std::size_t i, Picture&& picture) {
    const Image image = to_image(picture);
    std::copy(image.rgb.begin(), image.rgb.end(), bytes.begin() + static_cast<std::ptrdiff_t>(i * one));
  });
  return bytes;
}

Gallery::Bytes Gallery::find(const Key& key) {
  const auto found = std::ranges::find(recent_, key, [](const auto& entry) { return entry.first; });
  if (found == recent_.end()) return nullptr;
  recent_.splice(recent_.begin(), recent_, found);
  return found->second;
}

Gallery::Bytes Gallery::keep(const Key& key, std::string bytes) {
  recent_.emplace_front(key, std::make_shared<const std::string>(std::move(bytes)));
  std::size_t sum = 0, count = 0;
  for (const auto& entry : recent_) {
    sum += entry.second->size();
    if (count > 0 && sum > most_bytes) break;
    ++count;
  }
  recent_.resize(count);
  return recent_.front().second;
}

}  // namespace skein::experiments
