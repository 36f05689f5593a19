#include "experiments/breed/founders.hpp"

#include <algorithm>
#include <filesystem>

#include "experiments/nets/load_net.hpp"
#include "experiments/nets/net.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/files/framed_file.hpp"
#include "lib/picture/image.hpp"
#include "neat/files/genome_file.hpp"
#include "neat/files/genome_json.hpp"
#include "neat/files/picbreeder.hpp"
#include "neat/search/archive_file.hpp"
#include "neat/search/brood.hpp"
#include "neat/search/picture_goal.hpp"

namespace skein::experiments {
namespace {

using Founders = std::vector<neat::AnnotatedGenome>;

/// The best elite of each of fifteen equal parts of the map, in its order.
Founders elites_of(const neat::MapElites& map) {
  std::vector<const neat::Elite*> all;
  for (const auto& [cell, elite] : map.elites) all.push_back(&elite);
  Founders founders;
  const std::size_t parts = std::min(all.size(), neat::brood_size);
  for (std::size_t part = 0; part < parts; ++part) {
    const auto first = all.begin() + static_cast<std::ptrdiff_t>(part * all.size() / parts),
               last = all.begin() + static_cast<std::ptrdiff_t>((part + 1) * all.size() / parts);
    const neat::Elite* best = *std::max_element(first, last, [](const neat::Elite* a, const neat::Elite* b) {
      return a->organism.fitness < b->organism.fitness;
    });
    founders.push_back({best->organism.genome, {}});
    founders.back().notes.name = "birth " + std::to_string(best->organism.birth);
  }
  return founders;
}

Founders checked(Founders founders, const std::string& name) {
  if (founders.empty()) throw FormatError(name + ": holds no genome");
  if (founders.size() > neat::brood_size) founders.resize(neat::brood_size);
  for (const auto& founder : founders) {
    try {
      neat::require_breedable(founder.genome);
    } catch (const ConfigError& error) {
      throw ConfigError(name + ": " + error.what());
    }
  }
  return founders;
}

}  // namespace

Founders founders_in(std::string_view bytes, const std::string& name) {
  const auto kind = framed_kind(bytes);
  if (kind == neat::genome_file_kind) return checked({neat::parse_genome(bytes, name)}, name);
  if (kind == neat::map_file_kind)
    return checked(elites_of(neat::parse_map(bytes, neat::picture_axes(), name)), name);
  if (kind) throw FormatError(name + ": a skein file of kind '" + *kind + "' holds no genome to breed");
  if (is_image(bytes)) throw FormatError(name + ": a picture, not the genome that drew it");
  if (neat::may_be_genome_json(bytes)) return checked({neat::parse_genome_json(bytes, name)}, name);
  if (!neat::may_be_picbreeder(bytes))
    throw FormatError(name + ": no genome (Picbreeder zip or XML, skein genome, JSON or archive.map are)");
  return checked(neat::parse_picbreeder(bytes, name), name);
}

Founders founders_named(const std::string& argument) {
  const std::filesystem::path map = std::filesystem::path(argument) / "archive.map";
  std::error_code error;
  if (std::filesystem::exists(map, error)) return founders_in(read_file(map), map.string());
  Net net = load_net(argument);
  if (!net.genome)
    throw ConfigError(argument + (net.mlp ? ": an MLP; `skein lift` makes a genome of it that can be bred"
                                          : ": a recursion; genomes can be bred"));
  return checked({std::move(*net.genome)}, argument);
}

}  // namespace skein::experiments
