#pragma once

#include <array>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "experiments/judges/vlm_judge.hpp"

namespace skein::experiments {

/// A question whose answer is one of two words.
struct WordQuestion {
  std::string text;
  std::array<std::string, 2> words;  ///< lower case, such as "yes" and "no"
};

/// What came of it: the chance of the first word in [0, 1]; nothing where the model would not say.
/// `by_chances`: it comes from log-probabilities, else it is 1 or 0.
struct WordAnswer {
  std::optional<double> first;
  bool by_chances = false;
};

/// Which of the two words an answer is: the only one of them that stands in it as a word of its own, letter case aside.
/// Nothing when it holds none or both.
std::optional<bool> read_word(const std::string& text, const std::array<std::string, 2>& words);

/// The chance of the first word among the likely first tokens (letter case, blanks and a full stop aside; a token that begins
/// a word, of two letters or more, counts for it). Nothing when neither is among them.
std::optional<double> chance_of_word(std::span<const std::pair<std::string, double>> tokens,
                                     const std::array<std::string, 2>& words);

/// Asks about pictures given as bytes of PNG files; what the cache holds is not asked again. An answer without either word
/// is asked for three times. Throws as `ask`.
WordAnswer ask_word(const VlmSettings& settings, const WordQuestion& question,
                    std::span<const std::string> pngs, const std::function<bool()>& go_on = {});

}  // namespace skein::experiments
