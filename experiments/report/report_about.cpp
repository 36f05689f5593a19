#include "experiments/report/report_about.hpp"

#include <algorithm>
#include <vector>

#include "experiments/report/markup.hpp"
#include "experiments/report/method_rows.hpp"
#include "experiments/report/report_notes.hpp"
#include "experiments/report/report_tables.hpp"
#include "experiments/rows/row_methods.hpp"
#include "experiments/runs/version.hpp"

namespace skein::experiments {

std::string counted(std::size_t n, const std::string& one, const std::string& many) {
  return std::to_string(n) + " " + (n == 1 ? one : many);
}

std::string run_in_numbers(const ReportRun& run) {
  const auto methods = methods_of(run.results.rows);
  std::vector<std::uint64_t> seeds;
  for (const CompareRow& row : run.results.rows)
    if (row.key.seed && std::ranges::find(seeds, *row.key.seed) == seeds.end())
      seeds.push_back(*row.key.seed);
  std::string text = counted(run.results.rows.size(), "network", "networks") + " of " +
                     counted(methods.size(), "method", "methods");
  if (!seeds.empty()) text += ", " + counted(seeds.size(), "seed", "seeds");
  if (run.results.about.width > 0)
    text += "; target of " + std::to_string(run.results.about.width) + " \xc3\x97 " +
            std::to_string(run.results.about.height) + " pixels";
  if (!run.results.about.budget.empty()) text += "; budget " + run.results.about.budget;
  return text + (run.finished ? "." : "; the run is not finished.");
}

std::string notes_of_run(const ReportRun& run) {
  std::string html = "<h3>Networks</h3><dl>\n";
  const auto define = [&](const std::string& term, const std::string& meaning) {
    if (!meaning.empty())
      html += "<dt>" + escape_markup(term) + "</dt><dd>" + escape_markup(meaning) + "</dd>\n";
  };
  std::vector<std::string> told;  // the counts and variants of a method share one note
  for (const MethodRows& method : methods_of(run.results.rows)) {
    if (std::ranges::find(told, method.key.method) != told.end()) continue;
    told.push_back(method.key.method);
    define(label_of({{}, method.key.method, 0, 0, {}, {}}), method_note(method.key.method));
  }
  if (std::ranges::any_of(run.results.rows, [](const CompareRow& row) { return row.key.count > 0; }))
    define("Cut networks", cutting_note());
  html += "</dl>\n<h3>Numbers</h3><dl>\n";
  for (const char* column : {"nonzero", "asked", "steps", "loss", "psnr"})
    define(column_title(column), measure_note(column));
  for (const std::string& column : run.analysis.measures) define(column_title(column), measure_note(column));
  html += "</dl>\n<h3>Figures</h3><dl>\n";
  for (const Note& note : figure_notes()) define(note.term, note.meaning);
  return html + "</dl>\n";
}

std::string repeat_section(const ReportRun& run) {
  std::string html;
  const auto block = [&](const std::string& text) {
    html += "<div><pre>" + escape_markup(text) +
            "</pre><button type=\"button\" class=\"copy\" hidden>copy</button></div>\n";
  };
  if (!run.results.about.command.empty())
    html += paragraph("The command that made this run:"), block(run.results.about.command);
  if (!run.configuration.empty())
    html += paragraph("Its configuration, with versions (config.toml):"), block(run.configuration);
  if (html.empty()) html = paragraph("The run holds neither its command nor its configuration.");
  return html + paragraph("Page made by " + version_text() + ".", "note");
}

}  // namespace skein::experiments
