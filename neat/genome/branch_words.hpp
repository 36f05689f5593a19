#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace skein::neat {

/// A branch that is a word, as Picbreeder's client writes it before a genome is published, and the number that stands
/// for it here.
struct BranchWord {
  std::int32_t branch = 0;
  std::string word;
  bool operator==(const BranchWord&) const = default;
};

/// Ascending by number, each once.
using BranchWords = std::vector<BranchWord>;

/// The number of a word: from 2^30 on, above every branch of Picbreeder's archive, and the same for the same word in
/// every file.
std::int32_t branch_of_word(std::string_view word);

/// Adds what is not there yet.
void add_word(BranchWords& words, std::string_view word);
void add_words(BranchWords& words, const BranchWords& others);

/// The word that a number stands for; null for a number that is one.
const std::string* word_of_branch(const BranchWords& words, std::int32_t branch);

}  // namespace skein::neat
