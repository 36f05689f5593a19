#include <atomic>
#include <filesystem>
#include <mutex>
#include <optional>
#include <sstream>

#include "experiments/drawing/figure_file.hpp"
#include "experiments/figures/plots.hpp"
#include "experiments/records/json_file.hpp"
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

void write_coverage(const RunFolder& run, const std::vector<Curves>& all, const Session& session) {
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
  const auto picture = run.file("coverage.png");
  try_figure(session, picture, [&] { write_figure(picture, small_multiples(panels, 2)); });
}

/// What is told of one seed's run.
Json line_of(std::uint64_t seed, const neat::Evolution& evolution) {
  Json line{{"seed", seed},
            {"solved", evolution.solution.has_value()},
            {"evaluations", evolution.evaluations},
            {"generations", evolution.generation + 1}};
  if (evolution.solution) {
    line["hidden"] = neat::hidden_count(evolution.solution->genome);
    line["links"] = neat::enabled_count(evolution.solution->genome);
  }
  return line;
}

/// The finished seeds of a task: in metrics.jsonl they stand in order, whichever thread finished first, so that a
/// stopped run goes on after the last of them.
class SeedRecords {
 public:
  SeedRecords(const RunFolder& run, std::uint64_t first, std::size_t count) : run_(run), lines_(count) {
    read_known(first);
    const auto last = static_cast<std::int64_t>(first + recorded_) - 1;
    run.forget_after("seed", last);
    finished_ = static_cast<std::int64_t>(recorded_);
  }

  /// How many an earlier start recorded.
  std::size_t known() const { return recorded_; }
  std::int64_t finished() const { return finished_; }
  const std::vector<std::optional<Json>>& lines() const { return lines_; }

  void add(std::size_t i, Json line) {
    const std::scoped_lock lock(mutex_);
    lines_[i] = std::move(line);
    ++finished_;
    for (; recorded_ < lines_.size() && lines_[recorded_]; ++recorded_) run_.record(*lines_[recorded_]);
  }

 private:
  void read_known(std::uint64_t first) {
    if (!std::filesystem::exists(run_.file("metrics.jsonl"))) return;
    std::istringstream in(read_file(run_.file("metrics.jsonl")));
    for (std::string line; recorded_ < lines_.size() && std::getline(in, line);) {
      const Json json = Json::parse(line, nullptr, false);
      if (!json.is_object() || json.value("seed", Json()) != first + recorded_ ||
          !json.contains("generations"))
        return;
      lines_[recorded_++] = json;
    }
  }

  const RunFolder& run_;
  std::mutex mutex_;
  std::vector<std::optional<Json>> lines_;
  std::size_t recorded_ = 0;
  std::atomic<std::int64_t> finished_ = 0;
};

/// results.csv, and the means and spreads over the seeds.
Json result_of(const RunFolder& run, const std::vector<std::optional<Json>>& lines) {
  std::vector<double> evaluations, generations, hidden, links;
  std::string csv = "seed,solved,evaluations,hidden,links\n";
  for (const auto& each : lines) {
    const Json& line = each.value();
    const bool solved = line.at("solved");
    evaluations.push_back(line.at("evaluations"));
    generations.push_back(line.at("generations"));
    if (solved) hidden.push_back(line.at("hidden")), links.push_back(line.at("links"));
    const auto field = [&](const char* key) { return line.contains(key) ? line[key].dump() : std::string(); };
    csv += field("seed") + "," + (solved ? "1," : "0,") + field("evaluations") + "," + field("hidden") + "," +
           field("links") + "\n";
  }
  write_file(run.file("results.csv"), csv);
  const Spread cost = spread(evaluations), size = spread(hidden);
  return {{"solved", hidden.size() == lines.size()},
          {"seeds", lines.size()},
          {"solved_seeds", hidden.size()},
          {"generations", spread(generations).mean},
          {"evaluations", cost.mean},
          {"evaluations_sd", cost.sd},
          {"evaluations_most", cost.high},
          {"hidden", size.mean},
          {"hidden_sd", size.sd},
          {"links", spread(links).mean}};
}

}  // namespace

Json repeat_task(const RunFolder& run, const EvolvePlan& plan, int seeds, const Session& session) {
  SeedRecords records(run, session.seed(), static_cast<std::size_t>(seeds));
  std::atomic<bool> stopped = false;
  const auto go_on = [&](const Progress&) {
    if (!session.listener()({"seed", records.finished(), seeds, {}})) stopped = true;
    return !stopped;
  };
  const std::size_t known = records.known();
  parallel_for(static_cast<std::size_t>(seeds) - known, [&](std::size_t i) {
    if (stopped) return;
    const std::uint64_t seed = session.seed() + known + i;
    neat::Evolution evolution = neat::begin(plan.settings, plan.start, plan.random_weights, seed);
    if (neat::run(evolution, plan.settings, plan.goal, {.seed = seed, .generations = plan.generations}, {},
                  {}, go_on))
      records.add(known + i, line_of(seed, evolution));
  });
  if (stopped) throw Interrupted("stopped; the same command resumes " + run.path().string());
  return result_of(run, records.lines());
}

Json repeat_map(const RunFolder& run, const EvolvePlan& plan, int seeds, std::uint32_t checkpoint_every,
                const Session& session) {
  std::vector<Curves> curves{{"filled", {}}, {"quality", {}}};
  std::vector<double> filled, quality;
  for (int i = 0; i < seeds; ++i) {
    const std::uint64_t seed = session.seed() + static_cast<std::uint64_t>(i);
    RunRequest request = request_of(plan);
    request.settings["seed"] = seed;
    request.settings["seeds"] = 1;
    const RunFolder one(run.file("seed-" + std::to_string(seed)), request, session);
    if (!one.finished_result()) {
      one.keep_result(carry_out(one, plan, seed, checkpoint_every, session));
      one.finish();
    }
    forget_checkpoint(one);
    add_seed(curves, one.file("metrics.jsonl"));
    filled.push_back(curves[0].seeds.back().y.back());
    quality.push_back(curves[1].seeds.back().y.back());
  }
  write_coverage(run, curves, session);
  return {{"seeds", seeds},
          {"evaluations", plan.map.evaluations},
          {"cells", neat::cell_count(plan.map.axes)},
          {"filled", to_json(spread(filled))},
          {"quality", to_json(spread(quality))}};
}

}  // namespace skein::experiments
