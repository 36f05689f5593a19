#include "neat/files/genome_json.hpp"

#include <limits>

#include "lib/files/json_reader.hpp"
#include "neat/files/picbreeder_text.hpp"

namespace skein::neat {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(Marking marking, const BranchWords& words) {
  Json json = Json::array({marking.branch, marking.id});
  if (const std::string* word = word_of_branch(words, marking.branch)) json[0] = *word;
  return json;
}

/// A word gets its number, and is noted.
Marking marking_at(const JsonPlace& place, BranchWords& words) {
  if (place.size() != 2) place.refuse("[branch, id]");
  const auto part = [&](std::size_t i) {
    return static_cast<std::int32_t>(place.at(i).whole(std::numeric_limits<std::int32_t>::min(),
                                                       std::numeric_limits<std::int32_t>::max()));
  };
  if (!place.at(std::size_t{0}).is_text()) return {part(0), part(1)};
  const std::string word = place.at(std::size_t{0}).text();
  if (word.empty() || word != trimmed(word) || parse_number<std::int32_t>(word))
    place.at(std::size_t{0}).refuse("a whole number, or a word that is none");
  add_word(words, word);
  return {branch_of_word(word), part(1)};
}

Json json_of_link(const Link& link, const GenomeNotes& notes) {
  const auto marking = [&](Marking of) { return json_of(of, notes.branch_words); };
  Json json{{"id", marking(link.id)},
            {"from", marking(link.source)},
            {"to", marking(link.target)},
            {"weight", link.weight}};
  if (!link.enabled) json["enabled"] = false;
  for (const LinkLabel& label : notes.labels)
    if (label.link == link.id) {
      json["label"] = label.label;
      json["sweep"] = {label.sweep_start, label.sweep_end, label.sweep_step};
      break;
    }
  return json;
}

Activation activation_at(const JsonPlace& place) {
  const auto activation = parse_activation(place.text());
  if (!activation) {
    std::string known;
    for (const Activation a : all_activations) known += (known.empty() ? "" : ", ") + std::string(name(a));
    place.refuse("one of " + known);
  }
  return *activation;
}

/// The nodes listed, whose places say their roles: inputs first, then outputs.
std::vector<Node> nodes_at(const JsonPlace& place, const Signature& signature, BranchWords& words) {
  std::vector<Node> nodes;
  for (std::size_t i = 0; i < place.size(); ++i) {
    const JsonPlace node = place.at(i);
    const NodeRole role = i < signature.inputs.size()                              ? NodeRole::input
                          : i < signature.inputs.size() + signature.outputs.size() ? NodeRole::output
                                                                                   : NodeRole::hidden;
    nodes.push_back({marking_at(node.at("id"), words), role, activation_at(node.at("activation"))});
  }
  return nodes;
}

void read_links(const JsonPlace& place, AnnotatedGenome& annotated) {
  for (std::size_t i = 0; i < place.size(); ++i) {
    const JsonPlace entry = place.at(i);
    BranchWords& words = annotated.notes.branch_words;
    Link link{marking_at(entry.at("id"), words), marking_at(entry.at("from"), words),
              marking_at(entry.at("to"), words), entry.at("weight").number(), true};
    if (entry.has("enabled")) link.enabled = entry.at("enabled").truth();
    annotated.genome.links.push_back(link);
    if (!entry.has("label")) continue;
    LinkLabel label{link.id, entry.at("label").text()};
    if (entry.has("sweep")) {
      const JsonPlace sweep = entry.at("sweep");
      if (sweep.size() != 3) sweep.refuse("[first, last, step]");
      label.sweep_start = sweep.at(std::size_t{0}).number();
      label.sweep_end = sweep.at(1).number();
      label.sweep_step = sweep.at(2).number();
    }
    annotated.notes.labels.push_back(std::move(label));
  }
}

std::vector<std::string> texts_at(const JsonPlace& place) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < place.size(); ++i) texts.push_back(place.at(i).text());
  return texts;
}

}  // namespace

std::string genome_json(const AnnotatedGenome& annotated) {
  const auto& [genome, notes] = annotated;
  validate(genome);
  Json json{{"format", genome_json_format}, {"version", genome_json_version}, {"name", notes.name}};
  if (notes.identifier != Marking{}) json["identifier"] = json_of(notes.identifier, notes.branch_words);
  json["inputs"] = genome.signature.inputs;
  json["outputs"] = genome.signature.outputs;
  json["nodes"] = Json::array();
  for (const Node& node : genome.nodes)
    json["nodes"].push_back(
        {{"id", json_of(node.id, notes.branch_words)}, {"activation", name(node.activation)}});
  json["links"] = Json::array();
  for (const Link& link : genome.links) json["links"].push_back(json_of_link(link, notes));
  if (!notes.parents.empty()) {
    json["parents"] = Json::array();
    for (const Marking& parent : notes.parents)
      json["parents"].push_back(json_of(parent, notes.branch_words));
  }
  if (!notes.warnings.empty()) json["warnings"] = notes.warnings;
  return json_lines(json);
}

bool may_be_genome_json(std::string_view bytes) { return says_format(bytes, genome_json_format); }

AnnotatedGenome parse_genome_json(std::string_view bytes, const std::string& name) {
  const nlohmann::json json = parse_json(bytes, name);
  const JsonPlace file(json, name);
  check_format(file, genome_json_format, genome_json_version);
  AnnotatedGenome annotated;
  auto& [genome, notes] = annotated;
  if (file.has("name")) notes.name = file.at("name").text();
  if (file.has("identifier")) notes.identifier = marking_at(file.at("identifier"), notes.branch_words);
  genome.signature = {texts_at(file.at("inputs")), texts_at(file.at("outputs"))};
  genome.nodes = nodes_at(file.at("nodes"), genome.signature, notes.branch_words);
  read_links(file.at("links"), annotated);
  if (file.has("parents")) {
    const JsonPlace parents = file.at("parents");
    for (std::size_t i = 0; i < parents.size(); ++i)
      notes.parents.push_back(marking_at(parents.at(i), notes.branch_words));
  }
  if (file.has("warnings")) notes.warnings = texts_at(file.at("warnings"));
  try {
    validate(genome);
  } catch (const ConfigError& error) {
    throw FormatError(name + ": " + error.what());
  }
  return annotated;
}

}  // namespace skein::neat
