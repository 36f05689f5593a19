#include "experiments/report/report.hpp"

#include <doctest/doctest.h>

#include <string>

#include "experiments/measures/measures.hpp"
#include "experiments/report/markup.hpp"
#include "experiments/report/report_assets.hpp"
#include "experiments/report/report_figures.hpp"
#include "experiments/report/report_notes.hpp"
#include "experiments/report/report_tables.hpp"
#include "experiments/rows/row_methods.hpp"
#include "report_page.hpp"

using namespace skein;
using namespace skein::experiments;
using namespace skein::test;

TEST_CASE("a report holds the finding, tables, pictures, wirings, the command and the configuration") {
  const MadeUpRun run("made up");
  const std::string html = page_of(run);
  CHECK(unbalanced(html) == "");
  CHECK(html.find(escape_markup(read_report_run(run.folder).analysis.finding())) != std::string::npos);
  CHECK(html.find("With 2 seeds of dense networks nothing can be told yet") != std::string::npos);
  CHECK(html.find("skein compare @made-up --out run") != std::string::npos);
  CHECK(html.find("budget = &quot;quick&quot;") != std::string::npos);
  CHECK(count(html, "<img ") == 1 + 2 * 3);  // the target; a picture and a difference for each method
  CHECK(count(html, "<template id=\"wiring-0-") == 3);
  CHECK(count(html, "<table") == 3);
  const auto data = data_of(html);
  REQUIRE(data["runs"].size() == 1);
  CHECK(data["runs"][0]["networks"].size() == 3);
  CHECK(data["runs"][0]["aspect"] == nlohmann::json{48, 32});
}

TEST_CASE("a report needs nothing from outside and is the same every time") {
  const MadeUpRun run("made up");
  const std::string html = page_of(run);
  for (const char* outside :
       {"http:", "https:", "@import", "src=\"/", "href=\"/", "<link rel=\"stylesheet", "<iframe", "fetch("})
    CHECK_MESSAGE(html.find(outside) == std::string::npos, outside);
  CHECK(count(html, "url(") == 0);
  CHECK(html == page_of(run));
}

TEST_CASE("the pictures of so many methods are shown, and how many there are is told") {
  const MadeUpRun run("made up");
  ReportRun read = read_report_run(run.folder);
  read.detail.pictures = 2;
  const std::string html = picture_section(read, 64).html();
  CHECK(unbalanced(html) == "");
  CHECK(count(html, "<img ") == 1 + 2 * 2);
  CHECK(html.find("The pictures of the first 2 of 3 methods") != std::string::npos);
}

TEST_CASE("the network shown of several seeds is that of median loss") {
  MadeUpRun run("made up", 3);
  const double losses[] = {0.5, 0.1, 0.3};
  int i = 0;
  for (auto& row : run.results.rows)
    if (row.key.method == "dense-relu") row.loss = losses[i++];
  for (const MethodRows& method : methods_of(run.results.rows))
    if (method.key.method == "dense-relu") CHECK(method.shown->loss == 0.3);
}

TEST_CASE("tables give medians, ranges and counts that follow from the rows") {
  MadeUpRun run("made up", 3);
  const double losses[] = {0.5, 0.125, 0.25};
  int i = 0;
  for (auto& row : run.results.rows)
    if (row.key.method == "dense-relu") row.loss = losses[i++];
  ReportRun read = read_report_run(run.folder);
  read.results = run.results;
  CHECK(method_table(read).html().find("<td data-value=\"0.25\">0.25<small>0.125 to 0.5</small></td>") !=
        std::string::npos);
  CHECK(count(network_table(read).html(), "<tr>") == 1 + 7);
  const Summary s = summarise({3, std::nan(""), 1, 2, 10});
  CHECK(s.count == 4);
  CHECK(s.median == 2.5);
  CHECK(s.high == 10);
  CHECK(summarise({}).count == 0);
}

TEST_CASE("every measure of the table is explained, with the side on which factored networks lie") {
  for (const MeasureDefinition& measure : measure_table()) {
    const std::string note = measure_note(measure.name);
    CAPTURE(note);
    CHECK(note.size() > 20);
    CHECK((note.find("lies higher") != std::string::npos) == (measure.factored == Side::higher));
    CHECK((note.find("no part of the verdict") == std::string::npos) == measure.in_verdict);
  }
  for (const RowMethod& method : row_methods())
    CHECK_MESSAGE(method_note(method.name).size() > 20, method.name);
  CHECK(method_note("shuffle") != method_note("shuffle-evolved"));
  CHECK(method_note("something else").empty());
}

TEST_CASE("the page knows every activation by its name") {
  const std::string script(report_script());
  for (const Activation activation : all_activations) {
    const std::string key(name(activation));
    CAPTURE(key);
    CHECK((script.find(" " + key + ": ") != std::string::npos ||
           script.find(" '" + key + "': z") != std::string::npos));
  }
}

TEST_CASE("several runs are merged into one table across targets") {
  const MadeUpRun first("target one"), second("target two", 1);
  const Report report = make_report({read_report_run(first.folder), read_report_run(second.folder)});
  CHECK(unbalanced(report.html) == "");
  CHECK(report.html.find("Across targets") != std::string::npos);
  const std::string table =
      merged_table(std::vector{read_report_run(first.folder), read_report_run(second.folder)}, "loss").html();
  CHECK(count(table, "<tr>") == 1 + 3);
  CHECK(table.find("target one") != std::string::npos);
  CHECK(report.html.find("target two: With 1 seed of dense networks nothing") != std::string::npos);
  CHECK(data_of(report.html)["runs"].size() == 2);
  CHECK(count(report.html, "id=\"r1-table\"") == 1);
}

TEST_CASE("counts of cut networks are matched across targets by their rank") {
  MadeUpRun first("target one", 1), second("target two", 1);
  const auto cut = [](MadeUpRun& run, std::int64_t asked, double loss) {
    run.results.rows.push_back(run.results.rows.back());
    CompareRow& row = run.results.rows.back();
    row.key = {run.results.about.title, "sp", asked, 0, {}, 0};
    row.loss = loss;
  };
  cut(first, 100, 0.125), cut(first, 50, 0.25), cut(second, 300, 0.5), cut(second, 75, 0.0625);
  first.save(), second.save();
  const std::string table =
      merged_table(std::vector{read_report_run(first.folder), read_report_run(second.folder)}, "loss").html();
  CHECK(count(table, "<tr>") == 1 + 3 + 2);
  CHECK(table.find("SP, count 1</td><td data-value=\"0.125\">0.125</td><td data-value=\"0.5\">") !=
        std::string::npos);
  CHECK(table.find("SP, count 2</td><td data-value=\"0.25\">0.25</td><td data-value=\"0.0625\">") !=
        std::string::npos);
}

TEST_CASE("the report holds the paired tests of its rows and says how small p can be") {
  const MadeUpRun run("made up", 3);
  const std::string table = test_table(read_report_run(run.folder)).html();
  CHECK(count(table, "<tr>") == 1 + 2);  // random against dense, score and loss
  CHECK(count(table, "<small>least 0.25</small>") == 2);
  CHECK(page_of(run).find("Paired tests") != std::string::npos);
  CHECK(test_table(read_report_run(MadeUpRun("one seed", 1).folder)).empty());
}

TEST_CASE("networks beyond the room of a page are left out and counted") {
  const MadeUpRun run("made up");
  const Report report = make_report({read_report_run(run.folder)}, 12000);
  CHECK(data_of(report.html)["runs"][0]["networks"].size() < 3);
  CHECK(report.html.find("left out here to keep the page small") != std::string::npos);
}
