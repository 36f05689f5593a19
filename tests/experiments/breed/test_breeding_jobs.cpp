// Long work that the page asks for, where a session may begin, and what a full disk does to it: over loopback.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/mount.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <vector>

#include "breeding_server.hpp"
#include "experiments/breed/breeding_session.hpp"
#include "experiments/breed/session_replay.hpp"
#include "lib/base/file.hpp"
#include "page_client.hpp"
#include "tests/support/reference_data.hpp"
#include "tests/support/skipped.hpp"

using namespace skein;
using namespace skein::test;

namespace {

bool is_over(const Asked& job) { return job["state"] != "running"; }

/// The processes that train something of the session, whoever began them.
std::vector<pid_t> trainings_of(const std::filesystem::path& session) {
  std::vector<pid_t> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream in(entry.path() / "cmdline");
    const std::string words{std::istreambuf_iterator<char>(in), {}};
    if (words.find(std::string("\0train\0", 7) + session.string() + "#") != std::string::npos)
      found.push_back(static_cast<pid_t>(std::stol(entry.path().filename().string())));
  }
  return found;
}

/// A disk of a megabyte at a folder; nothing where none may be mounted.
class SmallDisk {
 public:
  explicit SmallDisk(std::filesystem::path folder) : folder_(std::move(folder)) {
    std::filesystem::create_directory(folder_);
    mounted_ = ::mount("tmpfs", folder_.c_str(), "tmpfs", 0, "size=1m") == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(folder_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  bool mounted() const { return mounted_; }

 private:
  std::filesystem::path folder_;
  bool mounted_ = false;
};

}  // namespace

TEST_CASE(
    "slow: a training that is stopped keeps what it has reached; a score comes as it does on the command "
    "line") {
  const TemporaryFolder folder;
  BreedingServer server(folder.path() / "s", "@bird");
  Page page(server);
  const int training = page.start("train", 1'000'000);
  const Asked begun = page.wait_for(training, [](const Asked& job) { return job["network"] == true; });
  CAPTURE(begun.dump());
  REQUIRE(begun["state"] == "running");
  CHECK(begun["total"] == 1'000'000);
  CHECK(page.post("/api/stop", {{"job", training}})->status == 200);
  CHECK(page.wait_for(training, is_over)["state"] == "stopped");
  CHECK(page.get("/api/trained?job=" + std::to_string(training))->status == 200);
  const int score = page.start("score", 1);
  const Asked scored = page.wait_for(score, is_over);
  CAPTURE(scored.dump());
  REQUIRE(scored["state"] == "done");
  CHECK(scored["result"]["compositional_score"].is_number());
  CHECK(scored["result"]["metrics"]["compositional_score"]["low"].is_number());
  CHECK(page.get("/report?job=" + std::to_string(score))->status == 400);
  CHECK(page.post("/api/job", {{"generation", 1}, {"place", 0}, {"kind", "format"}, {"steps", 1}})->status ==
        400);
  CHECK(server.interrupt() == 0);
}

TEST_CASE(
    "slow: a server that is killed and started again knows what was trained, and what was not finished") {
  const TemporaryFolder folder;
  const auto session = folder.path() / "s";
  {
    BreedingServer server(session, "@bird");
    Page page(server);
    REQUIRE(page.wait_for(page.start("train", 20), is_over)["state"] == "done");
    const int longer = page.start("train", 1'000'000);
    REQUIRE(page.wait_for(longer, [](const Asked& job) { return job["network"] == true; })["state"] ==
            "running");
    const auto again =
        page.post("/api/job", {{"generation", 1}, {"place", 0}, {"kind", "train"}, {"steps", 1'000'000}});
    CHECK(again->status == 400);
    CHECK(again->body.find("running already") != std::string::npos);
    CHECK(page.post("/api/stop", {{"job", longer}})->status == 200);
    REQUIRE(page.wait_for(longer, is_over)["state"] == "stopped");
    server.kill();
  }
  write_file(session / "looked" / "train-1.1-x.log", "another's file");
  write_file(session / "looked" / "score-1.0.log", "no such picture");
  BreedingServer server(session);
  Page page(server);
  const Asked jobs = page.state()["jobs"];
  CAPTURE(jobs.dump());
  REQUIRE(jobs.size() == 2);
  const auto done = jobs[0]["state"] == "done" ? 0U : 1U;
  CHECK(jobs[done]["total"] == 20);
  CHECK(jobs[done]["result"]["loss"].is_number());
  CHECK(jobs[1 - done]["state"] == "stopped");
  CHECK(jobs[1 - done]["network"] == true);
  for (int job = 0; job < 2; ++job) CHECK(page.get("/api/trained?job=" + std::to_string(job))->status == 200);
  CHECK(page.start("train", 20) == static_cast<int>(done));  // the same work has the same line
  CHECK(page.start("train", 1'000'000) == static_cast<int>(1 - done));
  CHECK(server.interrupt() == 0);
}

TEST_CASE(
    "slow: a training that outlives its server leaves the port to the next, and is not begun a second time") {
  const TemporaryFolder folder;
  const auto session = folder.path() / "s";
  auto server = std::make_unique<BreedingServer>(session, "@bird");
  const int port = server->port();
  {
    Page page(*server);
    const int job = page.start("train", 1'000'000);
    REQUIRE(page.wait_for(job, [](const Asked& told) { return told["network"] == true; })["state"] ==
            "running");
  }
  server->kill();
  const std::vector<pid_t> orphans = trainings_of(session);
  REQUIRE(orphans.size() == 1);
  server = std::make_unique<BreedingServer>(session, "", port);
  Page page(*server);
  const Asked asked{{"generation", 1}, {"place", 0}, {"kind", "train"}, {"steps", 1'000'000}};
  const auto again = page.post("/api/job", asked);
  CHECK(again->status == 400);
  CHECK(again->body.find("begun by a server that was killed") != std::string::npos);
  CHECK(trainings_of(session) == orphans);
  ::kill(orphans[0], SIGKILL);
  int status = 400;
  for (int tries = 0; tries < 600 && status != 200; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    status = page.post("/api/job", asked)->status;
  }
  CHECK(status == 200);
  CHECK(server->interrupt() == 0);
}

TEST_CASE("slow: no more than two jobs run at once") {
  const TemporaryFolder folder;
  BreedingServer server(folder.path() / "s", "@bird");
  Page page(server);
  page.start("train", 1'000'000);
  page.start("train", 999'999);
  const auto third =
      page.post("/api/job", {{"generation", 1}, {"place", 0}, {"kind", "train"}, {"steps", 999'998}});
  CHECK(third->status == 400);
  CHECK(third->body.find("two jobs are running") != std::string::npos);
  CHECK(server.interrupt() == 0);  // and both with it
}

TEST_CASE("deep: a picture is compared in full and its report is served without rights") {
  const TemporaryFolder folder;
  BreedingServer server(folder.path() / "s", "@bird");
  Page page(server);
  const int job = page.start("compare", 1);
  Asked told;
  for (int tries = 0; tries < 20 && (told.is_null() || !is_over(told)); ++tries)
    told = page.wait_for(job, is_over);
  CAPTURE(told.dump());
  REQUIRE(told["state"] == "done");
  CHECK_FALSE(told["result"]["finding"].get<std::string>().empty());
  const auto report = page.get("/report?job=" + std::to_string(job));
  CHECK(report->status == 200);
  CHECK(report->get_header_value("Content-Security-Policy").find("sandbox") == 0);
}

TEST_CASE("slow: a session begins from the elites of a MAP-Elites run") {
  const TemporaryFolder folder;
  const std::string run = (folder.path() / "run").string();
  REQUIRE(std::system(("'" SKEIN_TEST_PROGRAM
                       "' evolve --goal map-elites --evaluations 400 --size 32 --quiet --out '" +
                       run + "' >/dev/null 2>&1")
                          .c_str()) == 0);
  BreedingServer server(folder.path() / "s", run);
  Page page(server);
  CHECK(page.evolve(1)->status == 200);
  CHECK(page.state()["generations"].size() == 2);
}

TEST_CASE("another address is listened on with a warning, and guarded by the same token") {
  const TemporaryFolder folder;
  BreedingServer server(folder.path() / "s", "--host 0.0.0.0");
  CHECK(server.said().find("warning: listening on 0.0.0.0") != std::string::npos);
  httplib::Client client("127.0.0.1", server.port());
  CHECK(client.Post("/api/evolve", "{}", "application/json")->status == 403);
}

TEST_CASE("a full disk is one line on the page; with room again the session goes on and replays") {
  const TemporaryFolder folder;
  const SmallDisk disk(folder.path() / "disk");
  if (!disk.mounted()) return skipped("no small disk may be mounted here");
  const auto filler = folder.path() / "disk" / "filler";
  const auto session = folder.path() / "disk" / "s";
  {
    BreedingServer server(session, "@face");
    Page page(server);
    REQUIRE(page.evolve(1)->status == 200);
    std::ofstream(filler, std::ios::binary) << std::string(1 << 20, 'x');
    int status = 200;
    std::string answer;
    for (int tries = 0; tries < 60 && status == 200; ++tries) {  // until the last page of the file is full
      const auto evolved = page.evolve(1);
      REQUIRE(evolved);
      status = evolved->status, answer = evolved->body;
    }
    CAPTURE(answer.substr(0, 200));
    REQUIRE(status != 200);
    const std::string complaint = Asked::parse(answer)["error"];
    CHECK(complaint.find('\n') == std::string::npos);
    CHECK(complaint.find("is the disk full?") != std::string::npos);
    std::filesystem::remove(filler);
    const std::size_t known = page.state()["generations"].size();
    CHECK(page.evolve(1)->status == 200);
    CHECK(page.state()["generations"].size() == known + 1);
    CHECK(server.interrupt() == 0);
  }
  const experiments::Replay replay = experiments::replay_session(session);
  CHECK(replay.generations >= 3);
  CHECK(replay.equal == replay.generations);
}
