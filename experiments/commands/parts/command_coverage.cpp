#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "experiments/cli/command_table.hpp"
#include "experiments/cli/family_options.hpp"
#include "experiments/drawing/figure_file.hpp"
#include "experiments/families/coverage_run.hpp"
#include "experiments/figures/contact_sheet.hpp"
#include "experiments/records/json_file.hpp"
#include "experiments/runs/recorded_rows.hpp"
#include "experiments/runs/run_folder.hpp"
#include "experiments/statistics/spread.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"

namespace skein::experiments {
namespace {

struct CoverageArguments {
  PartsArguments parts;
  std::string out;
  int levels = 2;
  bool no_controls = false;
  CoveragePlan plan;
};

RunRequest request_of(const CoverageArguments& a, std::uint64_t seed) {
  const CoverageSettings& s = a.plan.settings;
  return {"coverage",
          {{"target", a.parts.target},
           {"labels", a.parts.labels},
           {"levels", a.levels},
           {"size", s.size},
           {"layers", s.layers},
           {"steps", s.steps},
           {"batch", s.batch},
           {"lr", s.rate},
           {"ridge", s.ridge},
           {"seed", seed}},
          {{"held-out", a.plan.held_out},
           {"widths", a.plan.widths},
           {"seeds", a.plan.seeds},
           {"controls", a.plan.controls}},
          {"rows", "networks", "coverage.csv", "decodability.csv", "composed.csv", "coverage.json",
           "coverage.png", "family.png"}};
}

/// At most 32 pictures of the family, evenly spread over its order, each with its code.
Drawing family_sheet(const PictureFamily& family, const std::string& title) {
  constexpr std::size_t most = 32;
  constexpr int side = 96;
  std::vector<SheetEntry> entries;
  const std::size_t count = std::min(most, family.combinations().size());
  for (std::size_t i = 0; i < count; ++i) {
    const Combination& one =
        family.combinations()[count < 2 ? 0 : i * (family.combinations().size() - 1) / (count - 1)];
    std::string caption;
    for (const std::uint8_t level : one) caption += static_cast<char>('0' + level);
    entries.push_back({to_image(family.picture(one, side)), caption});
  }
  std::string names;
  for (const std::string& name : family.names()) names += (names.empty() ? "" : ", ") + name;
  return contact_sheet(entries, {.title = title + ": levels of " + names, .columns = 8, .cell = side});
}

std::vector<CoverageRow> make_rows(const std::vector<CoverageKey>& keys, const CoverageSettings& settings,
                                   const PictureFamily& family, const PartRegions& regions,
                                   const RunFolder& run, const Session& session) {
  std::vector<std::string> ids;
  for (const CoverageKey& key : keys) ids.push_back(key.id());
  return recorded_rows<CoverageRow>(
      run, session, "students", ids, coverage_row_from_json,
      [](const CoverageRow& row) { return row.failed.empty(); },
      [&](std::size_t i, const std::filesystem::path& network, const ProgressListener& listener) {
        return make_student(family, regions, keys[i], settings, network, listener);
      });
}

std::string text_of(const nlohmann::ordered_json& json) {
  std::string text =
      "support       held out     seen  width  n  unseen R2   seen R2   nearest  decodable  participation\n";
  char line[160];
  const auto mean = [](const nlohmann::ordered_json& spread) { return spread_number(spread, "mean"); };
  for (const auto& g : json["groups"]) {
    const std::string seen =
        g.contains("seen") ? g["seen"].dump() + "/" + g["combinations"].dump() : std::string("?");
    std::snprintf(line, sizeof line, "%-13s %8.2f %8s %6d %2d %10.3f %9.3f %9.3f %10.3f %14.2f\n",
                  g["support"].get<std::string>().c_str(), g["held_out"].get<double>(), seen.c_str(),
                  g["width"].get<int>(), g["unseen_r2"].is_null() ? 0 : g["unseen_r2"]["n"].get<int>(),
                  mean(g["unseen_r2"]), mean(g["seen_r2"]), mean(g["nearest_r2"]), mean(g["decodability"]),
                  mean(g["participation"]));
    text += line;
    if (const int failed = g.value("failed", 0); failed > 0)
      text += "              and " + std::to_string(failed) +
              " that failed: the training left the finite numbers\n";
  }
  for (const auto& [called, answer] : json["known_answers"].items()) {
    std::snprintf(line, sizeof line, "known answer, %s network: R2 %.4f on unseen combinations\n",
                  called.c_str(), number_or_nan(answer["unseen_r2"]));
    text += line;
  }
  return text + "figure: " + json["out"].get<std::string>() + "/coverage.png\n";
}

Outcome run(CoverageArguments a, const Session& session) {
  a.plan.first_seed = session.seed();
  a.plan.controls = !a.no_controls;
  a.plan.validate();
  require_seeds(session.seed(), a.plan.seeds);
  const PartsTarget target = load_parts(a.parts);
  for (const std::string& warning : target.parts.warnings) session.say(warning);
  const PictureFamily family(target, a.levels, session.seed());
  const std::vector<CoverageKey> keys = students_of(family, a.plan);
  for (const CoverageKey& key : keys)  // refuses what cannot be before anything is made
    split_of(family, key.support, key.held_out > 0 ? key.held_out : 0.5, key.seed);
  const RunFolder folder(a.out, request_of(a, session.seed()), session);
  if (const auto& done = folder.done_before(session)) return {*done, text_of(*done)};
  session.say("coverage " + target.title + ": " + std::to_string(family.part_count()) + " parts, " +
              std::to_string(family.combinations().size()) + " combinations" +
              (family.possible() > static_cast<double>(family.combinations().size()) ? " (a sample)" : "") +
              ", " + std::to_string(keys.size()) + " students");
  const std::vector<CoverageRow> rows =
      make_rows(keys, a.plan.settings, family, target.parts.regions, folder, session);
  nlohmann::ordered_json json{{"target", target.title},        {"parts", family.names()},
                              {"levels", family.levels()},     {"combinations", family.combinations().size()},
                              {"possible", family.possible()}, {"rows", nlohmann::ordered_json::array()}};
  for (const CoverageRow& row : rows) json["rows"].push_back(to_json(row));
  json.update(summary_of(rows));
  json["known_answers"] = known_answers(family, a.plan);
  json["out"] = a.out;
  write_file(folder.file("coverage.csv"), coverage_csv(rows));
  write_file(folder.file("decodability.csv"), decodability_csv(rows));
  write_file(folder.file("composed.csv"), composed_csv(rows));
  write_file(folder.file("coverage.json"), json_text(json, 1) + "\n");
  try_figure(session, folder.file("coverage.png"),
             [&] { write_figure(folder.file("coverage.png"), coverage_figure(rows, target.title)); });
  try_figure(session, folder.file("family.png"),
             [&] { write_figure(folder.file("family.png"), family_sheet(family, target.title)); });
  folder.keep_result(json);
  folder.finish();
  return {json, text_of(json)};
}

}  // namespace

Command coverage_command() {
  return {"coverage", std::string(group_parts), "combinations of parts never seen: who draws them?",
          "skein coverage @face --out runs/coverage --held-out .25,.5,.75 --widths 16,32,64 --seeds 3",
          [](CLI::App& app) -> RunCommand {
            const auto a = std::make_shared<CoverageArguments>();
            add_family_options(app, a->parts, a->out);
            app.add_option("--levels", a->levels, "of each part: 2 is off and on (default), more are scaled");
            app.add_option("--held-out", a->plan.held_out, "shares of the combinations (default .25,.5,.75)")
                ->delimiter(',');
            app.add_option("--widths", a->plan.widths, "units of a layer (default 16,32,64)")->delimiter(',');
            app.add_option("--seeds", a->plan.seeds, "students of each kind (default 3)");
            add_student_options(app, a->plan.settings);
            app.add_option("--ridge", a->plan.settings.ridge, "of the linear decoder (default 0.01)");
            app.add_flag(
                "--no-controls", a->no_controls,
                "without disconnected, missing and shuffled supports and the connected ones of their size");
            return [a](const Session& session) { return run(*a, session); };
          }};
}

}  // namespace skein::experiments
