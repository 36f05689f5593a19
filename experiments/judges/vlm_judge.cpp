#include "experiments/judges/vlm_judge.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "experiments/judges/answer_cache.hpp"
#include "experiments/judges/evidence_steps.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/base/parallel.hpp"
#include "lib/picture/image.hpp"

namespace skein::experiments {
namespace {

namespace fs = std::filesystem;

constexpr const char* judgement_format = "skein judgement";
constexpr int attempts_to_understand = 3;
constexpr std::array<const char*, 4> verdict_names{"whole", "broken", "refused", "unclear"};

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

fs::path default_cache() {
  if (const std::string own = environment("SKEIN_JUDGE_CACHE"); !own.empty()) return own;
  if (const std::string shared = environment("XDG_CACHE_HOME"); !shared.empty())
    return fs::path(shared) / "skein" / "judge";
  const std::string home = environment("HOME");
  if (home.empty()) throw ConfigError("judge: neither SKEIN_JUDGE_CACHE nor HOME says where to keep answers");
  return fs::path(home) / ".cache" / "skein" / "judge";
}

/// The cache's file for a question.
fs::path cache_file(const VlmSettings& settings, const std::array<std::string, 2>& pngs) {
  return answer_file(settings.cache, std::array{settings.chat.model, vlm_question, pngs[0], pngs[1]});
}

/// Nothing when there is no file, or a damaged one: the question is then asked again.
std::optional<Verdict> remembered(const fs::path& file) {
  const auto json = kept_answer(file, judgement_format);
  for (std::size_t v = 0; json && v < verdict_names.size(); ++v)
    if (json->value("verdict", nlohmann::json()) == verdict_names[v]) return static_cast<Verdict>(v);
  return {};
}

void remember(const fs::path& file, const VlmSettings& settings, Verdict verdict, const std::string& said) {
  keep_answer(
      file, judgement_format, settings.chat.model,
      {{"verdict", verdict_names[static_cast<std::size_t>(verdict)]}, {"said", said.substr(0, 1000)}});
}

Verdict ask_once(const VlmSettings& settings, const std::array<std::string, 2>& pngs,
                 const std::function<bool()>& go_on) {
  const fs::path file = cache_file(settings, pngs);
  if (const auto known = remembered(file)) return *known;
  Verdict verdict = Verdict::unclear;
  ChatAnswer answer;
  for (int tried = 0; tried < attempts_to_understand && verdict == Verdict::unclear; ++tried) {
    answer = ask(settings.chat, vlm_question, pngs, go_on);
    const auto whole = read_verdict(answer.text);
    if (answer.kind == ChatAnswer::Kind::refusal) verdict = Verdict::refused;
    else if (whole) verdict = *whole ? Verdict::whole : Verdict::broken;
    else if (answer.kind == ChatAnswer::Kind::truncated) break;
  }
  remember(file, settings, verdict, answer.text);
  return verdict;
}

}  // namespace

const std::string vlm_question =
    "The first picture is an original. The second was made by changing one number inside the network that "
    "draws it. Is the second still one whole, well-formed picture of the same kind of thing, changed in a "
    "way "
    "that makes sense (a part moved, larger, smaller, of another shade or colour, or gone)? Or is it broken: "
    "smears, stray fragments, torn or doubled parts, debris laid over the old picture? Judge the form and "
    "not "
    "whether you like it. Answer with JSON alone: {\"whole\": true} or {\"whole\": false}.";

VlmSettings vlm_settings(const std::string& url, const std::string& model) {
  VlmSettings settings;
  settings.chat.url = url.empty() ? environment("SKEIN_JUDGE_URL") : url;
  settings.chat.model = model.empty() ? environment("SKEIN_JUDGE_MODEL") : model;
  settings.chat.key = environment("SKEIN_JUDGE_KEY");
  if (settings.chat.url.empty())
    throw ConfigError("judge vlm: no server named; --judge-url or SKEIN_JUDGE_URL names one");
  if (settings.chat.model.empty())
    throw ConfigError("judge vlm: no model named; --judge-model or SKEIN_JUDGE_MODEL names one");
  settings.chat.validate();
  settings.cache = default_cache();
  return settings;
}

std::optional<bool> read_verdict(const std::string& text) {
  constexpr std::size_t longest_object = 2000;  // bytes: the question asks for one member
  constexpr int most_tried = 100;               // places where an object may begin, from the end
  auto open = text.rfind('{');
  for (int tried = 0; open != std::string::npos && tried < most_tried; ++tried) {
    const auto close = text.substr(open, longest_object).find('}');
    if (close != std::string::npos) {
      const auto json = nlohmann::json::parse(text.substr(open, close + 1), nullptr, false);
      if (json.is_object() && json.contains("whole") && json["whole"].is_boolean())
        return json["whole"].get<bool>();
    }
    open = open == 0 ? std::string::npos : text.rfind('{', open - 1);
  }
  return {};
}

void ask_all(const VlmSettings& settings, std::size_t count, const ProgressListener& listener,
             const std::function<void(std::size_t, const std::function<bool()>&)>& ask_one) {
  settings.chat.validate();
  make_folder(settings.cache);
  std::atomic<std::int64_t> done = 0;
  parallel_for(count, [&](std::size_t i) {
    const std::function<bool()> go_on = [&] {
      return !listener || listener({.stage = "judge",
                                    .done = done.load(),
                                    .total = static_cast<std::int64_t>(count),
                                    .values = {}});
    };
    if (!go_on()) throw Error("judge: stopped; answers so far are kept, the same command goes on from them");
    ask_one(i, go_on);
    ++done;
  });
}

std::vector<Verdict> ask_vlm(const VlmSettings& settings, const Picture& original,
                             const std::vector<Picture>& changed, const ProgressListener& listener) {
  const std::string before = encode_png(to_image(original));
  std::vector<Verdict> verdicts(changed.size());
  ask_all(settings, changed.size(), listener, [&](std::size_t i, const std::function<bool()>& go_on) {
    verdicts[i] = ask_once(settings, {before, encode_png(to_image(changed[i]))}, go_on);
  });
  return verdicts;
}

StepsToAsk steps_to_ask(const Evidence& evidence, std::size_t most) {
  const std::vector<std::size_t> reached = reached_steps(evidence.weights);
  const std::size_t count = std::min(reached.size(), most);
  StepsToAsk asked;
  for (std::size_t k = 0; k < count; ++k) asked.step.push_back(reached[k * reached.size() / count]);
  asked.changed.resize(count);
  draw_steps(evidence, evidence.weights, asked.step,
             [&](std::size_t k, Picture&& picture) { asked.changed[k] = std::move(picture); });
  return asked;
}

JudgedSteps judge_by_model(Evidence& evidence, const VlmSettings& settings,
                           const ProgressListener& listener) {
  clear_opinions(evidence);
  const StepsToAsk asked = steps_to_ask(evidence, steps_asked);
  const auto verdicts = ask_vlm(settings, evidence.picture, asked.changed, listener);
  JudgedSteps judged{.asked = asked.step.size()};
  for (std::size_t k = 0; k < asked.step.size(); ++k) {
    judged.refused += verdicts[k] == Verdict::refused;
    judged.unclear += verdicts[k] == Verdict::unclear;
    if (verdicts[k] == Verdict::whole || verdicts[k] == Verdict::broken)
      evidence.weights.effects[asked.step[k]].whole = verdicts[k] == Verdict::whole ? 1.0 : 0.0;
  }
  return judged;
}

}  // namespace skein::experiments
