#include "lib/base/error.hpp"
#include "lib/files/bounded_archive.hpp"
#include "lib/files/framed_file.hpp"
#include "neat/files/genome_archive.hpp"
#include "neat/search/brood.hpp"

namespace skein::neat {

namespace {

constexpr std::uint32_t brood_file_version = 1;
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
  return frame(brood_file_kind, brood_file_version, archive.bytes());
}

Brood parse_brood(std::string_view bytes, const std::string& name) {
  const Framed framed = unframe(bytes, brood_file_kind, brood_file_version, name);
  BoundedInput archive(framed.payload, name);
  Brood brood;
  archive(brood);
  archive.finish();
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
