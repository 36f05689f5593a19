#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "experiments/cli/command_table.hpp"
#include "experiments/cli/family_options.hpp"
#include "experiments/drawing/figure_file.hpp"
#include "experiments/polar/polar_run.hpp"
#include "experiments/records/json_file.hpp"
#include "experiments/runs/recorded_rows.hpp"
#include "experiments/runs/run_folder.hpp"
#include "experiments/statistics/spread.hpp"
#include "lib/base/file.hpp"

namespace skein::experiments {
namespace {

struct PolarArguments {
  PartsArguments parts;
  std::string out;
  int levels = 3;
  PolarPlan plan;
};

RunRequest polar_request(const PolarArguments& a, std::uint64_t seed) {
  const CoverageSettings& s = a.plan.students;
  const ProbeSettings& p = a.plan.probe;
  return {"polar",
          {{"target", a.parts.target},
           {"labels", a.parts.labels},
           {"levels", a.levels},
           {"held-out", a.plan.held_out},
           {"width", a.plan.width},
           {"ranks", a.plan.ranks},
           {"lambda", p.lambda},
           {"probe-steps", p.steps},
           {"probe-lr", p.rate},
           {"size", s.size},
           {"layers", s.layers},
           {"steps", s.steps},
           {"batch", s.batch},
           {"lr", s.rate},
           {"seed", seed}},
          {{"seeds", a.plan.seeds}},
          {"rows", "networks", "polar.csv", "polar.json", "polar.png"}};
}

/// Every source at every seed.
std::vector<PolarRow> polar_rows(const PolarArguments& a, const PictureFamily& family,
                                 const PolarCases& cases, const RunFolder& run, const Session& session) {
  std::vector<PolarRow> wanted;
  std::vector<std::string> ids;
  for (int s = 0; s < a.plan.seeds; ++s)
    for (const PolarSource source : all_polar_sources) {
      const std::uint64_t seed = a.plan.first_seed + static_cast<std::uint64_t>(s);
      wanted.push_back({.source = source, .seed = seed, .probes = {}});
      ids.push_back(wanted.back().id());
    }
  return recorded_rows<PolarRow>(
      run, session, "networks asked", ids, polar_row_from_json,
      [](const PolarRow& row) { return row.source == PolarSource::trained && row.failed.empty(); },
      [&](std::size_t i, const std::filesystem::path& network, const ProgressListener& listener) {
        return polar_row(family, cases, a.plan, wanted[i].source, wanted[i].seed, network, listener);
      });
}

std::string polar_text(const nlohmann::ordered_json& json) {
  std::string text =
      "source     layer   rank relations  n   tree (chance)  distance   type (chance)    median over seeds\n";
  char line[200];
  const auto median = [](const nlohmann::ordered_json& spread) { return spread_number(spread, "median"); };
  for (const auto& g : json["groups"]) {
    std::snprintf(line, sizeof line, "%-10s %-7s %4d %-9s %2d   %.3f (%.3f)   %8.3f   %.3f (%.3f)\n",
                  g["source"].get<std::string>().c_str(), g["layer"].get<std::string>().c_str(),
                  g["rank"].get<int>(), g["relations"].get<std::string>().c_str(),
                  g["tree"].is_null() ? 0 : g["tree"]["n"].get<int>(), median(g["tree"]),
                  median(g["tree_chance"]), median(g["distance"]), median(g["type_balanced"]),
                  median(g["type_chance"]));
    text += line;
  }
  for (const auto& [called, answer] : json["known_answers"].items()) {
    const auto mean = [&answer = answer](const char* key) { return spread_number(answer[key], "mean"); };
    std::snprintf(line, sizeof line, "known answer, %s: tree %.3f (%.3f), type %.3f (%.3f), mean of ten\n",
                  called.c_str(), mean("tree"), mean("tree_chance"), mean("type_balanced"),
                  mean("type_chance"));
    text += line;
  }
  if (const int failed = json["failed"].get<int>(); failed > 0)
    text += std::to_string(failed) + " failed: the training left the finite numbers\n";
  return text + "figure: " + json["out"].get<std::string>() + "/polar.png\n";
}

Outcome run_polar(PolarArguments a, const Session& session) {
  a.plan.first_seed = session.seed();
  a.plan.validate();
  require_seeds(session.seed(), a.plan.seeds);
  const PartsTarget target = load_parts(a.parts);
  for (const std::string& warning : target.parts.warnings) session.say(warning);
  const PictureFamily family(target, a.levels, session.seed());
  const PolarCases cases = polar_cases(family);
  for (int s = 0; s < a.plan.seeds; ++s)  // refuses what cannot be before anything is made
    polar_split(cases, a.plan.held_out, a.plan.first_seed + static_cast<std::uint64_t>(s));
  const RunFolder folder(a.out, polar_request(a, session.seed()), session);
  if (const auto& done = folder.done_before(session)) return {*done, polar_text(*done)};
  session.say("polar " + target.title + ": " + std::to_string(cases.cases.size()) + " pictures of up to " +
              std::to_string(cases.names.size()) + " nodes");
  const std::vector<PolarRow> rows = polar_rows(a, family, cases, folder, session);
  nlohmann::ordered_json json{{"target", target.title},      {"parts", family.names()},
                              {"levels", family.levels()},   {"combinations", family.combinations().size()},
                              {"cases", cases.cases.size()}, {"relations", relation_counts(cases)},
                              {"tree", whole_tree(cases)},   {"seeds", a.plan.seeds}};
  json.update(polar_summary(rows));
  json["paired"] = polar_paired(rows);
  const auto known = polar_known_answers(cases, a.plan, session.listener());
  if (!known) throw Interrupted("stopped; the same command resumes " + a.out);
  json["known_answers"] = *known;
  json["out"] = a.out;
  write_file(folder.file("polar.csv"), polar_csv(rows));
  write_file(folder.file("polar.json"), json_text(json, 1) + "\n");
  const auto figure = folder.file("polar.png");
  try_figure(session, figure, [&] { write_figure(figure, polar_figure(rows, target.title)); });
  folder.keep_result(json);
  folder.finish();
  return {json, polar_text(json)};
}

}  // namespace

Command polar_command() {
  return {"polar", std::string(group_parts), "relations of parts as distances and angles of units",
          "skein polar @face --out runs/polar --levels 2 --width 16 --ranks 4,8 --steps 300 --seeds 1",
          [](CLI::App& app) -> RunCommand {
            const auto a = std::make_shared<PolarArguments>();
            add_family_options(app, a->parts, a->out);
            app.add_option("--levels", a->levels, "of each part: off, half and on is 3 (default)");
            app.add_option("--held-out", a->plan.held_out,
                           "share of the sets of parts that no probe is fitted to (default 0.5)");
            app.add_option("--seeds", a->plan.seeds, "students, splits and probes (default 3)");
            app.add_option("--width", a->plan.width, "units of a student's layer (default 32)");
            app.add_option("--ranks", a->plan.ranks, "of the probes, ascending (default 2,4,8,16)")
                ->delimiter(',');
            app.add_option("--lambda", a->plan.probe.lambda, "weight of the angles (default 10)");
            app.add_option("--probe-steps", a->plan.probe.steps, "of each probe (default 400)");
            app.add_option("--probe-lr", a->plan.probe.rate, "Adam's rate of the probes (default 0.02)");
            add_student_options(app, a->plan.students);
            return [a](const Session& session) { return run_polar(*a, session); };
          }};
}

}  // namespace skein::experiments
