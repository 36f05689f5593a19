#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "experiments/judges/chat_client.hpp"
#include "experiments/measures/evidence.hpp"
#include "lib/base/progress.hpp"
#include "lib/picture/picture.hpp"

namespace skein::experiments {

/// The judge `vlm`: a model that sees the original and the changed picture.
struct VlmSettings {
  ChatSettings chat;
  std::filesystem::path cache;  ///< a file per answer, by content: asked once, resumed for nothing
};

/// URL, model and key: what is not given is taken from SKEIN_JUDGE_URL, SKEIN_JUDGE_MODEL and
/// SKEIN_JUDGE_KEY; the cache from SKEIN_JUDGE_CACHE, else skein/judge in XDG_CACHE_HOME or ~/.cache. Throws
/// ConfigError that names the variable when URL or model is missing.
VlmSettings vlm_settings(const std::string& url, const std::string& model);

/// The question that goes with every two pictures. Fixed: scores by different words are different scores.
extern const std::string vlm_question;

/// What the model made of a changed picture.
enum class Verdict {
  whole,    ///< still a whole picture of the same kind
  broken,   ///< the old picture with debris on it
  refused,  ///< it would not say
  unclear,  ///< it said something else, three times, or was cut short
};

/// Reads an answer: the last JSON object in it with a boolean `whole`. Nothing when there is none.
std::optional<bool> read_verdict(const std::string& text);

/// Calls `ask_one(i, go_on)` for every question, some at a time, and tells the listener how many are answered; the cache's
/// folder is made. Throws as `ask_one`, and Error when the listener asks to stop.
void ask_all(const VlmSettings& settings, std::size_t count, const ProgressListener& listener,
             const std::function<void(std::size_t, const std::function<bool()>&)>& ask_one);

/// Asks about every changed picture, some at a time; what the cache holds is not asked again. Throws as `ask`
/// does, and Error when the listener asks to stop; what was answered until then is in the cache.
std::vector<Verdict> ask_vlm(const VlmSettings& settings, const Picture& original,
                             const std::vector<Picture>& changed, const ProgressListener& listener = {});

/// How many steps were asked about and what was not answered.
struct JudgedSteps {
  std::size_t asked = 0, refused = 0, unclear = 0;
};

/// Steps of single weights to ask a model about, evenly spaced among those that reached the visible change.
struct StepsToAsk {
  std::vector<std::size_t> step;  ///< numbers in `evidence.weights.effects`
  std::vector<Picture> changed;   ///< what each drew
};
StepsToAsk steps_to_ask(const Evidence& evidence, std::size_t most);

/// Replaces the opinions on `evidence.weights` by the model's: 1 whole, 0 broken, nothing where it would not
/// say. Looks at `steps_asked` steps at most, evenly spaced among those reached; no other has an opinion
/// then, nor has any direction.
JudgedSteps judge_by_model(Evidence& evidence, const VlmSettings& settings,
                           const ProgressListener& listener = {});
inline constexpr std::size_t steps_asked = 96;

/// How well the model tells pictures whose state is known: @face, @flower, @sunset, @mask, @candle and @idol,
/// each moved, enlarged, brightened and mirrored (whole), and with blots, torn bands, shuffled tiles and
/// another picture's scraps laid over (broken).
struct VlmCalibration {
  std::size_t pictures = 0;    ///< asked about
  std::size_t unanswered = 0;  ///< refused or unclear; count as wrong
  double accuracy = 0;
  double kappa = 0;  ///< Cohen (1960): agreement above what the two kinds' shares alone would give
};
inline constexpr double least_kappa =
    0.4;  ///< below it agreement is called slight or fair (Landis and Koch 1977)
VlmCalibration calibrate_vlm(const VlmSettings& settings, const ProgressListener& listener = {});

/// A picture whose state is known.
struct KnownPicture {
  Picture original, changed;
  bool whole = true;
  std::string family;  ///< what was done to it: "moved", "torn", ...
  int picture = 0;     ///< number of the original
};
std::vector<KnownPicture> known_pictures(int size = 128);

/// Accuracy and kappa of verdicts on pictures whose state is known.
VlmCalibration agreement_with(const std::vector<bool>& whole, const std::vector<Verdict>& verdicts);

}  // namespace skein::experiments
