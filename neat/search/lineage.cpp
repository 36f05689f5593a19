#include "neat/search/lineage.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

namespace skein::neat {

namespace {

std::vector<BirthNumber> parents_of(const Birth& birth) {
  std::vector<BirthNumber> parents;
  if (birth.mother != no_parent) parents.push_back(birth.mother);
  if (birth.father != no_parent && birth.father != birth.mother) parents.push_back(birth.father);
  return parents;
}

std::string operator_list(Operators operators, std::string_view quote) {
  std::string text;
  for (std::size_t i = 0; i < operator_names.size(); ++i)
    if (operators.contains(static_cast<Operator>(i)))
      text.append(text.empty() ? "" : ", ").append(quote).append(operator_names[i]).append(quote);
  return text;
}

}  // namespace

std::vector<BirthNumber> ancestry(const Lineage& lineage, std::span<const BirthNumber> chosen) {
  std::vector<char> wanted(lineage.size(), 0);
  for (const BirthNumber birth : chosen) wanted[birth] = 1;
  std::vector<BirthNumber> births;
  for (BirthNumber birth = lineage.size(); birth-- > 0;)
    if (wanted[birth]) {
      births.push_back(birth);
      for (const BirthNumber parent : parents_of(lineage[birth])) wanted[parent] = 1;
    }
  std::ranges::reverse(births);
  return births;
}

std::vector<BirthNumber> maternal_line(const Lineage& lineage, BirthNumber of) {
  std::vector<BirthNumber> line;
  for (BirthNumber birth = of; birth != no_parent; birth = lineage[birth].mother) line.push_back(birth);
  std::ranges::reverse(line);
  return line;
}

std::string phylogeny_json(const Lineage& lineage, std::span<const BirthNumber> chosen) {
  std::ostringstream out;
  out.precision(17);
  out << "{\"format\": \"skein-phylogeny\", \"version\": 1, \"chosen\": [";
  for (std::size_t i = 0; i < chosen.size(); ++i) out << (i ? ", " : "") << chosen[i];
  out << "], \"births\": [";
  const char* separator = "\n";
  for (const BirthNumber number : ancestry(lineage, chosen)) {
    const Birth& birth = lineage[number];
    out << separator << "{\"birth\": " << number << ", \"generation\": " << birth.generation
        << ", \"parents\": [";
    const auto parents = parents_of(birth);
    for (std::size_t p = 0; p < parents.size(); ++p) out << (p ? ", " : "") << parents[p];
    out << "], \"operators\": [" << operator_list(birth.operators, "\"")
        << "], \"fitness\": " << birth.fitness << "}";
    separator = ",\n";
  }
  out << "\n]}\n";
  return out.str();
}

std::string phylogeny_dot(const Lineage& lineage, std::span<const BirthNumber> chosen) {
  const auto births = ancestry(lineage, chosen);
  std::map<BirthNumber, int> children;
  for (const BirthNumber number : births)
    for (const BirthNumber parent : parents_of(lineage[number])) ++children[parent];
  const std::set<BirthNumber> leaves(chosen.begin(), chosen.end());
  const auto passes_on = [&](BirthNumber number) {
    return parents_of(lineage[number]).size() == 1 && children[number] == 1 && !leaves.contains(number);
  };
  std::ostringstream out;
  out << "digraph phylogeny {\n  node [shape=box, fontname=\"sans\", fontsize=9];\n";
  for (const BirthNumber number : births) {
    if (passes_on(number)) continue;
    const Birth& birth = lineage[number];
    out << "  b" << number << " [label=\"" << number << "\\ngeneration " << birth.generation << "\\n"
        << birth.fitness << "\"" << (leaves.contains(number) ? ", penwidth=2" : "") << "];\n";
    for (BirthNumber parent : parents_of(birth)) {
      int spanned = 1;
      for (; passes_on(parent); ++spanned) parent = parents_of(lineage[parent]).front();
      out << "  b" << parent << " -> b" << number << " [label=\"";
      spanned > 1 ? out << spanned << " steps" : out << operator_list(birth.operators, "");
      out << "\"];\n";
    }
  }
  out << "}\n";
  return out.str();
}

}  // namespace skein::neat
