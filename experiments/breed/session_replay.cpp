#include "experiments/breed/session_replay.hpp"

#include "experiments/breed/breeding_session.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/base/random.hpp"
#include "neat/files/genome_file.hpp"

namespace skein::experiments {
namespace {

/// Why a generation is not as recorded; empty when it is.
std::string difference(BreedingSession& session, std::uint32_t number) {
  const std::string bytes = session.bred_again(number), which = "generation " + std::to_string(number);
  if (fnv1a(bytes) != session.generation(number).hash) return which + ": not what the record says";
  if (!std::filesystem::exists(session.brood_file(number))) return which + ": its file is missing";
  if (read_file(session.brood_file(number)) != bytes) return which + ": its file holds something else";
  for (const auto& [place, changes] : session.generation(number).changes) {
    const std::string kept = session.kept_file(number, place).string();
    neat::AnnotatedGenome wanted = session.picture(number, place), found = neat::read_genome(kept);
    if (wanted.genome != found.genome) return kept + ": not what the record says";
  }
  return {};
}

}  // namespace

Replay replay_session(const std::filesystem::path& folder, const ProgressListener& listener) {
  if (!std::filesystem::exists(folder / "session.jsonl"))
    throw FormatError(folder.string() + ": not a session of breeding (it has no session.jsonl)");
  BreedingSession session(folder, 0);
  Replay replay;
  for (const Generation& made : session.generations()) {
    const std::string found = difference(session, made.number);
    ++replay.generations;
    replay.pictures += made.origins.size();
    if (found.empty()) ++replay.equal;
    else if (replay.first_difference.empty()) replay.first_difference = found;
    const auto total = static_cast<std::int64_t>(session.generations().size());
    if (listener && !listener({"replay", static_cast<std::int64_t>(replay.generations), total, {}})) break;
  }
  return replay;
}

}  // namespace skein::experiments
