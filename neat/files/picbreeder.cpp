#include "neat/files/picbreeder.hpp"

#include <pugixml.hpp>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/files/zip_file.hpp"
#include "neat/files/picbreeder_element.hpp"
#include "neat/files/picbreeder_text.hpp"

namespace skein::neat {

namespace {

constexpr int deepest_genome = 8;  ///< how far below the root a <genome> is looked for
constexpr std::size_t most_genomes = 10'000;

void find_genomes(const pugi::xml_node& parent, int depth, std::vector<pugi::xml_node>& found) {
  for (const pugi::xml_node child : parent.children()) {
    if (std::string_view(child.name()) == "genome") found.push_back(child);
    else if (depth < deepest_genome) find_genomes(child, depth + 1, found);
  }
}

void parse_xml(std::string_view bytes, const std::string& name, std::vector<AnnotatedGenome>& genomes) {
  if (bytes.size() > largest_picbreeder_xml)
    throw FormatError(name + ": " + std::to_string(bytes.size()) + " bytes of XML; at most " +
                      std::to_string(largest_picbreeder_xml) + " are read");
  pugi::xml_document document;
  const pugi::xml_parse_result parsed = document.load_buffer(bytes.data(), bytes.size());
  if (!parsed)
    throw FormatError(name + ": not well-formed XML at byte " + std::to_string(parsed.offset) + ": " +
                      parsed.description());
  std::vector<pugi::xml_node> found;
  find_genomes(document, 0, found);
  if (found.size() > most_genomes - genomes.size())
    throw FormatError(name + ": more than " + std::to_string(most_genomes) + " genomes");
  const bool several = found.size() + genomes.size() > 1;
  for (const pugi::xml_node element : found)
    genomes.push_back(read_genome_element(
        element, several ? name + ": genome " + std::to_string(genomes.size() + 1) : name));
}

bool starts_like_xml(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  return trimmed(bytes.substr(0, 256)).starts_with('<');
}

}  // namespace

std::vector<AnnotatedGenome> parse_picbreeder(std::string_view bytes, const std::string& name) {
  std::vector<AnnotatedGenome> genomes;
  if (is_zip(bytes)) {
    for (const ZipMember& member : unzip(bytes, name, {.member_bytes = largest_picbreeder_xml}))
      if (starts_like_xml(member.bytes)) parse_xml(member.bytes, name, genomes);
  } else {
    parse_xml(bytes, name, genomes);
  }
  if (genomes.empty()) throw FormatError(name + ": holds no Picbreeder genome");
  return genomes;
}

std::vector<AnnotatedGenome> read_picbreeder(const std::filesystem::path& path) {
  auto genomes = parse_picbreeder(read_file(path), path.string());
  for (std::size_t i = 0; i < genomes.size(); ++i)
    genomes[i].notes.name = path.stem().string() + (genomes.size() > 1 ? "#" + std::to_string(i + 1) : "");
  return genomes;
}

bool may_be_picbreeder(std::string_view bytes) { return is_zip(bytes) || starts_like_xml(bytes); }

}  // namespace skein::neat
