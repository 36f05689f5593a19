#include "neat/files/picbreeder_export.hpp"

#include <array>
#include <charconv>
#include <map>
#include <pugixml.hpp>
#include <sstream>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/files/zip_file.hpp"

namespace skein::neat {

namespace {

/// The fewest digits that read back as the same number.
std::string shortest(double value) {
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return {buffer.data(), end};
}

void append_marking(pugi::xml_node parent, const char* name, Marking marking, const BranchWords& words) {
  pugi::xml_node element = parent.append_child(name);
  pugi::xml_attribute branch = element.append_attribute("branch");
  if (const std::string* word = word_of_branch(words, marking.branch)) branch.set_value(word->c_str());
  else branch.set_value(marking.branch);
  element.append_attribute("id").set_value(marking.id);
}

void append_text(pugi::xml_node parent, const char* name, const std::string& content) {
  parent.append_child(name).text().set(content.c_str());
}

template <class Container>
pugi::xml_node append_list(pugi::xml_node parent, const char* name, const Container& items) {
  pugi::xml_node list = parent.append_child(name);
  list.append_attribute("count").set_value(static_cast<unsigned>(items.size()));
  return list;
}

/// The number of each label's button, from 1 in the order of first use; the buttons themselves are appended.
std::map<std::string, int> append_buttons(pugi::xml_node genome, const std::vector<LinkLabel>& labels) {
  std::map<std::string, int> numbers;
  std::vector<std::string> in_order;
  for (const LinkLabel& label : labels)
    if (numbers.emplace(label.label, static_cast<int>(in_order.size()) + 1).second)
      in_order.push_back(label.label);
  if (in_order.empty()) return numbers;
  pugi::xml_node list = append_list(genome, "buttons", in_order);
  for (const std::string& label : in_order) {
    pugi::xml_node button = list.append_child("colorButton");
    button.append_child("color-label").append_attribute("id").set_value(numbers.at(label));
    append_text(button, "text", label);
    pugi::xml_node colour = button.append_child("color");
    for (const char* channel : {"r", "g", "b"}) colour.append_attribute(channel).set_value(128);
  }
  return numbers;
}

void append_nodes(pugi::xml_node parent, const Genome& genome, const BranchWords& words) {
  pugi::xml_node list = append_list(parent, "nodes", genome.nodes);
  const std::size_t inputs = genome.signature.inputs.size();
  for (std::size_t i = 0; i < genome.nodes.size(); ++i) {
    const Node& node = genome.nodes[i];
    pugi::xml_node element = list.append_child("node");
    if (node.role == NodeRole::input)
      element.append_attribute("label").set_value(genome.signature.inputs[i].c_str());
    if (node.role == NodeRole::output)
      element.append_attribute("label").set_value(genome.signature.outputs[i - inputs].c_str());
    element.append_attribute("type").set_value(node.role == NodeRole::input    ? "in"
                                               : node.role == NodeRole::output ? "out"
                                                                               : "hidden");
    append_marking(element, "marking", node.id, words);
    append_text(element, "activation", std::string(name(node.activation)) + "(x)");
  }
}

void append_links(pugi::xml_node parent, const AnnotatedGenome& annotated,
                  const std::map<std::string, int>& buttons) {
  std::map<Marking, const LinkLabel*> label_of;
  for (const LinkLabel& label : annotated.notes.labels) label_of.emplace(label.link, &label);
  pugi::xml_node list = append_list(parent, "links", annotated.genome.links);
  const BranchWords& words = annotated.notes.branch_words;
  for (const Link& link : annotated.genome.links) {
    pugi::xml_node element = list.append_child("link");
    if (!link.enabled) element.append_attribute("enabled").set_value("false");
    append_marking(element, "marking", link.id, words);
    append_marking(element, "source", link.source, words);
    append_marking(element, "target", link.target, words);
    append_text(element, "weight", shortest(link.weight));
    const auto label = label_of.find(link.id);
    if (label == label_of.end()) continue;
    element.append_child("color-label").append_attribute("id").set_value(buttons.at(label->second->label));
    pugi::xml_node range = element.append_child("bookends");
    range.append_attribute("start").set_value(shortest(label->second->sweep_start).c_str());
    range.append_attribute("end").set_value(shortest(label->second->sweep_end).c_str());
    range.append_attribute("step").set_value(shortest(label->second->sweep_step).c_str());
  }
}

void append_genome(pugi::xml_node parent, const AnnotatedGenome& annotated) {
  validate(annotated.genome);
  const bool grey = is_greyscale(annotated.genome);
  if (annotated.genome.signature.inputs != picture_signature().inputs ||
      (!grey && annotated.genome.signature.outputs != picture_signature().outputs))
    throw ConfigError(
        "Picbreeder's format holds pictures only: inputs x, y, d, bias and outputs ink, or hue, "
        "saturation, brightness");
  pugi::xml_node genome = parent.append_child("genome");
  genome.append_attribute("age").set_value("unknown");
  genome.append_attribute("phenotype").set_value(grey ? "grey" : "color");
  const BranchWords& words = annotated.notes.branch_words;
  append_marking(genome, "identifier", annotated.notes.identifier, words);
  pugi::xml_node parents = append_list(genome, "parents", annotated.notes.parents);
  for (const Marking marking : annotated.notes.parents) append_marking(parents, "identifier", marking, words);
  const auto buttons = append_buttons(genome, annotated.notes.labels);
  append_nodes(genome, annotated.genome, words);
  append_links(genome, annotated, buttons);
}

}  // namespace

std::string picbreeder_xml(std::span<const AnnotatedGenome> genomes) {
  if (genomes.empty()) throw ConfigError("there is no genome to write");
  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version").set_value("1.0");
  declaration.append_attribute("encoding").set_value("UTF-8");
  declaration.append_attribute("standalone").set_value("no");
  pugi::xml_node data = document.append_child("data");
  data.append_attribute("version").set_value("1.0");
  for (const AnnotatedGenome& genome : genomes) append_genome(data, genome);
  std::ostringstream stream;
  document.save(stream, "    ");
  return std::move(stream).str();
}

void write_picbreeder(const std::filesystem::path& path, std::span<const AnnotatedGenome> genomes) {
  std::string xml = picbreeder_xml(genomes);
  if (path.extension() == ".zip") write_file(path, zip({{"a", std::move(xml)}}));
  else write_file(path, xml);
}

}  // namespace skein::neat
