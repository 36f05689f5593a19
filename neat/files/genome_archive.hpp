#pragma once

#include "neat/genome/genome.hpp"

/// How genomes go in and out of archives. Include only in the .cpp files that read or write files. What is
/// read is known to be made of existing roles and activations; whether it is a genome, `validate` says.
namespace skein::neat {

template <class Archive>
void serialize(Archive& archive, Marking& marking) {
  archive(marking.branch, marking.id);
}

template <class Archive>
void save(Archive& archive, const Node& node) {
  archive(node.id, static_cast<std::uint8_t>(node.role), static_cast<std::uint8_t>(node.activation));
}

template <class Archive>
void load(Archive& archive, Node& node) {
  std::uint8_t role = 0, activation = 0;
  archive(node.id, role, activation);
  if (role > static_cast<std::uint8_t>(NodeRole::output) || activation >= all_activations.size())
    archive.fail();
  node.role = static_cast<NodeRole>(role);
  node.activation = static_cast<Activation>(activation);
}

template <class Archive>
void serialize(Archive& archive, Link& link) {
  archive(link.id, link.source, link.target, link.weight, link.enabled);
}

template <class Archive>
void serialize(Archive& archive, LinkLabel& label) {
  archive(label.link, label.label, label.sweep_start, label.sweep_end, label.sweep_step);
}

template <class Archive>
void serialize(Archive& archive, BranchWord& word) {
  archive(word.branch, word.word);
}

template <class Archive>
void serialize(Archive& archive, Genome& genome) {
  archive(genome.signature.inputs, genome.signature.outputs, genome.nodes, genome.links);
}

/// Without `branch_words`, which files write apart where there are any: those without are of version 1.
template <class Archive>
void serialize(Archive& archive, GenomeNotes& notes) {
  archive(notes.name, notes.identifier, notes.parents, notes.labels, notes.warnings);
}

template <class Archive>
void serialize(Archive& archive, AnnotatedGenome& annotated) {
  archive(annotated.genome, annotated.notes);
}

}  // namespace skein::neat
