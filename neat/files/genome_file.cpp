#include "neat/files/genome_file.hpp"

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/files/bounded_archive.hpp"
#include "lib/files/framed_file.hpp"
#include "neat/files/genome_archive.hpp"
#include "neat/files/genome_json.hpp"

namespace skein::neat {

void write_genome(const std::filesystem::path& path, const AnnotatedGenome& annotated) {
  write_file(path, path.extension() == ".json" ? genome_json(annotated) : genome_bytes(annotated));
}

AnnotatedGenome read_genome(const std::filesystem::path& path) {
  return parse_genome(read_file(path), path.string());
}

std::string genome_bytes(const AnnotatedGenome& annotated) {
  validate(annotated.genome);
  ByteOutput archive;
  archive(annotated);
  if (annotated.notes.branch_words.empty()) return frame(genome_file_kind, 1, archive.bytes());
  archive(annotated.notes.branch_words);
  return frame(genome_file_kind, genome_file_version, archive.bytes());
}

AnnotatedGenome parse_genome(std::string_view bytes, const std::string& name) {
  if (may_be_genome_json(bytes)) return parse_genome_json(bytes, name);
  const Framed framed = unframe(bytes, genome_file_kind, genome_file_version, name);
  BoundedInput archive(framed.payload, name);
  AnnotatedGenome annotated;
  archive(annotated);
  if (framed.version >= 2) archive(annotated.notes.branch_words);
  archive.finish();
  try {
    validate(annotated.genome);
  } catch (const ConfigError& error) {
    throw FormatError(name + ": " + error.what());
  }
  return annotated;
}

}  // namespace skein::neat
