#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <sstream>

#include "experiments/cli/command_table.hpp"
#include "experiments/drawing/figure_file.hpp"
#include "experiments/figures/contact_sheet.hpp"
#include "experiments/measures/measures.hpp"
#include "experiments/nets/load_net.hpp"
#include "experiments/nets/net.hpp"
#include "experiments/nets/target_picture.hpp"
#include "experiments/runs/option_uses.hpp"
#include "experiments/runs/run_folder.hpp"
#include "experiments/search/reach_table.hpp"
#include "experiments/targets/targets.hpp"
#include "lib/base/file.hpp"
#include "lib/picture/image.hpp"
#include "neat/files/genome_file.hpp"
#include "neat/genome/gene_order.hpp"

namespace skein::experiments {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

struct ReachArguments {
  std::string out;
  std::vector<std::string> targets;
  std::vector<std::string> arms{"target-driven", "open-ended"};
  SearchSettings search{};
  std::optional<double> add_link, add_node;
  int seeds = 3;
  int size = 64;
  double reached = 0.1;
  bool score = false;
  OptionUses uses;
};

/// Some weights of a small picture: enough to compare, a second at most.
const ScoreSettings quick_score{
    .size = 64, .weights = 64, .directions = 16, .units = 64, .noise_draws = 0, .resamples = 0};

std::vector<Aim> aims_of(const ReachArguments& options) {
  std::vector<std::string> names = options.targets;
  if (names.empty())
    for (const BuiltInTarget& target : built_in_targets()) names.push_back("@" + target.name);
  std::vector<Aim> aims;
  for (const std::string& name : names) {
    if (std::ranges::find(aims, name, &Aim::name) != aims.end())
      throw ConfigError("target " + name + " is given twice");
    aims.push_back({name, load_target(name, options.size).picture});
    if (aims.back().picture.width != options.size || aims.back().picture.height != options.size)
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

std::vector<Search> searches_of(const ReachTable& table, const ReachArguments& options,
                                std::uint64_t first_seed) {
  std::vector<Search> searches;
  std::vector<std::size_t> all;
  for (std::size_t a = 0; a < table.aims.size(); ++a) all.push_back(a);
  for (int s = 0; s < options.seeds; ++s)
    for (const Arm arm : table.arms) {
      const std::uint64_t seed = first_seed + static_cast<std::uint64_t>(s);
      if (arm == Arm::open_ended) searches.push_back({arm, seed, all});
      else
        for (const std::size_t a : all) searches.push_back({arm, seed, {a}});
    }
  return searches;
}

std::string genome_file(const ReachTable& table, const Trial& trial) {
  std::string target = std::to_string(trial.aim) + "-";
  for (const char c : table.aims[trial.aim].name)
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) target += c;
  return "genomes/" + target + "-" + std::string(name(trial.arm)) + "-s" + std::to_string(trial.seed) +
         ".genome";
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

std::vector<Found> carry_out(const Search& search, const ReachTable& table, const ReachArguments& options,
                             const ProgressListener& listener) {
  if (search.arm != Arm::open_ended)
    return {search_for(table.aims[search.aims.front()].picture, search.arm, options.search, search.seed,
                       listener)};
  std::vector<Picture> pictures;
  for (const std::size_t a : search.aims) pictures.push_back(table.aims[a].picture);
  return search_openly(pictures, options.search, search.seed, listener);
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
    neat::write_genome(run.file(genome_file(table, trial)), {nearest, {}});
    run.record(to_json(trial, table.aims));
    table.trials.push_back(std::move(trial));
  }
}

/// Each target and what the first seed's searches came to, a row per target.
void write_sheet(const fs::path& file, const RunFolder& run, const ReachTable& table) {
  std::vector<SheetEntry> entries;
  for (std::size_t a = 0; a < table.aims.size(); ++a) {
    const int size = table.aims[a].picture.width;
    entries.push_back({to_image(table.aims[a].picture), table.aims[a].name});
    for (const Arm arm : table.arms) {
      const Trial& trial = *table.of(arm, a).front();
      const Net net = load_net(run.file(genome_file(table, trial)).string());
      const Picture picture = draw(Plan(net.network), net.weights, Grid{size, size});
      std::ostringstream caption;
      caption.precision(3);
      caption << name(arm) << ' ' << trial.error();
      entries.push_back({to_image(picture), caption.str()});
    }
  }
  const SheetOptions sheet{.title = "each target and the nearest picture from the first seed",
                           .columns = static_cast<int>(table.arms.size()) + 1,
                           .cell = 160};
  write_figure(file, contact_sheet(entries, sheet));
}

RunRequest request_of(const ReachArguments& options, std::uint64_t seed) {
  const SearchSettings& search = options.search;
  return {"reach",
          {{"seed", seed},
           {"arms", options.arms},
           {"evaluations", search.evaluations},
           {"population", search.variation.population},
           {"add-link", search.variation.mutation.add_link},
           {"add-node", search.variation.mutation.add_node},
           {"gradient-steps", search.fit.steps},
           {"gradient-rate", search.fit.learning_rate},
           {"levels", search.levels},
           {"size", options.size},
           {"reached", options.reached},
           {"score", options.score},
           {"targets", options.targets}},
          {{"seeds", options.seeds}},
          {"genomes", "results.csv", "reach.png", "nearest.png"}};
}

Outcome reach(ReachArguments options, const Session& session) {
  options.uses.check();
  ReachTable table{.aims = aims_of(options), .arms = {}, .reached = options.reached, .trials = {}};
  for (const std::string& text : options.arms) table.arms.push_back(parse_arm(text));
  if (options.add_link) options.search.variation.mutation.add_link = *options.add_link;
  if (options.add_node) options.search.variation.mutation.add_node = *options.add_node;
  neat::validate(options.search.variation);
  require_seeds(session.seed(), options.seeds);
  if (!(options.search.fit.learning_rate > 0)) throw ConfigError("--gradient-rate must be above 0");
  const RunFolder run(options.out, request_of(options, session.seed()), session);
  if (const auto& done = run.done_before(session)) return {*done, {}};
  make_folder(run.file("genomes"));
  const auto searches = searches_of(table, options, session.seed());
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
    const auto found = carry_out(searches[i], table, options, listener);
    keep(run, table, searches[i], static_cast<std::int64_t>(i), found, options.score);
  }
  write_file(run.file("results.csv"), to_csv(table));
  Json result = summary(table);
  result["out"] = options.out;
  run.keep_result(result);
  const auto curves = run.file("reach.png"), sheet = run.file("nearest.png");
  try_figure(session, curves, [&] { write_figure(curves, reach_figure(table)); });
  try_figure(session, sheet, [&] { write_sheet(sheet, run, table); });
  run.finish();
  return {result, {}};
}

void add_options(CLI::App& app, ReachArguments& o) {
  app.add_option("--out", o.out, "folder of the run")->required();
  app.add_option("--targets", o.targets, "pictures to reach (default: all built-in ones)")->delimiter(',');
  app.add_option("--arms", o.arms,
                 "searches to compare: target-driven, open-ended, lamarckian, baldwinian, same-pixels, "
                 "same-work (default: the first two)")
      ->delimiter(',');
  app.add_option("--evaluations", o.search.evaluations, "of each search (default 15000)")
      ->check(CLI::Range(1, 100'000'000));
  app.add_option("--seeds", o.seeds, "searches of each kind per target (default 3)")
      ->check(CLI::Range(1, 1000));
  const CLI::Option* steps =
      app.add_option("--gradient-steps", o.search.fit.steps, "of the fitted arms (default 10)")
          ->check(CLI::Range(1, 100'000));
  const CLI::Option* rate =
      app.add_option("--gradient-rate", o.search.fit.learning_rate, "learning rate of the fit (default 0.03)")
          ->check(CLI::PositiveNumber);
  app.add_option("--add-link", o.add_link, "rate of that mutation, in every arm")
      ->check(CLI::Range(0.0, 1.0));
  app.add_option("--add-node", o.add_node, "rate of that mutation, in every arm")
      ->check(CLI::Range(0.0, 1.0));
  app.add_option("--levels", o.search.levels, "nearness at so many halvings of the search (default 5)")
      ->check(CLI::Range(1, 20));
  app.add_option("--size", o.size, "pixels a side (default 64)")->check(CLI::Range(8, 1024));
  app.add_option("--reached", o.reached, "error below which a target counts as reached (default 0.1)")
      ->check(CLI::Range(0.0, 1.0));
  app.add_flag("--score", o.score, "the compositional score of what was found");
  const auto some = [&o](auto wanted) { return std::ranges::any_of(o.arms, wanted); };
  o.uses.only(steps, "with an arm that is fitted, or counts the work of one", [some] {
    return some([](const std::string& arm) { return arm != "target-driven" && arm != "open-ended"; });
  });
  o.uses.only(rate, "with an arm that is fitted (lamarckian, baldwinian)", [some] {
    return some([](const std::string& arm) { return arm == "lamarckian" || arm == "baldwinian"; });
  });
}

}  // namespace

Command reach_command() {
  return {"reach", std::string(group_make),
          "how near do searches come to a picture? aimed, open-ended, with gradient",
          "skein reach --out runs/reach --targets @face,@disc --evaluations 3000 --seeds 2\n"
          "skein reach --out runs/hybrid --targets @face,@flower,@sunset --size 32 --evaluations 1500 "
          "--arms target-driven,lamarckian,baldwinian,same-pixels,same-work --seeds 5 --score",
          [](CLI::App& app) -> RunCommand {
            const auto options = std::make_shared<ReachArguments>();
            add_options(app, *options);
            return [options](const Session& session) { return reach(*options, session); };
          }};
}

}  // namespace skein::experiments
