#include "experiments/search/evolve_outputs.hpp"

#include <algorithm>
#include <functional>
#include <sstream>

#include "bridge/layerize.hpp"
#include "experiments/drawing/figure_file.hpp"
#include "experiments/figures/contact_sheet.hpp"
#include "experiments/figures/phylogeny_figure.hpp"
#include "experiments/figures/plots.hpp"
#include "lib/base/file.hpp"
#include "lib/engine/engine.hpp"
#include "lib/picture/image.hpp"
#include "neat/files/genome_file.hpp"
#include "neat/genome/gene_order.hpp"
#include "sgd/mlp/mlp_file.hpp"

namespace skein::experiments {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t most_on_sheet = 150;
constexpr int sheet_cell = 96;

Image picture_of(const neat::Genome& genome, int size) {
  const neat::Phenotype phenotype = neat::express(genome);
  return to_image(draw(Plan(phenotype.network), phenotype.weights, Grid{size, size}));
}

std::string short_number(double value) {
  std::ostringstream text;
  text.precision(3);
  text << value;
  return text.str();
}

void write_named(const RunFolder& run, const neat::Organism& organism, const std::string& file) {
  neat::AnnotatedGenome annotated{organism.genome, {}};
  annotated.notes.name = "birth " + std::to_string(organism.birth);
  neat::write_genome(run.file(file), annotated);
}

/// Where the files of a finished run go, and who is told of a figure that cannot be made.
struct Outputs {
  const RunFolder& run;
  const Session& session;

  void figure(const std::string& name, const std::function<void(const std::filesystem::path&)>& write) const {
    try_figure(session, run.file(name), [&] { write(run.file(name)); });
  }
};

void write_best(const Outputs& to, const neat::Organism& best, bool draws) {
  write_named(to.run, best, "best.genome");
  if (!draws) return;
  to.figure("network.mlp", [&](const auto& file) { sgd::write_mlp(file, bridge::layerize(best.genome)); });
  to.figure("best.png", [&](const auto& file) { write_png(file, picture_of(best.genome, 256)); });
}

/// The organisms' genomes in the folder `genomes`, and as pictures under the same numbers.
void write_sheet(const Outputs& to, const std::vector<const neat::Organism*>& organisms,
                 const std::string& title, const std::string& name) {
  make_folder(to.run.file("genomes"));
  for (const neat::Organism* organism : organisms)
    write_named(to.run, *organism, "genomes/" + std::to_string(organism->birth) + ".genome");
  to.figure(name, [&](const auto& file) {
    std::vector<SheetEntry> entries;
    for (const neat::Organism* organism : organisms)
      entries.push_back({picture_of(organism->genome, sheet_cell),
                         std::to_string(organism->birth) + "  " + short_number(organism->fitness)});
    write_figure(file, contact_sheet(entries, {.title = title, .cell = sheet_cell}));
  });
}

void write_phylogeny(const Outputs& to, const neat::Lineage& lineage,
                     std::span<const neat::BirthNumber> chosen, const std::string& title) {
  write_file(to.run.file("phylogeny.json"), neat::phylogeny_json(lineage, chosen));
  write_file(to.run.file("phylogeny.dot"), neat::phylogeny_dot(lineage, chosen));
  to.figure("phylogeny.svg",
            [&](const auto& file) { write_figure(file, phylogeny_figure(lineage, chosen, title)); });
}

/// One panel per name in metrics.jsonl against `x`.
void write_statistics(const RunFolder& run, const std::string& x,
                      const std::vector<std::vector<std::string>>& panels,
                      const std::filesystem::path& file) {
  std::vector<Json> lines;
  std::istringstream in(read_file(run.file("metrics.jsonl")));
  for (std::string line; std::getline(in, line);) lines.push_back(Json::parse(line));
  std::vector<Drawing> drawings;
  for (const auto& names : panels) {
    std::vector<Series> series;
    for (const std::string& name : names) {
      Series one{.name = name, .colour = static_cast<int>(series.size())};
      for (const Json& line : lines)
        if (line.contains(x) && line.contains(name)) one.x.push_back(line[x]), one.y.push_back(line[name]);
      series.push_back(std::move(one));
    }
    drawings.push_back(
        curve_plot(series, {.x_label = x, .y_label = names.front(), .width = 480, .height = 300}));
  }
  write_figure(file, small_multiples(drawings, 2));
}

/// The fittest first; of equal ones the older.
std::vector<const neat::Organism*> ranked(std::vector<const neat::Organism*> organisms, std::size_t most) {
  std::ranges::sort(organisms, [](const neat::Organism* a, const neat::Organism* b) {
    return a->fitness != b->fitness ? a->fitness > b->fitness : a->birth < b->birth;
  });
  if (organisms.size() > most) organisms.resize(most);
  return organisms;
}

/// At most `most` elites from all over the map: its cells in order, cut into stretches of which each gives
/// its fittest; of equal ones the last found, which is the most evolved.
std::vector<const neat::Organism*> spread_over_map(const neat::MapElites& map, std::size_t most) {
  std::vector<const neat::Organism*> elites, chosen;
  for (const auto& [cell, elite] : map.elites) elites.push_back(&elite.organism);
  const std::size_t stretches = std::min(most, elites.size());
  for (std::size_t i = 0; i < stretches; ++i) {
    const auto first = elites.begin() + static_cast<std::ptrdiff_t>(i * elites.size() / stretches);
    const auto last = elites.begin() + static_cast<std::ptrdiff_t>((i + 1) * elites.size() / stretches);
    chosen.push_back(*std::max_element(first, last, [](const neat::Organism* a, const neat::Organism* b) {
      return a->fitness != b->fitness ? a->fitness < b->fitness : a->birth < b->birth;
    }));
  }
  return chosen;
}

}  // namespace

Json metrics_line(const neat::GenerationStatistics& s) {
  return {
      {"generation", s.generation},   {"evaluations", s.evaluations},   {"best_fitness", s.best_fitness},
      {"top_fitness", s.top_fitness}, {"mean_fitness", s.mean_fitness}, {"median_fitness", s.median_fitness},
      {"species", s.species},         {"threshold", s.threshold},       {"mean_hidden", s.mean_hidden},
      {"mean_links", s.mean_links},   {"innovations", s.innovations}};
}

Json metrics_line(const neat::MapStatistics& s) {
  return {{"evaluations", s.evaluations}, {"filled", s.filled}, {"quality", s.quality}, {"best", s.best}};
}

Json write_evolution(const RunFolder& run, const EvolvePlan& plan, const neat::Evolution& evolution,
                     const Session& session) {
  const Outputs to{run, session};
  const bool is_task = plan.kind == GoalKind::task;
  const neat::Organism& best = evolution.solution ? *evolution.solution : *evolution.best;
  write_best(to, best, !is_task);
  std::vector<const neat::Organism*> population;
  for (const neat::Organism& organism : evolution.population) population.push_back(&organism);
  if (!is_task) write_sheet(to, ranked(population, most_on_sheet), "the last generation", "population.png");
  if (plan.novelty) {
    std::vector<const neat::Organism*> archive;
    for (const neat::Organism& organism : plan.novelty->organisms) archive.push_back(&organism);
    write_sheet(to, ranked(archive, most_on_sheet), "what was once most novel", "archive.png");
  }
  const std::array<neat::BirthNumber, 1> chosen{best.birth};
  write_phylogeny(to, evolution.lineage, chosen, "ancestry of the best genome");
  to.figure("statistics.png", [&](const auto& file) {
    write_statistics(run, "generation",
                     {{"best_fitness", "mean_fitness", "median_fitness"},
                      {"species"},
                      {"mean_links", "mean_hidden"},
                      {"innovations"}},
                     file);
  });
  Json result;
  if (is_task) result["solved"] = evolution.solution.has_value();
  result["generations"] = evolution.generation + 1;
  result["evaluations"] = evolution.evaluations;
  result["best_fitness"] = best.fitness;
  result["species"] = evolution.species.size();
  result["archive"] = plan.novelty ? plan.novelty->organisms.size() : 0;
  result["hidden"] = neat::hidden_count(best.genome);
  result["links"] = neat::enabled_count(best.genome);
  result["best"] = run.file("best.genome").string();
  return result;
}

Json write_map(const RunFolder& run, const EvolvePlan& plan, const neat::MapElites& map,
               const Session& session) {
  const Outputs to{run, session};
  const auto shown = spread_over_map(map, most_on_sheet);
  std::vector<neat::BirthNumber> chosen;
  for (const neat::Organism* organism : shown) chosen.push_back(organism->birth);
  Json result{{"generations", map.batches}, {"evaluations", map.evaluations}};
  if (!shown.empty()) {
    const neat::Organism& best = *ranked(shown, 1).front();
    write_best(to, best, true);
    write_sheet(to, shown, "elites from all over the map, from plain to intricate", "archive.png");
    write_phylogeny(to, map.lineage, chosen, "ancestry of the elites of archive.png");
    result["best_fitness"] = best.fitness;
  }
  to.figure("statistics.png", [&](const auto& file) {
    write_statistics(run, "evaluations", {{"filled"}, {"quality"}, {"best"}}, file);
  });
  result["species"] = 0;
  result["archive"] = map.elites.size();
  result["cells"] = neat::cell_count(plan.map.axes);
  result["best"] = run.file("best.genome").string();
  return result;
}

}  // namespace skein::experiments
