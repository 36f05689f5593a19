#include "experiments/breed/breeding_session.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <fstream>
#include <future>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/base/random.hpp"
#include "neat/files/genome_file.hpp"

namespace skein::experiments {
namespace {

namespace fs = std::filesystem;
using neat::AnnotatedGenome;
using neat::Brood;

constexpr std::size_t remembered_links = 400'000;               // of generations kept in memory: some 40 MB
constexpr std::size_t most_kept = 200;                          // by hand, beside one generation
constexpr double heaviest = 100;                                // a weight set by hand
constexpr std::size_t longest_name = 200, longest_note = 4000;  // bytes

std::vector<AnnotatedGenome> genomes_of(const Brood& brood) {
  std::vector<AnnotatedGenome> genomes;
  for (const neat::Bred& bred : brood) genomes.push_back(bred.annotated);
  return genomes;
}

std::size_t links_of(const std::vector<AnnotatedGenome>& genomes) {
  std::size_t links = 0;
  for (const AnnotatedGenome& each : genomes) links += each.genome.links.size() + each.genome.nodes.size();
  return links;
}

/// Without waiting for the disk: what is written so can be made again.
void write_quickly(const fs::path& file, const std::string& bytes) {
  fs::path temporary = file;
  temporary += ".tmp";
  std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  std::error_code error;
  if (out) fs::rename(temporary, file, error);
  if (!out || error) {
    fs::remove(temporary, error);
    throw FormatError(file.string() + ": cannot be written (is the disk full?)");
  }
}

std::vector<std::uint32_t> all_of(std::size_t count) {
  std::vector<std::uint32_t> places(std::min(count, neat::brood_size));
  for (std::uint32_t i = 0; i < places.size(); ++i) places[i] = i;
  return places;
}

AnnotatedGenome with_changes(AnnotatedGenome annotated, const std::vector<WeightChange>& changes) {
  for (const WeightChange& change : changes) {
    const auto link = neat::find_link(annotated.genome, change.link);
    if (!link) throw ConfigError("there is no link " + neat::text(change.link) + " in this picture");
    if (!(std::abs(change.weight) <= heaviest))
      throw ConfigError("a weight of " + std::to_string(change.weight) + "; allowed: -100 to 100");
    annotated.genome.links[*link].weight = change.weight;
  }
  return annotated;
}

}  // namespace

BreedingSession::BreedingSession(fs::path folder, std::uint64_t seed)
    : folder_(std::move(folder)), seed_(seed) {
  make_folder(folder_ / "generations");
  make_folder(folder_ / "founders");
  log_.emplace(folder_ / "session.jsonl", [this](const Event& event) { apply(event); });
  if (revision_ == 0)
    record({{"event", "session"}, {"format", "skein-breeding"}, {"version", 1}, {"seed", seed}});
}

fs::path BreedingSession::brood_file(std::uint32_t number) const {
  return folder_ / "generations" / (std::to_string(number) + ".brood");
}

fs::path BreedingSession::founders_file(std::uint32_t number) const {
  return folder_ / "founders" / (std::to_string(number) + ".brood");
}

fs::path BreedingSession::kept_file(std::uint32_t number, std::uint32_t place) const {
  return folder_ / "generations" / (std::to_string(number) + "." + std::to_string(place + 1) + ".genome");
}

const Generation& BreedingSession::generation(std::uint32_t number) const {
  if (number == 0 || number > generations_.size())
    throw ConfigError("there is no generation " + std::to_string(number) + " in this line of breeding");
  return generations_[number - 1];
}

std::uint32_t BreedingSession::check_place(std::uint32_t number, std::uint32_t place) const {
  if (place >= generation(number).origins.size())
    throw ConfigError("there is no picture " + std::to_string(number) + "." + std::to_string(place + 1));
  return place;
}

void BreedingSession::remember(std::uint32_t number, std::vector<AnnotatedGenome> genomes) {
  recent_.emplace_front(number, std::move(genomes));
  std::size_t links = 0, keep = 0;
  for (const auto& entry : recent_) {
    links += links_of(entry.second);
    if (keep > 0 && links > remembered_links) break;
    ++keep;
  }
  recent_.resize(keep);
}

std::vector<AnnotatedGenome> BreedingSession::founders_of(std::uint32_t number) const {
  const std::string name = founders_file(number).string();
  return genomes_of(neat::parse_brood(read_file(name), name));
}

std::string BreedingSession::bred_again(std::uint32_t number) {
  const Generation& made = generation(number);
  const neat::BroodSeed seed{seed_, number};
  if (made.parent != 0)
    return brood_bytes(neat::next_brood(pictures(made.parent), made.parents, made.settings, seed));
  if (!fs::exists(founders_file(number))) return brood_bytes(neat::first_brood(made.settings, seed));
  const auto founders = founders_of(number);
  return brood_bytes(neat::next_brood(founders, all_of(founders.size()), made.settings, seed));
}

const std::vector<AnnotatedGenome>& BreedingSession::bred(std::uint32_t wanted) {
  // Step 1. The nearest ancestor whose genomes are there; the others are bred again from it, oldest first.
  std::vector<std::uint32_t> missing{generation(wanted).number};
  while (true) {
    const std::uint32_t number = missing.back();
    const auto found = std::ranges::find(recent_, number, [](const auto& entry) { return entry.first; });
    if (found != recent_.end()) {
      recent_.splice(recent_.begin(), recent_, found);
      missing.pop_back();
      break;
    }
    std::error_code error;
    const fs::path file = brood_file(number);
    const std::string bytes = fs::exists(file, error) ? read_file(file) : std::string();
    if (fnv1a(bytes) == generation(number).hash) {
      remember(number, genomes_of(neat::parse_brood(bytes, file.string())));
      missing.pop_back();
      break;
    }
    if (generation(number).parent == 0) break;
    missing.push_back(generation(number).parent);
  }
  // Step 2.
  for (; !missing.empty(); missing.pop_back()) {
    const std::uint32_t number = missing.back();
    const std::string bytes = bred_again(number), file = brood_file(number).string();
    if (fnv1a(bytes) != generation(number).hash)
      throw FormatError(file + ": missing or damaged, and breeding it again gives something else");
    write_quickly(file, bytes);
    remember(number, genomes_of(neat::parse_brood(bytes, file)));
  }
  return recent_.front().second;
}

AnnotatedGenome BreedingSession::kept(std::uint32_t number, std::uint32_t place) {
  const Generation& made = generation(number);
  const auto base = static_cast<std::uint32_t>(made.origins[place].mother);
  return with_changes(picture(number, base), made.changes.at(place));
}

AnnotatedGenome BreedingSession::picture(std::uint32_t number, std::uint32_t place) {
  check_place(number, place);
  AnnotatedGenome annotated = place < generation(number).bred ? bred(number)[place] : kept(number, place);
  if (const auto note = notes_.find({number, place}); note != notes_.end() && !note->second.name.empty())
    annotated.notes.name = note->second.name;
  return annotated;
}

std::vector<AnnotatedGenome> BreedingSession::pictures(std::uint32_t number) {
  std::vector<AnnotatedGenome> genomes = bred(number);
  const std::size_t count = generation(number).origins.size();
  for (auto place = static_cast<std::uint32_t>(genomes.size()); place < count; ++place)
    genomes.push_back(kept(number, place));
  return genomes;
}

std::uint32_t BreedingSession::add(Event event, const Brood& brood, const Meanwhile& meanwhile) {
  const auto number = static_cast<std::uint32_t>(generations_.size() + 1);
  const std::string bytes = brood_bytes(brood);
  event["hash"] = fnv1a(bytes);
  Event origins = Event::array();
  for (const neat::Bred& bred : brood) origins.push_back({bred.mother, bred.father, bred.operators.bits()});
  event["origins"] = std::move(origins);
  std::vector<AnnotatedGenome> genomes = genomes_of(brood);
  // The disk takes as long as everything else.
  std::future<void> written = std::async(std::launch::async, [&] {
    write_quickly(brood_file(number), bytes);
    log_->append(event);
  });
  std::exception_ptr failure;
  try {
    if (meanwhile) meanwhile(genomes);
  } catch (...) {
    failure = std::current_exception();
  }
  written.get();
  apply(event);
  remember(number, std::move(genomes));
  if (failure) std::rethrow_exception(failure);
  return number;
}

std::uint32_t BreedingSession::begin(const neat::BreedingSettings& settings, const Meanwhile& meanwhile) {
  const auto number = static_cast<std::uint32_t>(generations_.size() + 1);
  const Brood brood = neat::first_brood(settings, {seed_, number});
  std::error_code error;
  fs::remove(founders_file(number), error);  // what a crash left before its event was written
  return add({{"event", "generation"},
              {"number", number},
              {"parent", 0},
              {"previous", shown_},
              {"settings", to_json(settings)},
              {"source", "nothing"}},
             brood, meanwhile);
}

std::uint32_t BreedingSession::begin(const std::vector<AnnotatedGenome>& founders, const std::string& source,
                                     const neat::BreedingSettings& settings, const Meanwhile& meanwhile) {
  const auto number = static_cast<std::uint32_t>(generations_.size() + 1);
  const Brood brood = neat::next_brood(founders, all_of(founders.size()), settings, {seed_, number});
  Brood begun;
  for (const AnnotatedGenome& founder : founders) begun.push_back({founder, -1, -1, {}});
  write_file(founders_file(number), brood_bytes(begun));
  return add({{"event", "generation"},
              {"number", number},
              {"parent", 0},
              {"previous", shown_},
              {"settings", to_json(settings)},
              {"source", source.substr(0, longest_name)}},
             brood, meanwhile);
}

std::uint32_t BreedingSession::begin_like(std::uint32_t like, const neat::BreedingSettings& settings,
                                          const Meanwhile& meanwhile) {
  const Generation& begun = generation(like);
  if (begun.parent != 0)
    throw ConfigError("generation " + std::to_string(like) + " begins no line; it was bred from " +
                      std::to_string(begun.parent));
  if (!fs::exists(founders_file(like))) return begin(settings, meanwhile);
  return begin(founders_of(like), std::string(begun.source), settings, meanwhile);
}

std::uint32_t BreedingSession::evolve(std::uint32_t from, const std::vector<std::uint32_t>& picks,
                                      const neat::BreedingSettings& settings, std::uint32_t previous,
                                      const Meanwhile& meanwhile) {
  if (picks.size() >= neat::brood_size)
    throw ConfigError("with " + std::to_string(picks.size()) +
                      " parents there is no room for children; pick at most " +
                      std::to_string(neat::brood_size - 1));
  if (previous != 0) generation(previous);
  const auto number = static_cast<std::uint32_t>(generations_.size() + 1);
  const Brood brood = neat::next_brood(pictures(from), picks, settings, {seed_, number});
  return add({{"event", "generation"},
              {"number", number},
              {"parent", from},
              {"previous", previous},
              {"parents", picks},
              {"settings", to_json(settings)}},
             brood, meanwhile);
}

std::uint32_t BreedingSession::keep(std::uint32_t number, std::uint32_t place,
                                    const std::vector<WeightChange>& changes) {
  check_place(number, place);
  const Generation& made = generation(number);
  if (changes.empty()) throw ConfigError("no weight was changed");
  if (made.origins.size() - made.bred >= most_kept)
    throw ConfigError("beside one generation at most " + std::to_string(most_kept) + " pictures are kept");
  const AnnotatedGenome child = with_changes(picture(number, place), changes);
  const auto kept_at = static_cast<std::uint32_t>(made.origins.size());
  Event list = Event::array();
  for (const WeightChange& change : changes)
    list.push_back({change.link.branch, change.link.id, change.weight});
  neat::write_genome(kept_file(number, kept_at), child);
  record({{"event", "kept"}, {"generation", number}, {"base", place}, {"changes", std::move(list)}});
  return kept_at;
}

void BreedingSession::pick(std::uint32_t number, const std::vector<std::uint32_t>& picks) {
  for (std::size_t i = 0; i < picks.size(); ++i) {
    check_place(number, picks[i]);
    if (std::ranges::count(picks, picks[i]) > 1) throw ConfigError("a picture is picked twice");
  }
  if (generation(number).picks != picks)
    record({{"event", "picks"}, {"generation", number}, {"picks", picks}});
}

void BreedingSession::annotate(std::uint32_t number, std::uint32_t place, const PictureNote& note) {
  check_place(number, place);
  if (note.name.size() > longest_name || note.note.size() > longest_note)
    throw ConfigError("a name has at most " + std::to_string(longest_name) + " bytes and a note " +
                      std::to_string(longest_note));
  const auto known = notes_.find({number, place});
  if ((known == notes_.end() ? PictureNote{} : known->second) == note) return;
  record({{"event", "note"},
          {"generation", number},
          {"place", place},
          {"name", note.name},
          {"note", note.note},
          {"favourite", note.favourite}});
}

void BreedingSession::show(std::uint32_t number) {
  generation(number);
  if (shown_ != number) record({{"event", "shown"}, {"generation", number}}, false);
}

void BreedingSession::set(const neat::BreedingSettings& settings) {
  if (settings_ != settings) record({{"event", "settings"}, {"settings", to_json(settings)}}, false);
}

std::vector<PicturePlace> BreedingSession::ancestors(std::uint32_t number, std::uint32_t place) const {
  check_place(number, place);
  std::vector<PicturePlace> line;
  while (true) {
    const Generation& made = generation(number);
    const PictureOrigin& origin = made.origins[place];
    const bool is_kept = place >= made.bred, begins = made.parent == 0;
    const bool carried = !is_kept && !begins && origin.operators.empty();
    if (!carried) line.emplace_back(number, place);
    if (origin.mother < 0 || (begins && !is_kept && origin.operators.empty())) break;
    if (!is_kept && !begins) number = made.parent;
    place = static_cast<std::uint32_t>(origin.mother);
  }
  std::ranges::reverse(line);
  return line;
}

}  // namespace skein::experiments
