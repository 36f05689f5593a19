// Reports of runs that are hostile, damaged, unfinished or none.
#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "lib/base/error.hpp"
#include "report_page.hpp"

using namespace skein;
using namespace skein::experiments;
using namespace skein::test;

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

TEST_CASE("a folder that holds no run is refused") {
  CHECK_THROWS_AS(read_report_run("/nonexistent/run"), FormatError);
  const MadeUpRun run("made up");
  CHECK_THROWS_AS(read_report_run(run.folder / "rows"), FormatError);
}
