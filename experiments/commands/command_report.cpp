#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "experiments/cli/command_table.hpp"
#include "experiments/compare/results.hpp"
#include "experiments/report/report.hpp"

namespace skein::experiments {
namespace {

struct ReportArguments {
  std::vector<std::string> runs;
  std::string out;
};

Outcome report(const ReportArguments& options, const Session& session) {
  std::filesystem::path out = options.out;
  if (out.empty() && options.runs.size() == 1) {
    out = std::filesystem::path(options.runs[0]) / "report.html";  // a run's own report is made anew
  } else {
    if (out.empty()) out = "report.html";
    session.refuse_existing(out);
  }
  for (const std::string& trouble : write_report({options.runs.begin(), options.runs.end()}, out))
    session.say("note: " + trouble);
  // The page says what it had to leave out; that a table of rows cannot be read is a failure all the same.
  for (const std::string& folder : options.runs)
    if (std::filesystem::exists(std::filesystem::path(folder) / "results.json")) read_results(folder);
  return {{{"out", out.string()}, {"runs", options.runs.size()}}, "report: " + out.string()};
}

}  // namespace

Command report_command() {
  return {"report", std::string(group_compare), "one page from one or several runs, with figures and tables",
          "skein report runs/face\nskein report runs/face runs/flower --out both.html",
          [](CLI::App& app) -> RunCommand {
            const auto options = std::make_shared<ReportArguments>();
            app.add_option("RUN", options->runs,
                           "folders of runs; several are merged into one table across targets")
                ->required();
            app.add_option("--out", options->out,
                           "the page (default: report.html in the run; for several runs, in this folder)");
            return [options](const Session& session) { return report(*options, session); };
          }};
}

}  // namespace skein::experiments
