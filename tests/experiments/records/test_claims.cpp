#include "experiments/records/claims.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "lib/base/file.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

namespace fs = std::filesystem;

/// Asks until it is given, for at most some seconds.
std::unique_ptr<Claim> take_soon(ClaimFolder& claims, const std::string& what, double seconds) {
  const auto start = std::chrono::steady_clock::now();
  while (std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() < seconds) {
    if (auto claim = claims.take(what)) return claim;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return nullptr;
}

/// The claim of a process on a machine that nobody here can look into.
void write_foreign_claim(const fs::path& folder, const std::string& what) {
  const nlohmann::json json{
      {"token", "foreign"}, {"host", "far"}, {"machine", "far away"}, {"process", 1}, {"start", "1"}};
  fs::create_directories(folder);
  write_file(folder / (what + ".foreign"), json.dump());
  fs::create_hard_link(folder / (what + ".foreign"), folder / what);
}

}  // namespace

TEST_CASE("a claim is given once, and again when it has ended; nothing is left") {
  const test::TemporaryFolder folder;
  ClaimFolder one(folder.path() / "claims"), other(folder.path() / "claims");
  auto claim = one.take("a");
  REQUIRE(claim);
  CHECK(claim->held());
  CHECK(other.take("a") == nullptr);
  CHECK(other.take("b") != nullptr);
  const auto all = claims_in(folder.path() / "claims");
  REQUIRE(all.size() == 1);
  CHECK(all[0].what == "a");
  CHECK(all[0].process == ::getpid());
  claim.reset();
  CHECK(other.take("a") != nullptr);
  CHECK(fs::is_empty(folder.path() / "claims"));
}

TEST_CASE("of many who claim at once one succeeds") {
  const test::TemporaryFolder folder;
  for (int round = 0; round < 20; ++round) {
    std::atomic<int> given = 0;
    std::vector<std::thread> threads;
    std::vector<std::unique_ptr<Claim>> claims(4);
    std::vector<std::unique_ptr<ClaimFolder>> folders;
    for (int i = 0; i < 4; ++i) folders.push_back(std::make_unique<ClaimFolder>(folder.path() / "claims"));
    for (std::size_t i = 0; i < 4; ++i)
      threads.emplace_back([&, i] {
        claims[i] = folders[i]->take("a");
        given += claims[i] != nullptr;
      });
    for (std::thread& thread : threads) thread.join();
    CHECK(given == 1);
    claims.clear();
  }
}

TEST_CASE("the claim of a process of this machine that is gone is taken over at once") {
  const test::TemporaryFolder folder;
  const pid_t child = ::fork();
  if (child == 0) {
    ClaimFolder claims(folder.path() / "claims");
    const auto claim = claims.take("a");
    ::_exit(claim ? 0 : 1);  // without letting go
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WEXITSTATUS(status) == 0);
  CHECK(fs::exists(folder.path() / "claims/a"));
  CHECK(claims_in(folder.path() / "claims").empty());
  ClaimFolder claims(folder.path() / "claims", 1000);
  std::string earlier;
  claims.on_takeover([&](const Claimant& gone) { earlier = std::to_string(gone.process); });
  CHECK(claims.take("a") != nullptr);
  CHECK(earlier == std::to_string(child));
  CHECK(fs::is_empty(folder.path() / "claims"));
}

TEST_CASE(
    "a claim of another machine is taken over when its heartbeat stands still, whatever its clock says") {
  const test::TemporaryFolder folder;
  const fs::path place = folder.path() / "claims";
  write_foreign_claim(place, "a");
  // An hour ahead and an hour behind: only that it does not change counts.
  for (const auto apart : {std::chrono::hours(1), -std::chrono::hours(1)}) {
    if (!fs::exists(place / "a")) write_foreign_claim(place, "a");
    fs::last_write_time(place / "a", fs::file_time_type::clock::now() + apart);
    ClaimFolder claims(place, 0.5);
    CHECK(claims.take("a") == nullptr);
    CHECK(take_soon(claims, "a", 20) != nullptr);
  }
}

TEST_CASE("slow: a heartbeat keeps a claim beyond the time of silence") {
  const test::TemporaryFolder folder;
  const fs::path place = folder.path() / "claims";
  write_foreign_claim(place, "a");
  ClaimFolder claims(place, 3.0);
  std::atomic<bool> over = false;
  std::thread heart([&] {
    for (int beat = 0; !over; ++beat) {
      fs::last_write_time(place / "a.foreign", fs::file_time_type::clock::now());
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  });
  const auto early = take_soon(claims, "a", 4.5);
  over = true;
  heart.join();
  CHECK(early == nullptr);
}

TEST_CASE("a claimant that was overtaken notices, and leaves the new claim alone") {
  const test::TemporaryFolder folder;
  ClaimFolder claims(folder.path() / "claims");
  auto claim = claims.take("a");
  REQUIRE(claim);
  fs::remove(folder.path() / "claims/a");
  write_foreign_claim(folder.path() / "claims", "a");
  std::this_thread::sleep_for(std::chrono::milliseconds(250));
  CHECK_FALSE(claim->held());
  claim.reset();
  CHECK(claims_in(folder.path() / "claims").at(0).token == "foreign");
}
