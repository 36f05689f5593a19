#include <algorithm>
#include <cstdio>
#include <vector>

#include "lib/base/random.hpp"
#include "tests/support/odd_genome.hpp"

namespace skein::test {

namespace {

using neat::Genome;
using neat::Link;
using neat::Marking;
using neat::Node;
using neat::NodeRole;

std::string number(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.17g", value);
  return text;
}

/// Writes one genome; what it decides by chance is remembered, so that a gene written twice is the same twice.
class OddWriter {
 public:
  OddWriter(const Genome& genome, RandomStream& random) : genome_(genome), random_(random) {
    if (random.chance(0.3)) word_for_ = genome.nodes.back().id.branch;
    for (const Link& link : genome.links)
      if (link.enabled && link.weight != 0 && link.source == genome.nodes[3].id && random.chance(0.5) &&
          std::ranges::find(own_bias_, link.target, &Link::target) == own_bias_.end())
        own_bias_.push_back(link);
  }

  std::string element() {
    std::vector<std::string> nodes, links;
    for (std::size_t n = 0; n < genome_.nodes.size(); ++n) nodes.push_back(node(n));
    for (const Link& l : genome_.links)
      if (std::ranges::find(own_bias_, l.id, &Link::id) == own_bias_.end()) links.push_back(link(l));
    if (random_.chance(0.2)) nodes.push_back(nodes.back());
    if (!links.empty() && random_.chance(0.2)) links.push_back(links.front());
    if (random_.chance(0.2))
      links.push_back(link({{genome_.nodes[0].id.branch, 90}, genome_.nodes[4].id, genome_.nodes[0].id, 2}));
    random_.shuffle(std::span(nodes));
    std::string text = "<genome age=\"7\" phenotype=\"grey\">" + stray() +
                       "<identifier branch=\"3\" id=\"4\"/><parents count=\"0\"/>" + stray() + "<nodes>";
    for (const std::string& each : nodes) text += each + stray();
    text += "</nodes>" + stray() + "<links>";
    for (const std::string& each : links) text += each + stray();
    return text + "</links>" + stray() + "</genome>";
  }

 private:
  /// Something that says nothing about the genome.
  std::string stray() {
    switch (random_.below(12)) {
      case 0:
        return "<!-- <node/> -->";
      case 1:
        return "<views><view><node/></view></views>";
      case 2:
        return "\n\t ";
      case 3:
        return "<color r=\"1\" g=\"2\" b=\"3\"/>";
      default:
        return "";
    }
  }
  std::string marking(const char* element, Marking id) {
    const std::string branch = word_for_ == id.branch ? "guest_a" : std::to_string(id.branch);
    return std::string("<") + element + " branch=\"" + branch + "\" id=\"" + std::to_string(id.id) + "\"/>";
  }
  std::string node(std::size_t place) {
    const Node& node = genome_.nodes[place];
    const std::size_t inputs = genome_.signature.inputs.size();
    std::string attributes;
    if (node.role == NodeRole::input)
      attributes = "type=\"in\" label=\"" + genome_.signature.inputs[place] + "\"";
    else if (node.role == NodeRole::output) {
      std::string label = genome_.signature.outputs[place - inputs];
      if (label == "ink" && random_.chance(0.3)) label = "brightness";
      attributes = "label=\"" + label + "\" type=\"out\"";
    } else if (random_.chance(0.5)) attributes = "type=\"hidden\" shown=\"no\"";
    const auto biased = std::ranges::find(own_bias_, node.id, &Link::target);
    if (biased != own_bias_.end()) attributes += " bias=\"" + number(biased->weight) + "\"";
    return "<node " + attributes + ">" + stray() + marking("marking", node.id) + "<activation> " +
           std::string(name(node.activation)) + (random_.chance(0.7) ? "(x)" : "") + "</activation></node>";
  }
  std::string link(const Link& link) {
    const char* disabled = random_.chance(0.5) ? " enabled=\"false\"" : " enabled=\"0\"";
    return std::string("<link") + (link.enabled ? "" : disabled) + ">" + marking("marking", link.id) +
           stray() + marking("source", link.source) + marking("target", link.target) + "<weight>" +
           number(link.weight) + "</weight></link>";
  }

  const Genome& genome_;
  RandomStream& random_;
  std::int32_t word_for_ = -1;  ///< the branch that is written as a word; -1: none
  std::vector<Link> own_bias_;  ///< links that are written as their target's own bias
};

}  // namespace

std::string odd_document(std::span<const Genome> genomes, std::uint64_t seed) {
  RandomStream random(seed, "odd document");
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<cppn-data version=\"1.2\"/>\n<data>";
  for (std::size_t g = 0; g < genomes.size(); ++g) {
    const bool in_set = random.chance(0.5);
    if (in_set) text += "<storage><generation number=\"" + std::to_string(g) + "\"><notes/>";
    text += OddWriter(genomes[g], random).element();
    if (in_set) text += "</generation></storage>";
  }
  return text + "<notes>a child of nobody</notes></data>";
}

}  // namespace skein::test
