#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <list>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "experiments/breed/session_log.hpp"
#include "neat/search/brood.hpp"

namespace skein::experiments {

/// Where a picture of a generation came from.
struct PictureOrigin {
  std::int32_t mother = -1, father = -1;  ///< places in the parent generation; of a kept picture: in its own
  neat::Operators operators{};
  bool operator==(const PictureOrigin&) const = default;
};

/// One weight that a person set.
struct WeightChange {
  neat::Marking link;
  double weight = 0;
  bool operator==(const WeightChange&) const = default;
};

/// What a session knows of a generation without its genomes. Generations are numbered from 1 in the order in which they
/// were made, pictures by place from 0 (people and files count them from 1).
struct Generation {
  std::uint32_t number = 0;
  std::uint32_t parent = 0;            ///< the generation it was bred from; 0: it begins a line
  std::uint32_t previous = 0;          ///< the one that was on screen before; 0: none
  std::vector<std::uint32_t> parents;  ///< the places picked in `parent`
  neat::BreedingSettings settings;
  std::string source;                  ///< of one that begins a line: "nothing", "@face", a file's name
  std::vector<PictureOrigin> origins;  ///< one per picture
  std::size_t bred = 0;                ///< pictures that came with it; those after were kept by hand
  std::map<std::uint32_t, std::vector<WeightChange>> changes;  ///< of the kept ones, by place
  std::vector<std::uint32_t> picks;                            ///< what is picked now
  std::uint64_t hash = 0;                                      ///< of its file
};

struct PictureNote {
  std::string name, note;
  bool favourite = false;
  bool operator==(const PictureNote&) const = default;
};

using PicturePlace = std::pair<std::uint32_t, std::uint32_t>;  ///< generation, place

/// A session of breeding as a folder: session.jsonl with every event, generations/N.brood with the genomes of
/// generation N, founders/N.brood with what a line began with, generations/N.P.genome with a picture kept by hand. Nothing that
/// was shown is ever removed. A generation's file that is missing or damaged is bred again from its record, to the
/// same bytes. Not for several threads at once.
class BreedingSession {
 public:
  /// Opens a session or begins one. The folder must exist. Throws FormatError when it is damaged.
  BreedingSession(std::filesystem::path folder, std::uint64_t seed);

  const std::filesystem::path& folder() const { return folder_; }
  std::uint64_t seed() const { return seed_; }
  const std::vector<Generation>& generations() const { return generations_; }
  const std::map<PicturePlace, PictureNote>& notes() const { return notes_; }
  std::uint32_t shown() const { return shown_; }  ///< the generation last looked at; 0: none
  const neat::BreedingSettings& settings() const { return settings_; }
  std::uint64_t revision() const { return revision_; }  ///< counts events
  bool was_torn() const { return log_->was_torn(); }    ///< a crash had torn the last event off

  /// Throws ConfigError when there is no such generation or picture.
  const Generation& generation(std::uint32_t number) const;
  neat::AnnotatedGenome picture(std::uint32_t generation, std::uint32_t place);
  /// All pictures of a generation, those kept by hand included.
  std::vector<neat::AnnotatedGenome> pictures(std::uint32_t generation);

  /// Is given a new generation's genomes while its record is on the way to the disk. What it throws is thrown once the
  /// generation is there.
  using Meanwhile = std::function<void(const std::vector<neat::AnnotatedGenome>&)>;

  /// Begins a line from nothing, or from genomes of somewhere else; returns its number.
  std::uint32_t begin(const neat::BreedingSettings& settings, const Meanwhile& meanwhile = {});
  std::uint32_t begin(const std::vector<neat::AnnotatedGenome>& founders, const std::string& source,
                      const neat::BreedingSettings& settings, const Meanwhile& meanwhile = {});
  /// Begins a line as generation `like` was begun, with other children. Throws ConfigError when that was bred.
  std::uint32_t begin_like(std::uint32_t like, const neat::BreedingSettings& settings,
                           const Meanwhile& meanwhile = {});
  /// Breeds the next generation from places of `from`; `previous` is what was on screen. Throws ConfigError for settings or
  /// picks that cannot be.
  std::uint32_t evolve(std::uint32_t from, const std::vector<std::uint32_t>& picks,
                       const neat::BreedingSettings& settings, std::uint32_t previous,
                       const Meanwhile& meanwhile = {});
  /// Keeps a picture with weights set by hand beside its generation; returns its place. Throws ConfigError.
  std::uint32_t keep(std::uint32_t generation, std::uint32_t place, const std::vector<WeightChange>& changes);
  void pick(std::uint32_t generation, const std::vector<std::uint32_t>& picks);
  void annotate(std::uint32_t generation, std::uint32_t place, const PictureNote& note);
  void show(std::uint32_t generation);
  void set(const neat::BreedingSettings& settings);

  /// The picture and its ancestors, oldest first, by mothers (pictures that were only carried along are passed over).
  std::vector<PicturePlace> ancestors(std::uint32_t generation, std::uint32_t place) const;

  /// A generation bred anew from its record, as the bytes of its file.
  std::string bred_again(std::uint32_t number);
  std::filesystem::path brood_file(std::uint32_t number) const;
  std::filesystem::path founders_file(std::uint32_t number) const;
  std::filesystem::path kept_file(std::uint32_t number, std::uint32_t place) const;

 private:
  using Event = SessionLog::Event;
  void apply(const Event& event);
  void apply_generation(const Event& event);
  void apply_kept(const Event& event);
  void record(Event event, bool durable = true);
  std::uint32_t add(Event event, const neat::Brood& brood, const Meanwhile& meanwhile);
  std::vector<neat::AnnotatedGenome> founders_of(std::uint32_t number) const;
  const std::vector<neat::AnnotatedGenome>& bred(std::uint32_t number);
  neat::AnnotatedGenome kept(std::uint32_t generation, std::uint32_t place);
  void remember(std::uint32_t number, std::vector<neat::AnnotatedGenome> genomes);
  std::uint32_t check_place(std::uint32_t generation, std::uint32_t place) const;

  std::filesystem::path folder_;
  std::uint64_t seed_ = 0;
  std::vector<Generation> generations_;
  std::map<PicturePlace, PictureNote> notes_;
  std::uint32_t shown_ = 0;
  neat::BreedingSettings settings_;
  std::uint64_t revision_ = 0;
  std::list<std::pair<std::uint32_t, std::vector<neat::AnnotatedGenome>>>
      recent_;  ///< the last used in front
  std::optional<SessionLog> log_;
};

/// The settings as JSON and back. Throws ConfigError for what is none.
nlohmann::ordered_json to_json(const neat::BreedingSettings& settings);
neat::BreedingSettings breeding_settings(const nlohmann::ordered_json& json);

}  // namespace skein::experiments
