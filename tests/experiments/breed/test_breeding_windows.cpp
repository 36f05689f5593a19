// What the windows of one session tell each other through the server.
#include <doctest/doctest.h>

#include "breeding_server.hpp"
#include "page_client.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;
using namespace skein::test;

TEST_CASE("a change that changes nothing says so: its revision may be what another window did") {
  const TemporaryFolder folder;
  BreedingServer server(folder.path() / "s");
  Page here(server), there(server);
  REQUIRE(there.evolve(1)->status == 200);
  Asked sparse = Page::settings();
  sparse["strength"] = 0.125;
  const Asked note{{"generation", 1}, {"place", 3}, {"name", "wing"}, {"note", ""}, {"favourite", true}};
  for (const auto& [path, asked] : std::initializer_list<std::pair<std::string, Asked>>{
           {"/api/pick", {{"generation", 2}, {"picks", {3, 1}}}},
           {"/api/show", {{"generation", 1}}},
           {"/api/settings", {{"settings", sparse}}},
           {"/api/note", note}}) {
    CAPTURE(path);
    const Asked first = here.answer(path, asked);
    CHECK(first["changed"] == true);
    there.answer("/api/pick", {{"generation", 1}, {"picks", {2}}});
    there.answer("/api/pick", {{"generation", 1}, {"picks", Asked::array()}});
    const Asked again = here.answer(path, asked);
    CHECK(again["changed"] == false);
    CHECK(again["revision"] == first["revision"].get<int>() + 2);
  }
  CHECK(server.interrupt() == 0);
}

TEST_CASE("a window that still shows one session changes nothing in another that was opened meanwhile") {
  const TemporaryFolder folder;
  BreedingServer server(folder.path() / "s", "@bird");
  Page here(server), there(server);
  const std::string shown = here.state()["folder"];
  REQUIRE(here.evolve(1, shown)->status == 200);
  there.answer("/api/new", Asked::object());
  const Asked before = there.state();
  REQUIRE(before["folder"] != shown);
  const Asked note{{"generation", 1}, {"place", 3},        {"name", "x"},
                   {"note", ""},      {"favourite", true}, {"folder", shown}};
  const auto refused = [](const httplib::Result& answer) {
    REQUIRE(answer);
    CHECK(answer->status == 400);
    CHECK(answer->body.find("another window has opened other pictures") != std::string::npos);
  };
  refused(here.evolve(1, shown));
  refused(
      here.post("/api/begin", {{"source", "nothing"}, {"settings", Page::settings()}, {"folder", shown}}));
  refused(here.post("/api/pick", {{"generation", 1}, {"picks", {3}}, {"folder", shown}}));
  refused(here.post("/api/note", note));
  refused(here.post("/api/job",
                    {{"generation", 1}, {"place", 0}, {"kind", "train"}, {"steps", 5}, {"folder", shown}}));
  refused(here.get("/api/pictures?generation=1&folder=" + shown));
  CHECK(there.state() == before);
  REQUIRE(here.evolve(1, before["folder"])->status == 200);
  CHECK(server.interrupt() == 0);
}
