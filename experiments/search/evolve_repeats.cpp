#include <sstream>

#include "experiments/figures/figure_file.hpp"
#include "experiments/figures/plots.hpp"
#include "experiments/runs/json_file.hpp"
#include "experiments/search/evolve_outputs.hpp"
#include "experiments/search/evolve_run.hpp"
#include "experiments/statistics/spread.hpp"
#include "lib/base/file.hpp"
#include "lib/base/parallel.hpp"
#include "lib/picture/image.hpp"
#include "neat/genome/gene_order.hpp"

namespace skein::experiments {
namespace {

using Json = nlohmann::ordered_json;

/// One quantity over time, one curve per seed, all at the same evaluations.
struct Curves {
  std::string name;
  std::vector<Series> seeds;
};

/// Mean and range as a curve with its band.
Series mean_and_range(const Curves& curves) {
  Series result{.name = curves.name};
  for (std::size_t i = 0; i < curves.seeds.front().x.size(); ++i) {
    std::vector<double> values;
    for (const Series& seed : curves.seeds) values.push_back(seed.y.at(i));
    const Spread s = spread(values);
    result.x.push_back(curves.seeds.front().x[i]), result.y.push_back(s.mean);
    result.low.push_back(s.low), result.high.push_back(s.high);
  }
  return result;
}

void add_seed(std::vector<Curves>& all, const std::filesystem::path& metrics) {
  std::istringstream lines(read_file(metrics));
  for (Curves& curves : all) curves.seeds.emplace_back();
  for (std::string line; std::getline(lines, line);) {
    const Json json = Json::parse(line);
    for (Curves& curves : all) {
      curves.seeds.back().x.push_back(json.at("evaluations"));
      curves.seeds.back().y.push_back(json.at(curves.name));
    }
  }
}

void write_coverage(const RunFolder& run, const std::vector<Curves>& all) {
  std::vector<Drawing> panels;
  std::ostringstream csv;
  csv.precision(9);
  csv << "evaluations";
  std::vector<Series> bands;
  for (const Curves& curves : all) {
    csv << ',' << curves.name << "_mean," << curves.name << "_low," << curves.name << "_high";
    bands.push_back(mean_and_range(curves));
    panels.push_back(curve_plot({bands.back()}, {.title = curves.name + ", mean and range of " +
                                                          std::to_string(curves.seeds.size()) + " seeds",
                                                 .x_label = "evaluations",
                                                 .y_label = curves.name,
                                                 .width = 480,
                                                 .height = 320}));
  }
  csv << '\n';
  for (std::size_t i = 0; i < bands.front().x.size(); ++i) {
    csv << bands.front().x[i];
    for (const Series& band : bands) csv << ',' << band.y[i] << ',' << band.low[i] << ',' << band.high[i];
    csv << '\n';
  }
  write_file(run.file("coverage.csv"), csv.str());
  write_figure(run.file("coverage.png"), small_multiples(panels, 2));
}

}  // namespace

Json repeat_task(const RunFolder& run, const EvolvePlan& plan, int seeds, const Session& session) {
  std::vector<neat::Evolution> runs(static_cast<std::size_t>(seeds));
  parallel_for(runs.size(), [&](std::size_t i) {
    const std::uint64_t seed = session.seed() + i;
    runs[i] = neat::begin(plan.settings, plan.start, plan.random_weights, seed);
    neat::run(runs[i], plan.settings, plan.goal, {.seed = seed, .generations = plan.generations});
    runs[i].population.clear();
    runs[i].lineage.clear();
  });
  run.forget_after("seed", -1);
  std::vector<double> evaluations, generations, hidden, links;
  std::string csv = "seed,solved,evaluations,hidden,links\n";
  for (std::size_t i = 0; i < runs.size(); ++i) {
    Json line{{"seed", session.seed() + i},
              {"solved", runs[i].solution.has_value()},
              {"evaluations", runs[i].evaluations}};
    evaluations.push_back(static_cast<double>(runs[i].evaluations));
    generations.push_back(runs[i].generation + 1);
    if (runs[i].solution) {
      line["hidden"] = neat::hidden_count(runs[i].solution->genome);
      line["links"] = neat::enabled_count(runs[i].solution->genome);
      hidden.push_back(line["hidden"]), links.push_back(line["links"]);
    }
    const auto field = [&](const char* key) { return line.contains(key) ? line[key].dump() : std::string(); };
    csv += field("seed") + "," + (runs[i].solution ? "1," : "0,") + field("evaluations") + "," +
           field("hidden") + "," + field("links") + "\n";
    run.record(line);
  }
  write_file(run.file("results.csv"), csv);
  const Spread cost = spread(evaluations), size = spread(hidden);
  return {{"solved", hidden.size() == runs.size()},
          {"seeds", seeds},
          {"solved_seeds", hidden.size()},
          {"generations", spread(generations).mean},
          {"evaluations", cost.mean},
          {"evaluations_sd", cost.sd},
          {"evaluations_most", cost.high},
          {"hidden", size.mean},
          {"hidden_sd", size.sd},
          {"links", spread(links).mean}};
}

Json repeat_map(const RunFolder& run, const EvolvePlan& plan, int seeds, std::uint32_t checkpoint_every,
                const Session& session) {
  std::vector<Curves> curves{{"filled", {}}, {"quality", {}}};
  std::vector<double> filled, quality;
  for (int i = 0; i < seeds; ++i) {
    const std::uint64_t seed = session.seed() + static_cast<std::uint64_t>(i);
    RunRequest request{"evolve", plan.description, {}};
    request.settings["seed"] = seed;
    request.settings["seeds"] = 1;
    const RunFolder one(run.file("seed-" + std::to_string(seed)), request, session);
    if (!one.finished_result()) {
      one.keep_result(carry_out(one, plan, seed, checkpoint_every, session));
      one.finish();
    }
    add_seed(curves, one.file("metrics.jsonl"));
    filled.push_back(curves[0].seeds.back().y.back());
    quality.push_back(curves[1].seeds.back().y.back());
  }
  write_coverage(run, curves);
  return {{"seeds", seeds},
          {"evaluations", plan.map.evaluations},
          {"cells", neat::cell_count(plan.map.axes)},
          {"filled", to_json(spread(filled))},
          {"quality", to_json(spread(quality))}};
}

}  // namespace skein::experiments
