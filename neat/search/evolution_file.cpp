#include "neat/search/evolution_file.hpp"

#include <algorithm>
#include <cereal/types/map.hpp>
#include <cmath>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/files/bounded_archive.hpp"
#include "lib/files/framed_file.hpp"
#include "neat/genome/gene_order.hpp"
#include "neat/search/run_archive.hpp"

namespace skein::neat {

template <class Archive>
void serialize(Archive& archive, Species& species) {
  archive(species.id, species.founded, species.improved, species.best, species.representative,
          species.members);
}

namespace {

template <class Archive, class State>
void fields(Archive& archive, State& e) {
  archive(e.generation, e.population, e.species, e.ledger, e.lineage, e.next_species, e.threshold,
          e.evaluations, e.best, e.improved, e.refocused, e.solution);
}

bool sound(const Organism& organism, const Evolution& e) {
  validate(organism.genome);
  return organism.birth < e.lineage.size() && std::isfinite(organism.fitness) &&
         organism.genome == in_gene_order(organism.genome) &&
         organism.genome.signature == e.population.front().genome.signature;
}

/// Whether parts that a valid checksum vouches for belong together.
bool sound(const Evolution& e) {
  const auto is_sound = [&](const Organism& organism) { return sound(organism, e); };
  if (e.population.empty() || !std::ranges::all_of(e.population, is_sound)) return false;
  if ((e.best && !is_sound(*e.best)) || (e.solution && !is_sound(*e.solution))) return false;
  if (!std::isfinite(e.threshold) || e.improved > e.generation || e.refocused > e.generation) return false;
  for (const Species& species : e.species) {
    validate(species.representative);
    const auto beyond = [&](std::uint32_t place) { return place >= e.population.size(); };
    if (species.improved > e.generation || std::ranges::any_of(species.members, beyond)) return false;
  }
  for (BirthNumber birth = 0; birth < e.lineage.size(); ++birth)
    for (const BirthNumber parent : {e.lineage[birth].mother, e.lineage[birth].father})
      if (parent != no_parent && parent >= birth) return false;
  return true;
}

}  // namespace

std::string evolution_bytes(const Evolution& evolution, std::string_view goal_state) {
  ByteOutput archive;
  archive(std::string(goal_state));
  fields(archive, evolution);
  return frame(evolution_file_kind, evolution_file_version, archive.bytes());
}

SavedEvolution parse_evolution(std::string_view bytes, const std::string& name) {
  const Framed framed = unframe(bytes, evolution_file_kind, evolution_file_version, name);
  BoundedInput archive(framed.payload, name);
  SavedEvolution saved;
  archive(saved.goal_state);
  fields(archive, saved.evolution);
  archive.finish();
  try {
    if (!sound(saved.evolution)) throw ConfigError("the parts of this checkpoint do not belong together");
  } catch (const ConfigError& error) {
    throw FormatError(name + ": " + error.what());
  }
  return saved;
}

void write_evolution(const std::filesystem::path& path, const Evolution& evolution,
                     std::string_view goal_state) {
  write_file(path, evolution_bytes(evolution, goal_state));
}

SavedEvolution read_evolution(const std::filesystem::path& path) {
  return parse_evolution(read_file(path), path.string());
}

}  // namespace skein::neat
