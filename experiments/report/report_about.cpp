#include "experiments/report/report_about.hpp"

#include <algorithm>
#include <vector>

#include "experiments/report/blocks.hpp"
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

Markup notes_of_run(const ReportRun& run) {
  Markup networks, numbers, figures;
  const auto define = [](Markup& terms, const std::string& term, const std::string& meaning) {
    if (!meaning.empty()) terms += block("definition", {{"term", term}, {"meaning", meaning}});
  };
  std::vector<std::string> told;  // the counts and variants of a method share one note
  for (const MethodRows& method : methods_of(run.results.rows)) {
    if (std::ranges::find(told, method.key.method) != told.end()) continue;
    told.push_back(method.key.method);
    define(networks, label_of({{}, method.key.method, 0, 0, {}, {}}), method_note(method.key.method));
  }
  if (std::ranges::any_of(run.results.rows, [](const CompareRow& row) { return row.key.count > 0; }))
    define(networks, "Cut networks", cutting_note());
  for (const char* column : {"nonzero", "asked", "steps", "loss", "psnr"})
    define(numbers, column_title(column), measure_note(column));
  for (const std::string& column : run.analysis.measures)
    define(numbers, column_title(column), measure_note(column));
  for (const Note& note : figure_notes()) define(figures, note.term, note.meaning);
  return block("definitions", {{"title", "Networks"}, {"terms", networks}}) +
         block("definitions", {{"title", "Numbers"}, {"terms", numbers}}) +
         block("definitions", {{"title", "Figures"}, {"terms", figures}});
}

Markup repeat_section(const ReportRun& run) {
  Markup html;
  const auto show = [&](const char* what, const std::string& text) {
    if (!text.empty()) html += paragraph(what) + block("copied-text", {{"text", text}});
  };
  show("The command that made this run:", run.results.about.command);
  show("Its configuration, with versions (config.toml):", run.configuration);
  if (html.empty()) html = paragraph("The run holds neither its command nor its configuration.");
  return html + paragraph("Page made by " + version_text() + ".", "note");
}

}  // namespace skein::experiments
