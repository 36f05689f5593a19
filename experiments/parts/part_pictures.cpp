#include <algorithm>
#include <array>

#include "experiments/parts/picture_parts.hpp"
#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"
#include "lib/engine/engine.hpp"

namespace skein::experiments {
namespace {

Picture drawn(const neat::Genome& genome, int size) {
  const neat::Phenotype phenotype = neat::express(genome);
  return draw(Plan(phenotype.network, {.one_shot = true}), phenotype.weights, {size, size});
}

}  // namespace

neat::Genome without(neat::Genome genome, const std::vector<const Part*>& parts) {
  for (const Part* part : parts)
    for (const std::uint32_t link : part->links) genome.links[link].weight = 0;
  return genome;
}

PartPictures part_pictures(const neat::Genome& genome, const PictureParts& parts, int size) {
  std::vector<const Part*> counted;
  for (const Part& part : parts.parts)
    if (!part.links.empty()) counted.push_back(&part);
  const std::size_t count = counted.size();
  PartPictures result;
  result.alone.resize(count);
  result.absent.resize(count);
  result.both_absent.resize(count * count);
  result.whole = drawn(genome, size);
  result.ground = drawn(without(genome, counted), size);
  parallel_for(count, [&](std::size_t p) {
    std::vector<const Part*> others = counted;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(p));
    result.alone[p] = drawn(without(genome, others), size);
    for (std::size_t q = 0; q < count; ++q)
      result.both_absent[p * count + q] = drawn(without(genome, {counted[p], counted[q]}), size);
    result.absent[p] = result.both_absent[p * count + p];
  });
  return result;
}

PartPictures part_pictures(const Picture& whole, const PictureParts& parts) {
  const PartRegions& regions = parts.regions;
  const std::size_t count = parts.parts.size() - (parts.parts.back().name == outside_name ? 1 : 0);
  const auto part_at = [&](std::size_t pixel) {
    const auto row = pixel / static_cast<std::size_t>(whole.width);
    const auto column = pixel % static_cast<std::size_t>(whole.width);
    return regions
        .owner[(2 * row + 1) * static_cast<std::size_t>(regions.height) /
                   (2 * static_cast<std::size_t>(whole.height)) * static_cast<std::size_t>(regions.width) +
               (2 * column + 1) * static_cast<std::size_t>(regions.width) /
                   (2 * static_cast<std::size_t>(whole.width))];
  };
  std::array<float, 3> fill{};
  std::size_t outside = 0;
  for (std::size_t p = 0; p < whole.pixels(); ++p) outside += part_at(p) >= count;
  for (std::size_t c = 0; c < 3; ++c) {
    double sum = 0;
    for (std::size_t p = 0; p < whole.pixels(); ++p)
      if (outside == 0 || part_at(p) >= count)
        sum += static_cast<double>(whole.channel(static_cast<int>(c))[p]);
    fill[c] = static_cast<float>(sum / static_cast<double>(outside == 0 ? whole.pixels() : outside));
  }
  const auto painted = [&](const auto& is_off) {
    Picture picture = whole;
    for (std::size_t p = 0; p < whole.pixels(); ++p)
      if (const std::size_t part = part_at(p); part < count && is_off(part))
        for (std::size_t c = 0; c < 3; ++c) picture.channel(static_cast<int>(c))[p] = fill[c];
    return picture;
  };
  PartPictures result;
  result.whole = whole;
  result.ground = painted([](std::size_t) { return true; });
  for (std::size_t p = 0; p < count; ++p) {
    result.alone.push_back(painted([&](std::size_t part) { return part != p; }));
    result.absent.push_back(painted([&](std::size_t part) { return part == p; }));
    for (std::size_t q = 0; q < count; ++q)
      result.both_absent.push_back(painted([&](std::size_t part) { return part == p || part == q; }));
  }
  return result;
}

}  // namespace skein::experiments
