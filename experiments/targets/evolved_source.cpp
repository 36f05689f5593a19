#include "experiments/targets/evolved_source.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <set>

#include "lib/base/error.hpp"

namespace skein::experiments {
namespace {

/// The enabled links and the hidden nodes that they touch.
neat::Genome in_use(const neat::Genome& genome) {
  neat::Genome result{genome.signature, {}, {}};
  std::set<neat::Marking> touched;
  for (const neat::Link& link : genome.links)
    if (link.enabled) {
      result.links.push_back(link);
      touched.insert(link.source), touched.insert(link.target);
    }
  for (const neat::Node& node : genome.nodes)
    if (node.role != neat::NodeRole::hidden || touched.contains(node.id)) result.nodes.push_back(node);
  return result;
}

std::string line_of_mothers(const neat::Lineage& lineage, neat::BirthNumber of) {
  std::string line;
  for (const neat::BirthNumber birth : neat::maternal_line(lineage, of)) {
    line += (line.empty() ? "" : " > ") + std::to_string(birth);
    std::string operators;
    for (std::size_t op = 0; op < neat::operator_names.size(); ++op)
      if (lineage[birth].operators.contains(static_cast<neat::Operator>(op)))
        operators += (operators.empty() ? " " : "+") + std::string(neat::operator_names[op]);
    line += operators;
  }
  return line;
}

/// The shortest text that reads back as the same number.
std::string exact(double value) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  return {text, end};
}

std::string quoted(const std::string& text) { return nlohmann::json(text).dump(); }

/// One gene a line.
std::string entry(const EvolvedOrigin& origin) {
  const EvolvedTarget& target = *origin.target;
  std::string out = "    {\n      \"name\": " + quoted(target.name) +
                    ",\n      \"description\": " + quoted(target.description) +
                    ",\n      \"birth\": " + std::to_string(target.birth) +
                    ",\n      \"lineage\": " + quoted(origin.lineage) + ",\n      \"hidden\": [";
  const char* comma = "";
  for (const neat::Node& node : origin.genome.nodes)
    if (node.role == neat::NodeRole::hidden) {
      out += comma + ("[" + std::to_string(node.id.id)) + ", " + quoted(std::string(name(node.activation))) +
             "]";
      comma = ", ";
    }
  out += "],\n      \"links\": [";
  comma = "\n";
  for (const neat::Link& link : origin.genome.links) {
    out += comma + ("        [" + std::to_string(link.id.id)) + ", " + std::to_string(link.source.id) + ", " +
           std::to_string(link.target.id) + ", " + exact(link.weight) + "]";
    comma = ",\n";
  }
  return out + "\n      ]\n    }";
}

}  // namespace

std::vector<EvolvedOrigin> origins_in(const neat::MapElites& map) {
  std::vector<EvolvedOrigin> origins;
  for (const EvolvedTarget& target : evolved_targets()) {
    EvolvedOrigin& origin = origins.emplace_back();
    origin.target = &target;
    const auto elite = std::ranges::find_if(
        map.elites, [&](const auto& each) { return each.second.organism.birth == target.birth; });
    if (elite == map.elites.end()) continue;
    origin.found = true;
    origin.genome = in_use(elite->second.organism.genome);
    origin.lineage = line_of_mothers(map.lineage, target.birth);
    origin.same_genome = origin.genome == genome_of(target).genome;
    origin.same_lineage = origin.lineage == target.lineage;
  }
  return origins;
}

std::string evolved_source(const std::vector<EvolvedOrigin>& origins) {
  std::string out = "{\n  \"search\": " + quoted(origins.at(0).target->command) + ",\n  \"targets\": [";
  const char* comma = "\n";
  for (const EvolvedOrigin& origin : origins) {
    if (!origin.found)
      throw ConfigError("the archive holds no elite of birth " + std::to_string(origin.target->birth) +
                        ", @" + origin.target->name + "; allowed: the archive of " + origin.target->command);
    out += comma + entry(origin);
    comma = ",\n";
  }
  return out + "\n  ]\n}\n";
}

}  // namespace skein::experiments
