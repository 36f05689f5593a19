#include <algorithm>
#include <utility>

#include "lib/base/error.hpp"
#include "lib/files/bounded_archive.hpp"
#include "lib/files/framed_file.hpp"
#include "neat/files/genome_archive.hpp"
#include "neat/search/brood.hpp"

namespace skein::neat {

namespace {

constexpr std::uint32_t brood_file_version = 2;  // 1 where no branch is a word
constexpr std::size_t most_in_brood = 1000;

}  // namespace

template <class Archive>
void save(Archive& archive, const Bred& bred) {
  archive(bred.annotated, bred.mother, bred.father, bred.operators.bits());
}

template <class Archive>
void load(Archive& archive, Bred& bred) {
  std::uint16_t bits = 0;
  archive(bred.annotated, bred.mother, bred.father, bits);
  bred.operators = Operators(bits);
}

std::string brood_bytes(const Brood& brood) {
  ByteOutput archive;
  archive(brood);
  std::vector<BranchWords> words;
  for (const Bred& bred : brood) words.push_back(bred.annotated.notes.branch_words);
  if (std::ranges::all_of(words, &BranchWords::empty)) return frame(brood_file_kind, 1, archive.bytes());
  archive(words);
  return frame(brood_file_kind, brood_file_version, archive.bytes());
}

Brood parse_brood(std::string_view bytes, const std::string& name) {
  const Framed framed = unframe(bytes, brood_file_kind, brood_file_version, name);
  BoundedInput archive(framed.payload, name);
  Brood brood;
  archive(brood);
  std::vector<BranchWords> words;
  if (framed.version >= 2) archive(words);
  archive.finish();
  if (framed.version >= 2 && words.size() != brood.size()) throw FormatError(name + ": is damaged");
  for (std::size_t i = 0; i < words.size(); ++i) brood[i].annotated.notes.branch_words = std::move(words[i]);
  if (brood.empty() || brood.size() > most_in_brood)
    throw FormatError(name + ": a generation of " + std::to_string(brood.size()) + " pictures");
  for (const Bred& bred : brood) {
    try {
      validate(bred.annotated.genome);
    } catch (const ConfigError& error) {
      throw FormatError(name + ": " + error.what());
    }
  }
  return brood;
}

}  // namespace skein::neat
