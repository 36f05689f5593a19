#include "neat/genome/branch_words.hpp"

#include <algorithm>

#include "lib/base/random.hpp"

namespace skein::neat {

std::int32_t branch_of_word(std::string_view word) {
  constexpr std::int32_t first = 1 << 30;
  return first + static_cast<std::int32_t>(fnv1a(word) % static_cast<std::uint64_t>(first));
}

void add_word(BranchWords& words, std::string_view word) {
  const std::int32_t branch = branch_of_word(word);
  const auto place = std::ranges::lower_bound(words, branch, {}, &BranchWord::branch);
  if (place == words.end() || place->branch != branch) words.insert(place, {branch, std::string(word)});
}

void add_words(BranchWords& words, const BranchWords& others) {
  for (const BranchWord& other : others) add_word(words, other.word);
}

const std::string* word_of_branch(const BranchWords& words, std::int32_t branch) {
  const auto place = std::ranges::lower_bound(words, branch, {}, &BranchWord::branch);
  return place == words.end() || place->branch != branch ? nullptr : &place->word;
}

}  // namespace skein::neat
