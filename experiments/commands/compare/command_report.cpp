#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "experiments/cli/command_table.hpp"
#include "experiments/cli/parts_options.hpp"
#include "experiments/compare/results.hpp"
#include "experiments/report/report.hpp"
#include "experiments/report/report_pieces.hpp"
#include "experiments/runs/option_uses.hpp"

namespace skein::experiments {
namespace {

struct ReportArguments {
  std::vector<std::string> runs;
  std::string out;
  PiecesRequest pieces;
  OptionUses uses;
};

/// Learns the pieces that the page is to switch off.
nlohmann::ordered_json learned(const ReportArguments& options, const Session& session) {
  PiecesRequest request = options.pieces;
  request.settings.seeds = 1;
  request.settings.seed = session.seed();
  auto rows = nlohmann::ordered_json::array();
  for (const std::string& run : options.runs)
    for (const std::string& row : learn_pieces(run, request, session.listener())) rows.push_back(row);
  return rows;
}

Outcome report(const ReportArguments& options, const Session& session) {
  options.uses.check();
  std::filesystem::path out = options.out;
  if (out.empty() && options.runs.size() == 1) {
    out = std::filesystem::path(options.runs[0]) / "report.html";  // a run's own report is made anew
  } else {
    if (out.empty()) out = "report.html";
    session.refuse_existing(out);
  }
  nlohmann::ordered_json result{{"out", out.string()}, {"runs", options.runs.size()}};
  if (!options.pieces.methods.empty()) result["pieces"] = learned(options, session);
  for (const std::string& trouble : write_report({options.runs.begin(), options.runs.end()}, out))
    session.say("note: " + trouble);
  // The page says what it had to leave out; that a table of rows cannot be read is a failure all the same.
  for (const std::string& folder : options.runs)
    if (std::filesystem::exists(std::filesystem::path(folder) / "results.json")) read_results(folder);
  return {std::move(result), "report: " + out.string()};
}

}  // namespace

Command report_command() {
  return {
      "report", std::string(group_compare), "one page from one or several runs, with figures and tables",
      "skein report runs/face\nskein report runs/face runs/flower --out both.html",
      [](CLI::App& app) -> RunCommand {
        const auto options = std::make_shared<ReportArguments>();
        app.add_option("RUN", options->runs,
                       "folders of runs; several are merged into one table across targets")
            ->required();
        app.add_option("--out", options->out,
                       "the page (default: report.html in the run; for several runs, in this folder)");
        app.add_option(
               "--parts", options->pieces.methods,
               "METHODs of a run (evolved,dense-adam) whose networks' parts the page can switch off: their "
               "pieces are learned and kept in RUN/pieces")
            ->delimiter(',');
        const auto target = app.add_option(
            "--target", options->pieces.parts.target,
            "genome or picture whose parts these are (default: the run's target, as it was written)");
        add_parts_options(app, options->pieces.parts);
        const auto parts = [&o = *options] { return !o.pieces.methods.empty(); };
        for (const CLI::Option* option : {target, app.get_option("--labels"), app.get_option("--regions")})
          options->uses.only(option, "with --parts", parts);
        return [options](const Session& session) { return report(*options, session); };
      }};
}

}  // namespace skein::experiments
