#include "neat/search/archive_file.hpp"

#include <cereal/types/map.hpp>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/files/bounded_archive.hpp"
#include "lib/files/framed_file.hpp"
#include "neat/search/run_archive.hpp"

namespace skein::neat {

template <class Archive>
void serialize(Archive& archive, MapAxis& axis) {
  archive(axis.name, axis.component, axis.low, axis.high, axis.bins);
}

template <class Archive>
void serialize(Archive& archive, Elite& elite) {
  archive(elite.organism, elite.behaviour, elite.found);
}

template <class Archive>
void serialize(Archive& archive, MapStatistics& statistics) {
  archive(statistics.evaluations, statistics.filled, statistics.quality, statistics.best);
}

template <class Archive>
void serialize(Archive& archive, MapElites& map) {
  archive(map.elites, map.ledger, map.lineage, map.batches, map.evaluations, map.history);
}

template <class Archive>
void serialize(Archive& archive, NoveltyArchive& novelty) {
  archive(novelty.organisms, novelty.behaviours);
}

namespace {

constexpr std::uint32_t map_file_version = 1;

void check(const Organism& organism, const std::string& name) {
  try {
    validate(organism.genome);
  } catch (const ConfigError& error) {
    throw FormatError(name + ": " + error.what());
  }
}

}  // namespace

std::string map_bytes(const MapElites& map, std::span<const MapAxis> axes) {
  ByteOutput archive;
  archive(std::vector<MapAxis>(axes.begin(), axes.end()), map);
  return frame(map_file_kind, map_file_version, archive.bytes());
}

MapElites parse_map(std::string_view bytes, std::span<const MapAxis> axes, const std::string& name) {
  const Framed framed = unframe(bytes, map_file_kind, map_file_version, name);
  BoundedInput archive(framed.payload, name);
  std::vector<MapAxis> written;
  MapElites map;
  archive(written, map);
  archive.finish();
  if (!std::equal(written.begin(), written.end(), axes.begin(), axes.end()))
    throw FormatError(name + ": its map has other axes than this run's");
  for (const auto& [cell, elite] : map.elites) {
    if (cell_of(axes, elite.behaviour) != cell)
      throw FormatError(name + ": an elite is not where its behaviour belongs");
    if (elite.organism.birth >= map.lineage.size()) throw FormatError(name + ": an elite has no birth");
    check(elite.organism, name);
  }
  return map;
}

void write_map(const std::filesystem::path& path, const MapElites& map, std::span<const MapAxis> axes) {
  write_file(path, map_bytes(map, axes));
}

MapElites read_map(const std::filesystem::path& path, std::span<const MapAxis> axes) {
  return parse_map(read_file(path), axes, path.string());
}

std::string novelty_bytes(const NoveltyArchive& archive) {
  ByteOutput output;
  output(archive);
  return output.bytes();
}

NoveltyArchive parse_novelty(std::string_view bytes, const std::string& name) {
  BoundedInput input(bytes, name);
  NoveltyArchive archive;
  input(archive);
  input.finish();
  if (archive.organisms.size() != archive.behaviours.size())
    throw FormatError(name + ": organisms and behaviours differ in number");
  for (const Organism& organism : archive.organisms) check(organism, name);
  return archive;
}

}  // namespace skein::neat
