#include "neat/files/picbreeder.hpp"

#include <pugixml.hpp>
#include <string_view>

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

/// The file is XML as a whole or not at all; of its genomes each is read or refused for itself.
void parse_xml(std::string_view bytes, const std::string& name, std::vector<SetMember>& members) {
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
  if (found.size() > most_genomes - members.size())
    throw FormatError(name + ": more than " + std::to_string(most_genomes) + " genomes");
  const bool several = found.size() + members.size() > 1;
  for (const pugi::xml_node element : found) {
    const std::string where = several ? name + ": genome " + std::to_string(members.size() + 1) : name;
    try {
      members.push_back({read_genome_element(element, where), {}});
    } catch (const FormatError& error) {
      members.push_back({std::nullopt, error.what()});
    }
  }
}

/// Also in two bytes a character, with or without a mark in front, as pugixml recognises it.
bool starts_like_xml(std::string_view bytes) {
  using std::string_view_literals::operator""sv;
  for (const std::string_view mark : {"\xEF\xBB\xBF"sv, "\xFF\xFE"sv, "\xFE\xFF"sv})
    if (bytes.starts_with(mark)) {
      bytes.remove_prefix(mark.size());
      break;
    }
  return bytes.starts_with("<\0"sv) || bytes.starts_with("\0<"sv) ||
         trimmed(bytes.substr(0, 256)).starts_with('<');
}

}  // namespace

std::vector<SetMember> parse_picbreeder_set(std::string_view bytes, const std::string& name) {
  std::vector<SetMember> members;
  if (is_zip(bytes)) {
    for (const ZipMember& member : unzip(bytes, name, {.member_bytes = largest_picbreeder_xml}))
      if (starts_like_xml(member.bytes)) parse_xml(member.bytes, name, members);
  } else {
    parse_xml(bytes, name, members);
  }
  if (members.empty()) throw FormatError(name + ": holds no Picbreeder genome");
  return members;
}

std::vector<AnnotatedGenome> parse_picbreeder(std::string_view bytes, const std::string& name) {
  std::vector<AnnotatedGenome> genomes;
  for (SetMember& member : parse_picbreeder_set(bytes, name)) {
    if (!member.genome) throw FormatError(member.problem);
    genomes.push_back(std::move(*member.genome));
  }
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
