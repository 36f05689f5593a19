#include "experiments/judges/word_questions.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <nlohmann/json.hpp>

#include "experiments/judges/answer_cache.hpp"

namespace skein::experiments {
namespace {

constexpr const char* answer_format = "skein word";
constexpr int attempts_at_a_word = 3;
constexpr int likely_tokens = 10;

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }

std::string lowered(const std::string& text) {
  std::string result = text;
  std::ranges::transform(result, result.begin(), [](char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  return result;
}

bool holds_word(const std::string& text, const std::string& word) {
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    const auto end = at + word.size();
    if ((at == 0 || !is_letter(text[at - 1])) && (end == text.size() || !is_letter(text[end]))) return true;
  }
  return false;
}

std::optional<WordAnswer> kept_word(const std::filesystem::path& file) {
  const auto json = kept_answer(file, answer_format);
  if (!json || !json->contains("first") || !json->contains("by_chances") ||
      !(*json)["by_chances"].is_boolean())
    return {};
  WordAnswer answer{{}, (*json)["by_chances"].get<bool>()};
  const auto& first = (*json)["first"];
  if (first.is_null()) return answer;
  if (!first.is_number() || !(first.get<double>() >= 0 && first.get<double>() <= 1)) return {};
  answer.first = first.get<double>();
  return answer;
}

}  // namespace

std::optional<bool> read_word(const std::string& text, const std::array<std::string, 2>& words) {
  constexpr std::size_t longest_read = 4096;
  const std::string low = lowered(text.substr(0, longest_read));
  const bool first = holds_word(low, words[0]), second = holds_word(low, words[1]);
  if (first == second) return {};
  return first;
}

std::optional<double> chance_of_word(std::span<const std::pair<std::string, double>> tokens,
                                     const std::array<std::string, 2>& words) {
  std::array<double, 2> chance{};
  bool met = false;
  for (const auto& [token, logprob] : tokens) {
    std::string bare;
    for (const char c : lowered(token))
      if (is_letter(c)) bare += c;
    for (std::size_t w = 0; w < words.size(); ++w) {
      const bool begins = bare.size() >= 2 && words[w].starts_with(bare);
      if (bare != words[w] && !begins) continue;
      chance[w] += std::exp(logprob);
      met = true;
      break;
    }
  }
  if (!met || !(chance[0] + chance[1] > 0)) return {};
  return chance[0] / (chance[0] + chance[1]);
}

WordAnswer ask_word(const VlmSettings& settings, const WordQuestion& question,
                    std::span<const std::string> pngs, const std::function<bool()>& go_on) {
  std::vector<std::string> parts{settings.chat.model, question.text};
  parts.insert(parts.end(), pngs.begin(), pngs.end());
  const std::filesystem::path file = answer_file(settings.cache, parts);
  if (const auto known = kept_word(file)) return *known;
  ChatSettings chat = settings.chat;
  chat.alternatives = likely_tokens;
  WordAnswer result;
  ChatAnswer answer;
  for (int tried = 0; tried < attempts_at_a_word && !result.first; ++tried) {
    answer = ask(chat, question.text, pngs, go_on);
    if (answer.kind == ChatAnswer::Kind::refusal) break;
    if (const auto chance = chance_of_word(answer.first_tokens, question.words)) {
      result = {chance, true};
    } else if (const auto word = read_word(answer.text, question.words)) {
      result = {*word ? 1.0 : 0.0, false};
    } else if (answer.kind == ChatAnswer::Kind::truncated) {
      break;
    }
  }
  keep_answer(file, answer_format, settings.chat.model,
              {{"first", result.first ? nlohmann::ordered_json(*result.first) : nlohmann::ordered_json()},
               {"by_chances", result.by_chances},
               {"said", answer.text.substr(0, 1000)}});
  return result;
}

}  // namespace skein::experiments
