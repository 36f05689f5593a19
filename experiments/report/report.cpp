#include "experiments/report/report.hpp"

#include <algorithm>
#include <iterator>

#include "experiments/drawing/drawing.hpp"
#include "experiments/report/blocks.hpp"
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
Markup explorer(std::size_t run) {
  const auto side = [](const char* name, const char* title) {
    return block("explorer-side", {{"name", name}, {"title", title}});
  };
  return block("explorer", {{"run", std::to_string(run)}, {"a", side("a", "A")}, {"b", side("b", "B")}});
}

/// The table by method, and what is folded below it: every network, the tests.
Markup number_section(const ReportRun& run) {
  Markup html =
      method_table(run) +
      paragraph(
          "Median over seeds, below it least and greatest; n counts networks; in brackets the sampling "
          "interval of a single network. Press a column's head to sort.",
          "note");
  html += run.detail.every_network
              ? block("folded", {{"title", "Every network"}, {"content", network_table(run)}})
              : paragraph("Every network and every measure of it: results.csv in the run's folder.", "note");
  if (const Markup tests = test_table(run); !tests.empty())
    html += block("folded", {{"title", "Paired tests"}, {"content", tests + paragraph(test_note(), "note")}});
  return html;
}

/// Everything about one run; `prefix` keeps the ids of several runs apart.
Markup run_body(ReportRun& run, std::size_t index, int side, std::size_t& room,
                nlohmann::ordered_json& data) {
  const std::string prefix = "r" + std::to_string(index) + "-";
  Markup body;
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
  const Markup losses =
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
  body += section(prefix + "table", "The numbers", number_section(run));
  Markup inside = exploration.networks.empty() ? paragraph("No network of this run can be read.", "note")
                                               : explorer(index);
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

Markup link_to(const std::string& id, const std::string& title) {
  return block("link", {{"id", id}, {"title", title}});
}

Markup links_of_one(const std::string& prefix) {
  Markup links;
  const std::pair<const char*, const char*> parts[] = {
      {"pictures", "Pictures"}, {"table", "Numbers"}, {"inside", "Inside"},   {"measures", "Measures"},
      {"training", "Training"}, {"notes", "Notes"},   {"repeat", "Repeat it"}};
  for (const auto& [id, title] : parts) links += link_to(prefix + id, title);
  return links;
}

Markup links_of_several(const std::vector<ReportRun>& runs) {
  Markup links = link_to("across", "Across targets");
  if (runs.front().results.about.by_target) links += link_to("axes", "By axis");
  for (std::size_t i = 0; i < runs.size(); ++i)
    links += link_to("run-" + std::to_string(i), runs[i].results.about.title);
  return links;
}

Markup merged_body(const std::vector<ReportRun>& runs) {
  std::vector<std::string> columns{"loss", "nonzero"};
  for (const ReportRun& run : runs)
    for (const auto& name : run.analysis.measures)
      if (std::ranges::find(columns, name) == columns.end()) columns.push_back(name);
  lead_first(columns);
  if (!runs.front().detail.every_measure)
    std::erase_if(columns, [](const std::string& c) { return !is_main_column(c); });
  Markup html;
  for (const ReportRun& run : runs)
    if (!run.analysis.finding().empty())
      html += paragraph(run.results.about.title + ": " + run.analysis.finding());
  for (std::size_t i = 0; i < columns.size(); ++i)
    html +=
        block(i < 2 ? "unfolded" : "folded",
              {{"title", column_title(columns[i])},
               {"content", merged_table(runs, columns[i]) + paragraph(measure_note(columns[i]), "note")}});
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
  std::string title = "skein: ";
  Markup bodies;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    title += (i > 0 ? ", " : "") + runs[i].results.about.title;
    const Markup body = run_body(runs[i], i, side, room, data);
    bodies += runs.size() == 1 ? body
                               : block("run", {{"id", "run-" + std::to_string(i)},
                                               {"title", runs[i].results.about.title},
                                               {"content", body}});
  }
  const Markup links = runs.size() == 1 ? links_of_one("r0-") : links_of_several(runs);
  Markup body = block("header", {{"title", title}, {"links", links}});
  const Markup axes = runs.front().results.about.by_target ? axis_section(runs) : Markup();
  if (!axes.empty())
    body += section("axes", "By axis",
                    axes + paragraph("Medians over all rows that have the value, below "
                                     "them least and greatest.",
                                     "note"));
  if (runs.size() > 1) body += merged_body(runs);
  body += bodies;
  Report report;
  report.html = block("page", {{"generator", version_text()},
                               {"title", title},
                               {"style", Markup::verbatim(std::string(report_style()))},
                               {"body", body},
                               {"data", Markup::verbatim(script_json(data))},
                               {"script", Markup::verbatim(std::string(report_script()))}})
                    .html();
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
