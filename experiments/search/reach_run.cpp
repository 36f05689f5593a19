#include "experiments/search/reach_run.hpp"

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "experiments/measures/measures.hpp"
#include "experiments/nets/net.hpp"
#include "experiments/nets/target_picture.hpp"
#include "experiments/targets/targets.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "neat/files/genome_file.hpp"
#include "neat/genome/gene_order.hpp"

namespace skein::experiments {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

/// Some weights of a small picture: enough to compare, a second at most.
const ScoreSettings quick_score{
    .size = 64, .weights = 64, .directions = 16, .units = 64, .noise_draws = 0, .resamples = 0};

std::vector<Aim> aims_of(const ReachPlan& plan) {
  std::vector<std::string> names = plan.targets;
  if (names.empty())
    for (const BuiltInTarget& target : built_in_targets()) names.push_back("@" + target.name);
  std::vector<Aim> aims;
  for (const std::string& name : names) {
    if (std::ranges::find(aims, name, &Aim::name) != aims.end())
      throw ConfigError("target " + name + " is given twice");
    aims.push_back({name, load_target(name, plan.size).picture});
    if (aims.back().picture.width != plan.size || aims.back().picture.height != plan.size)
      throw ConfigError("target " + name + " is not square; the open-ended search draws squares");
  }
  return aims;
}

/// One search of the run: of one target, or of all of them at once.
struct Search {
  Arm arm = Arm::target_driven;
  std::uint64_t seed = 0;
  std::vector<std::size_t> aims;
};

std::vector<Search> searches_of(const ReachTable& table, const ReachPlan& plan, std::uint64_t first_seed) {
  std::vector<Search> searches;
  std::vector<std::size_t> all;
  for (std::size_t a = 0; a < table.aims.size(); ++a) all.push_back(a);
  for (int s = 0; s < plan.seeds; ++s)
    for (const Arm arm : table.arms) {
      const std::uint64_t seed = first_seed + static_cast<std::uint64_t>(s);
      if (arm == Arm::open_ended) searches.push_back({arm, seed, all});
      else
        for (const std::size_t a : all) searches.push_back({arm, seed, {a}});
    }
  return searches;
}

/// The trials of the searches that an earlier start finished; the lines of an unfinished one are dropped.
std::vector<Trial> trials_on_disk(const RunFolder& run, const std::vector<Search>& searches,
                                  const std::vector<Aim>& aims) {
  std::vector<Trial> trials;
  if (fs::exists(run.file("metrics.jsonl"))) {
    std::istringstream lines(read_file(run.file("metrics.jsonl")));
    for (std::string line; std::getline(lines, line);) {
      const Json json = Json::parse(line, nullptr, false);
      if (!json.is_object()) continue;
      if (auto trial = parse_trial(json, aims)) trials.push_back(std::move(*trial));
    }
  }
  std::size_t finished = 0, known = 0;
  for (const Search& search : searches) {
    if (known + search.aims.size() > trials.size()) break;
    known += search.aims.size();
    ++finished;
  }
  trials.resize(known);
  run.forget_after("search", static_cast<std::int64_t>(finished) - 1);
  return trials;
}

std::vector<Found> carry_out(const Search& search, const ReachTable& table, const ReachPlan& plan,
                             const ProgressListener& listener) {
  if (search.arm != Arm::open_ended)
    return {
        search_for(table.aims[search.aims.front()].picture, search.arm, plan.search, search.seed, listener)};
  std::vector<Picture> pictures;
  for (const std::size_t a : search.aims) pictures.push_back(table.aims[a].picture);
  return search_openly(pictures, plan.search, search.seed, listener);
}

void keep(const RunFolder& run, ReachTable& table, const Search& search, std::int64_t number,
          const std::vector<Found>& found, bool with_score) {
  for (std::size_t i = 0; i < found.size(); ++i) {
    const neat::Genome& nearest = found[i].nearest;
    Trial trial{.search = number,
                .arm = search.arm,
                .aim = search.aims[i],
                .seed = search.seed,
                .course = found[i].course,
                .hidden = neat::hidden_count(nearest),
                .links = neat::enabled_count(nearest)};
    if (with_score)
      trial.compositional_score = score(subject_of(nearest), quick_score).at("compositional_score").value;
    neat::write_genome(run.file(reach_genome_file(table, trial)), {nearest, {}});
    run.record(to_json(trial, table.aims));
    table.trials.push_back(std::move(trial));
  }
}

}  // namespace

std::string reach_genome_file(const ReachTable& table, const Trial& trial) {
  std::string target = std::to_string(trial.aim) + "-";
  for (const char c : table.aims[trial.aim].name)
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) target += c;
  return "genomes/" + target + "-" + std::string(name(trial.arm)) + "-s" + std::to_string(trial.seed) +
         ".genome";
}

RunRequest request_of(const ReachPlan& plan, std::uint64_t seed) {
  const SearchSettings& search = plan.search;
  return {"reach",
          {{"seed", seed},
           {"arms", plan.arms},
           {"evaluations", search.evaluations},
           {"population", search.variation.population},
           {"add-link", search.variation.mutation.add_link},
           {"add-node", search.variation.mutation.add_node},
           {"gradient-steps", search.fit.steps},
           {"gradient-rate", search.fit.learning_rate},
           {"levels", search.levels},
           {"size", plan.size},
           {"reached", plan.reached},
           {"score", plan.score},
           {"targets", plan.targets}},
          {{"seeds", plan.seeds}},
          {"genomes", "results.csv", "reach.png", "nearest.png"}};
}

ReachTable reach_table(const ReachPlan& plan) {
  ReachTable table{.aims = aims_of(plan), .arms = {}, .reached = plan.reached, .trials = {}};
  for (const std::string& text : plan.arms) table.arms.push_back(parse_arm(text));
  return table;
}

ReachTable reach_targets(const RunFolder& run, const ReachPlan& plan, ReachTable table,
                         const Session& session) {
  make_folder(run.file("genomes"));
  const auto searches = searches_of(table, plan, session.seed());
  table.trials = trials_on_disk(run, searches, table.aims);
  std::size_t skip = table.trials.size();
  for (std::size_t i = 0; i < searches.size(); ++i) {
    if (skip > 0) {
      skip -= searches[i].aims.size();
      continue;
    }
    const auto total = static_cast<std::int64_t>(searches.size());
    const auto listener = [&](const Progress&) {
      return session.listener()({"search", static_cast<std::int64_t>(i), total, {}});
    };
    const auto found = carry_out(searches[i], table, plan, listener);
    keep(run, table, searches[i], static_cast<std::int64_t>(i), found, plan.score);
  }
  write_file(run.file("results.csv"), to_csv(table));
  return table;
}

}  // namespace skein::experiments
