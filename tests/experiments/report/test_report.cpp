#include "experiments/report/report.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "experiments/drawing/figure_file.hpp"
#include "experiments/figures/plot_axis.hpp"
#include "experiments/figures/plots.hpp"
#include "experiments/measures/measures.hpp"
#include "experiments/report/markup.hpp"
#include "experiments/report/report_assets.hpp"
#include "experiments/report/report_figures.hpp"
#include "experiments/report/report_notes.hpp"
#include "experiments/report/report_tables.hpp"
#include "experiments/rows/row_methods.hpp"
#include "lib/base/error.hpp"
#include "report_run_fixture.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++n;
  return n;
}

std::string page_of(const MadeUpRun& run) { return make_report({read_report_run(run.folder)}).html; }

/// Every element that was opened is closed in order (void elements, and what stands in scripts and styles,
/// aside).
std::string unbalanced(const std::string& html) {
  std::vector<std::string> open;
  for (std::size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
    const bool closing = html[at + 1] == '/';
    const std::size_t from = at + (closing ? 2 : 1), to = html.find_first_of(" >/\n", from),
                      end = html.find('>', from);
    const std::string tag = html.substr(from, to - from);
    if (tag.empty() || tag[0] == '!' || html[end - 1] == '/') continue;
    if (tag == "meta" || tag == "img" || tag == "input" || tag == "br" || tag == "link") continue;
    if (closing) {
      if (open.empty() || open.back() != tag) return "</" + tag + "> at " + std::to_string(at);
      open.pop_back();
    } else {
      open.push_back(tag);
      if (tag == "script" || tag == "style") at = html.find("</" + tag, at) - 1;
    }
  }
  return open.empty() ? "" : "<" + open.back() + "> left open";
}

nlohmann::json data_of(const std::string& html) {
  const std::string start = "<script type=\"application/json\" id=\"data\">";
  const std::size_t from = html.find(start) + start.size();
  return nlohmann::json::parse(html.substr(from, html.find("</script>", from) - from));
}

}  // namespace

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

TEST_CASE("hostile names cannot break out of the page") {
  const std::string bad = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\" ' & \xff";
  MadeUpRun run("made up");
  run.results.about.title = bad;
  for (auto& row : run.results.rows) {
    row.key.variant = {{bad, bad}}, row.key.target = bad;
    row.note = bad, row.arch = bad, row.parent = bad, row.optimizer = bad;
  }
  run.results.rows.push_back(run.results.rows.back());
  run.results.rows.back().key.method = bad;
  run.results.about.command = bad, run.results.rows[0].measures[0].unit = bad;
  run.results.rows[0].measures[1].name = bad;
  write_file(run.folder / "config.toml", bad);
  ReportRun read = read_report_run(run.folder);
  read.results = run.results;  // not through JSON, which would refuse the last byte
  read.analysis = analyse(read.results.rows);
  const std::string html = make_report({read}).html;
  CHECK(unbalanced(html) == "");
  CHECK(count(html, "<script") == 2);
  CHECK(html.find("<img src=x") == std::string::npos);
  CHECK(data_of(html)["runs"][0]["title"].get<std::string>().starts_with("</script>"));
}

TEST_CASE("runs that are unfinished, have one row, or none, still give a right report") {
  SUBCASE("no result") {
    const MadeUpRun run("made up");
    std::filesystem::remove(run.folder / "result.json");
    CHECK(page_of(run).find("the run is not finished") != std::string::npos);
  }
  SUBCASE("one row") {
    MadeUpRun run("made up", 0);
    const std::string html = page_of(run);
    CHECK(unbalanced(html) == "");
    CHECK(data_of(html)["runs"][0]["networks"].size() == 1);
    CHECK(html.find("No network of this run was trained") != std::string::npos);
  }
  SUBCASE("no rows yet") {
    MadeUpRun run("made up");
    std::filesystem::remove_all(run.folder / "rows");
    run.results.rows.clear();
    run.save();
    const std::string html = page_of(run);
    CHECK(unbalanced(html) == "");
    CHECK(html.find("No network is finished yet") != std::string::npos);
  }
  SUBCASE("rows on disk that results.json has not") {
    MadeUpRun run("made up");
    const CompareRow last = run.results.rows.back();
    write_file(run.folder / "rows" / last.id() / "row.json", to_json(last).dump());
    run.results.rows.pop_back();
    run.save();
    CHECK(read_report_run(run.folder).results.rows.size() == 5);
    std::filesystem::remove(run.folder / "results.json");
    CHECK(read_report_run(run.folder).results.rows.size() == 1);
  }
  SUBCASE("missing measures, losses that are not finite, diverged networks") {
    MadeUpRun run("made up");
    run.results.rows[1].measures.clear();
    CompareRow& lost = run.results.rows[3];
    lost.status = RowStatus::diverged, lost.note = "not finite at step 12", lost.loss = std::nan("");
    lost.network = lost.picture = lost.loss_curve = "";
    run.save();
    const std::string html = page_of(run);
    CHECK(unbalanced(html) == "");
    CHECK(html.find("1 without a network") != std::string::npos);
    CHECK(html.find("diverged: not finite at step 12") != std::string::npos);
    CHECK(html.find("nan") == std::string::npos);
  }
}

TEST_CASE("damaged and missing files of a run are told and left out") {
  const MadeUpRun run("made up");
  const auto evolved = run.folder / "rows" / "evolved";
  SUBCASE("network cut short") {
    write_file(evolved / "network.mlp", read_file(evolved / "network.mlp").substr(0, 60));
  }
  SUBCASE("network gone") { std::filesystem::remove(evolved / "network.mlp"); }
  SUBCASE("loss curve of nonsense") {
    write_file(run.folder / "rows" / "dense-relu-s0" / "loss.csv", "step,loss\nx,y\n");
  }
  const Report report = make_report({read_report_run(run.folder)});
  CHECK(report.troubles.size() == 1);
  CHECK(unbalanced(report.html) == "");
  CHECK(count(report.html, "note warning") == 1);
}

TEST_CASE("pictures that are damaged, and paths that lead out of the run, are left out") {
  MadeUpRun run("made up");
  write_file(run.folder / "target.png", "not a picture");
  run.results.rows[0].picture = "../../etc/passwd";
  run.results.rows[0].network = "/etc/passwd";
  run.save();
  const std::string html = page_of(run);
  CHECK(count(html, "<img ") == 2);
  CHECK(html.find("no picture") != std::string::npos);
  CHECK(data_of(html)["runs"][0]["networks"].size() == 2);
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

TEST_CASE("a folder that holds no run is refused") {
  CHECK_THROWS_AS(read_report_run("/nonexistent/run"), FormatError);
  const MadeUpRun run("made up");
  CHECK_THROWS_AS(read_report_run(run.folder / "rows"), FormatError);
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

TEST_CASE("axes have round ticks within their range and place values in order") {
  for (const bool logarithmic : {false, true})
    for (const auto& values :
         std::vector<std::vector<double>>{{1, 2}, {3e-5, 0.2}, {1, 1}, {5, 1e6}, {}, {0.31, 0.32}}) {
      const PlotAxis axis(values, logarithmic, 0, 100);
      const auto ticks = axis.ticks(5);
      CHECK(ticks.size() <= 12);
      double last = -1;
      for (const auto& tick : ticks) {
        CHECK(axis.at(tick.value) >= -1e-6);
        CHECK(axis.at(tick.value) <= 100 + 1e-6);
        CHECK(axis.at(tick.value) > last);
        last = axis.at(tick.value);
      }
      for (const double value : values) CHECK((axis.at(value) >= 0 && axis.at(value) <= 100));
    }
  CHECK(!PlotAxis({1, 2}, true, 0, 1).shows(0));
  CHECK(plain_number(3.974e-4) == "3.97e-4");
  CHECK(plain_number(0.25) == "0.25");
  CHECK(plain_number(65536) == "65536");
  CHECK(plain_number(0.123456, 3) == "0.123");
}

TEST_CASE("the spread over seeds is the median with least and greatest at each step") {
  const Series s = spread_of("x", {{"", {1, 2}, {5, 1}}, {"", {1, 2}, {3, 2}}, {"", {1}, {4}}}, 2);
  CHECK(s.x == std::vector<double>{1, 2});
  CHECK(s.y == std::vector<double>{4, 1.5});
  CHECK(s.low == std::vector<double>{3, 1});
  CHECK(s.high == std::vector<double>{5, 2});
}

TEST_CASE("plots of nothing, of one point and of what is not finite are drawn") {
  const double nan = std::nan("");
  for (const auto& series :
       std::vector<std::vector<Series>>{{}, {{"a", {1}, {1}}}, {{"b", {1, 2, 3}, {nan, -1, nan}}}}) {
    const std::string svg = to_svg(curve_plot(series, {.log_x = true, .log_y = true}));
    CHECK(svg.find("nan") == std::string::npos);
    CHECK(svg.find("inf") == std::string::npos);
  }
  const Drawing plot = dot_plot({{"a", {1, nan, 3}}, {"b", {nan}}, {"c", {}}}, {.reference = 2});
  CHECK(std::ranges::count_if(plot.marks, [](const Mark& m) { return std::holds_alternative<Disc>(m); }) ==
        2);
  CHECK(to_svg(plot).find("nan") == std::string::npos);
  const Drawing exact = dot_plot({{"exact", {0}}, {"a", {1, 2}}}, {.log_x = true});
  const auto says = [&](const std::string& words) {
    return std::ranges::any_of(exact.marks, [&](const Mark& mark) {
      const auto* text = std::get_if<Text>(&mark);
      return text && text->text == words;
    });
  };
  CHECK(says("0"));
  CHECK_FALSE(says("none"));
  CHECK(small_multiples({}, 3).width >= 1);
}
