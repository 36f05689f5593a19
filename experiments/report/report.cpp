#include "experiments/report/report.hpp"

#include <algorithm>
#include <iterator>

#include "experiments/drawing/drawing.hpp"
#include "experiments/report/markup.hpp"
#include "experiments/report/report_about.hpp"
#include "experiments/report/report_assets.hpp"
#include "experiments/report/report_axes.hpp"
#include "experiments/report/report_figures.hpp"
#include "experiments/report/report_notes.hpp"
#include "experiments/report/report_tables.hpp"
#include "experiments/rows/row_methods.hpp"
#include "experiments/runs/version.hpp"
#include "lib/base/file.hpp"

namespace skein::experiments {
namespace {

/// Two networks of a run side by side, their maps, and one weight to be moved.
std::string explorer_markup(std::size_t run) {
  const auto side = [](const char* name, const char* title) {
    return filled(report_explorer_side_template(), {{"name", name}, {"title", title}});
  };
  return filled(report_explorer_template(),
                {{"run", std::to_string(run)}, {"a", side("a", "A")}, {"b", side("b", "B")}});
}

/// Everything about one run; `prefix` keeps the ids of several runs apart.
std::string run_body(ReportRun& run, std::size_t index, int side, std::size_t& room,
                     nlohmann::ordered_json& data) {
  const std::string prefix = "r" + std::to_string(index) + "-";
  std::string body;
  const std::string finding = run.analysis.finding();
  body += paragraph(run.results.rows.empty() ? "No network is finished yet."
                    : finding.empty()        ? "This run states no finding."
                                             : finding,
                    "finding");
  body += paragraph(run_in_numbers(run), "about");
  Exploration exploration = explore(run, index, room);
  const int w = std::max(run.results.about.width, 1), h = std::max(run.results.about.height, 1);
  data["runs"].push_back(
      {{"title", run.results.about.title}, {"aspect", {w, h}}, {"networks", exploration.networks}});
  const std::string losses =
      run.detail.curves
          ? loss_section(run)
          : paragraph(
                "There are too many methods to draw their losses here; every network's loss.csv is in "
                "its folder.",
                "note");
  for (const std::string& trouble : run.troubles) body += paragraph(trouble, "note warning");
  if (run.results.rows.empty()) return body + section(prefix + "repeat", "Repeat it", repeat_section(run));

  body +=
      section(prefix + "pictures", "Target and reconstructions",
              picture_section(run, side) +
                  paragraph("Below each picture: how far it is from the target; black is a quarter of the "
                            "full range or more.",
                            "note"));
  const std::string tests = test_table(run);
  body +=
      section(prefix + "table", "The numbers",
              method_table(run) +
                  paragraph("Median over seeds, below it least and greatest; n counts networks; in brackets "
                            "the sampling interval of a single network. Press a column's head to sort.",
                            "note") +
                  (run.detail.every_network
                       ? "<details><summary>Every network</summary>\n" + network_table(run) + "</details>\n"
                       : paragraph("Every network and every measure of it: results.csv in the run's folder.",
                                   "note")) +
                  (tests.empty() ? ""
                                 : "<details><summary>Paired tests</summary>\n" + tests +
                                       paragraph(test_note(), "note") + "</details>\n"));
  std::string inside = exploration.networks.empty() ? paragraph("No network of this run can be read.", "note")
                                                    : explorer_markup(index);
  if (exploration.left_out > 0)
    inside +=
        paragraph(counted(static_cast<std::size_t>(exploration.left_out), "network is", "networks are") +
                      " left out here to keep the page small; their files are in the run's folder.",
                  "note");
  body +=
      section(prefix + "inside", "Inside two networks",
              paragraph("Point at a unit, or walk with the arrow keys, to see what it reads (blue and orange "
                        "frames), what reads it (pink), and what its weights do to the picture. Drag through "
                        "the strip to move the chosen weight.",
                        "note") +
                  inside + exploration.markup);
  body += section(prefix + "measures", "Measures", measure_section(run));
  body += section(prefix + "training", "Training", losses);
  body += section(prefix + "notes", "Notes and definitions", notes_of_run(run));
  body += section(prefix + "repeat", "Repeat it", repeat_section(run));
  return body;
}

std::string navigation(const std::string& prefix) {
  std::string html = "<nav aria-label=\"contents\"><ul>";
  const std::pair<const char*, const char*> parts[] = {
      {"pictures", "Pictures"}, {"table", "Numbers"}, {"inside", "Inside"},   {"measures", "Measures"},
      {"training", "Training"}, {"notes", "Notes"},   {"repeat", "Repeat it"}};
  for (const auto& [id, title] : parts) html += "<li><a href=\"#" + prefix + id + "\">" + title + "</a></li>";
  return html + "</ul></nav>\n";
}

std::string merged_body(const std::vector<ReportRun>& runs) {
  std::vector<std::string> columns{"loss", "nonzero"};
  for (const ReportRun& run : runs)
    for (const auto& name : run.analysis.measures)
      if (std::ranges::find(columns, name) == columns.end()) columns.push_back(name);
  lead_first(columns);
  if (!runs.front().detail.every_measure)
    std::erase_if(columns, [](const std::string& c) { return !is_main_column(c); });
  std::string html;
  for (const ReportRun& run : runs)
    if (!run.analysis.finding().empty())
      html += paragraph(run.results.about.title + ": " + run.analysis.finding());
  for (std::size_t i = 0; i < columns.size(); ++i)
    html += std::string("<details") + (i < 2 ? " open" : "") + "><summary>" +
            escape_markup(column_title(columns[i])) + "</summary>\n" + merged_table(runs, columns[i]) +
            paragraph(measure_note(columns[i]), "note") + "</details>\n";
  return section("across", "Across targets", html);
}

/// Text that may stand inside a script element.
std::string script_json(const nlohmann::ordered_json& json) {
  std::string text;
  for (const char c : json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace))
    text += c == '<' ? std::string("\\u003c") : std::string(1, c);
  return text;
}

/// What the page's size allows for so many rows of so many methods in so many runs.
ReportDetail detail_of(std::size_t rows, std::size_t methods, std::size_t runs) {
  constexpr std::size_t most_rows = 600, most_curves = 150, most_pictures = 180;
  ReportDetail detail;
  detail.every_network = detail.every_measure = rows <= most_rows;
  detail.curves = methods <= most_curves;
  if (methods > most_pictures) detail.pictures = std::max<std::size_t>(4, most_pictures / runs);
  return detail;
}

}  // namespace

Report make_report(std::vector<ReportRun> runs, std::size_t room_for_networks) {
  std::size_t methods = 0, room = room_for_networks, rows = 0;
  for (const ReportRun& run : runs) methods += run.analysis.methods.size(), rows += run.results.rows.size();
  for (ReportRun& run : runs) run.detail = detail_of(rows, methods, runs.size());
  const int side = methods <= 24 ? 224 : methods <= 60 ? 144 : 88;
  nlohmann::ordered_json data{{"runs", nlohmann::ordered_json::array()}};
  std::string title = "skein: ", bodies;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    title += (i > 0 ? ", " : "") + runs[i].results.about.title;
    const std::string body = run_body(runs[i], i, side, room, data);
    if (runs.size() > 1)
      bodies += "<article><h2 id=\"run-" + std::to_string(i) + "\">" +
                escape_markup(runs[i].results.about.title) + "</h2>\n";
    bodies += body + (runs.size() > 1 ? "</article>\n" : "");
  }
  std::string body = "<header><h1>" + escape_markup(title) + "</h1>\n";
  if (runs.size() == 1) body += navigation("r0-");
  else {
    body += "<nav aria-label=\"contents\"><ul><li><a href=\"#across\">Across targets</a></li>";
    if (runs.front().results.about.by_target) body += "<li><a href=\"#axes\">By axis</a></li>";
    for (std::size_t i = 0; i < runs.size(); ++i)
      body += "<li><a href=\"#run-" + std::to_string(i) + "\">" + escape_markup(runs[i].results.about.title) +
              "</a></li>";
    body += "</ul></nav>\n";
  }
  body += "</header>\n";
  const std::string axes = runs.front().results.about.by_target ? axis_section(runs) : std::string();
  if (!axes.empty())
    body += section("axes", "By axis",
                    axes + paragraph("Medians over all rows that have the value, below "
                                     "them least and greatest.",
                                     "note"));
  if (runs.size() > 1) body += merged_body(runs);
  body += bodies;
  Report report;
  report.html = filled(report_template(), {{"generator", escape_markup(version_text())},
                                           {"title", escape_markup(title)},
                                           {"style", std::string(report_style())},
                                           {"body", body},
                                           {"data", script_json(data)},
                                           {"script", std::string(report_script())}});
  for (ReportRun& run : runs) std::ranges::move(run.troubles, std::back_inserter(report.troubles));
  return report;
}

std::vector<std::string> write_report(const std::vector<std::filesystem::path>& folders,
                                      const std::filesystem::path& file) {
  std::vector<ReportRun> runs;
  for (const auto& folder : folders)
    for (ReportRun& run : read_report_runs(folder)) runs.push_back(std::move(run));
  const Report report = make_report(std::move(runs));
  write_file(file, report.html);
  return report.troubles;
}

}  // namespace skein::experiments
