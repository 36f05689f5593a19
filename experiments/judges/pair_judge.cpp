#include "experiments/judges/pair_judge.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <string>

#include "experiments/judges/word_questions.hpp"
#include "lib/base/parallel.hpp"
#include "lib/picture/image.hpp"

namespace skein::experiments {
namespace {

const WordQuestion pair_question{
    "There are four pictures, two pairs. In each pair the first picture is an original, the second was made "
    "from it by one change: picture 2 from picture 1, picture 4 from picture 3. In which pair is the changed "
    "picture the more whole: still one well-formed picture of the same kind of thing, changed in a way that "
    "makes sense, rather than broken by smears, stray fragments, torn or doubled parts? Answer with one "
    "word: "
    "former (pictures 1 and 2) or latter (pictures 3 and 4).",
    {"former", "latter"}};

const std::array<WordQuestion, atom_count> atoms{{
    {"The second picture was made from the first by one change. Is every part of the first still to be seen "
     "in "
     "the second, or gone as a whole? Answer with one word: yes or no.",
     {"yes", "no"}},
    {"The second picture was made from the first by one change. Is every part of the second in one piece, "
     "neither torn nor doubled? Answer with one word: yes or no.",
     {"yes", "no"}},
    {"The second picture was made from the first by one change. Is the second free of stray fragments, "
     "smears "
     "and spots that belong to nothing in the first? Answer with one word: yes or no.",
     {"yes", "no"}},
    {"The second picture was made from the first by one change. Are the outlines in the second as clean as "
     "in "
     "the first? Answer with one word: yes or no.",
     {"yes", "no"}},
}};

constexpr double least_chance = 0.02;

std::string png_of(const Picture& picture) { return encode_png(to_image(picture)); }

}  // namespace

std::vector<PairAnswer> ask_pairs(const VlmSettings& settings, const std::vector<PicturePair>& pairs,
                                  const ProgressListener& listener) {
  std::vector<std::array<std::string, 4>> pngs(pairs.size());
  parallel_for(pairs.size(), [&](std::size_t p) {
    const PicturePair& pair = pairs[p];
    pngs[p] = {png_of(pair.original_a), png_of(pair.a), png_of(pair.original_b), png_of(pair.b)};
  });
  std::vector<std::array<WordAnswer, 2>> said(pairs.size());
  ask_all(settings, 2 * pairs.size(), listener, [&](std::size_t i, const std::function<bool()>& go_on) {
    std::array<std::string, 4> shown = pngs[i / 2];
    if (i % 2 == 1) std::ranges::rotate(shown, shown.begin() + 2);
    said[i / 2][i % 2] = ask_word(settings, pair_question, shown, go_on);
  });
  std::vector<PairAnswer> answers(pairs.size());
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    PairAnswer& answer = answers[p];
    std::array<bool, 2> says_a{};
    for (std::size_t order = 0; order < 2; ++order) {
      const auto& first = said[p][order].first;
      if (!first || *first == 0.5) continue;
      ++answer.answers;
      answer.shown_first += *first > 0.5;
      says_a[order] = (*first > 0.5) == (order == 0);
    }
    using enum PairAnswer::Preference;
    if (answer.answers == 2) answer.preference = says_a[0] != says_a[1] ? inconsistent : says_a[0] ? a : b;
  }
  return answers;
}

std::vector<AtomAnswer> ask_atoms(const VlmSettings& settings, const std::vector<ChangedPair>& pictures,
                                  const ProgressListener& listener) {
  std::vector<std::array<std::string, 2>> pngs(pictures.size());
  parallel_for(pictures.size(), [&](std::size_t p) {
    pngs[p] = {png_of(pictures[p].original), png_of(pictures[p].changed)};
  });
  std::vector<std::array<WordAnswer, atom_count>> said(pictures.size());
  ask_all(settings, atom_count * pictures.size(), listener,
          [&](std::size_t i, const std::function<bool()>& go_on) {
            said[i / atom_count][i % atom_count] =
                ask_word(settings, atoms[i % atom_count], pngs[i / atom_count], go_on);
          });
  std::vector<AtomAnswer> answers(pictures.size());
  for (std::size_t p = 0; p < pictures.size(); ++p) {
    double log_sum = 0;
    bool all = true;
    for (const WordAnswer& atom : said[p]) {
      all &= atom.first.has_value();
      if (atom.first) log_sum += std::log(std::max(least_chance, *atom.first));
      answers[p].by_chances |= atom.by_chances;
    }
    if (all) answers[p].score = std::exp(log_sum / static_cast<double>(atom_count));
  }
  return answers;
}

}  // namespace skein::experiments
