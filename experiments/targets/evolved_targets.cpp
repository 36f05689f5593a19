#include "experiments/targets/evolved_targets.hpp"

#include "experiments/targets/evolved_data.hpp"
#include "lib/files/json_reader.hpp"

namespace skein::experiments {
namespace {

std::int32_t marking_number(const JsonPlace& place) {
  return static_cast<std::int32_t>(place.whole(0, std::numeric_limits<std::int32_t>::max()));
}

EvolvedTarget evolved_target_at(const JsonPlace& place, const std::string& command) {
  EvolvedTarget target;
  target.name = place.at("name").text();
  target.description = place.at("description").text();
  target.command = command;
  target.birth =
      static_cast<std::uint64_t>(place.at("birth").whole(0, std::numeric_limits<std::int64_t>::max()));
  target.lineage = place.at("lineage").text();
  const JsonPlace hidden = place.at("hidden"), links = place.at("links");
  for (std::size_t i = 0; i < hidden.size(); ++i) {
    const JsonPlace node = hidden.at(i);
    target.hidden.push_back(
        {marking_number(node.at(std::size_t{0})), parse_activation(node.at(1).text()).value()});
  }
  for (std::size_t i = 0; i < links.size(); ++i) {
    const JsonPlace gene = links.at(i);
    target.links.push_back({marking_number(gene.at(std::size_t{0})), marking_number(gene.at(1)),
                            marking_number(gene.at(2)), gene.at(3).number()});
  }
  return target;
}

}  // namespace

std::span<const EvolvedTarget> evolved_targets() {
  static const std::vector<EvolvedTarget> targets = [] {
    const nlohmann::json json = parse_json(evolved_genomes_json(), "evolved_genomes.json");
    const JsonPlace file(json, "evolved_genomes.json");
    const JsonPlace list = file.at("targets");
    std::vector<EvolvedTarget> read;
    for (std::size_t i = 0; i < list.size(); ++i)
      read.push_back(evolved_target_at(list.at(i), file.at("search").text()));
    return read;
  }();
  return targets;
}

neat::AnnotatedGenome genome_of(const EvolvedTarget& target) {
  neat::AnnotatedGenome result;
  result.notes.name = target.name;
  neat::Genome& genome = result.genome;
  genome.signature = picture_signature();
  for (std::int32_t id = 0; id < 4; ++id)
    genome.nodes.push_back({{0, id}, neat::NodeRole::input, Activation::identity});
  for (std::int32_t id = 4; id < 7; ++id)
    genome.nodes.push_back({{0, id}, neat::NodeRole::output, Activation::identity});
  for (const EvolvedTarget::Hidden& node : target.hidden)
    genome.nodes.push_back({{0, node.id}, neat::NodeRole::hidden, node.activation});
  for (const EvolvedTarget::Gene& gene : target.links)
    genome.links.push_back({{0, gene.id}, {0, gene.source}, {0, gene.target}, gene.weight});
  neat::validate(genome);
  return result;
}

}  // namespace skein::experiments
