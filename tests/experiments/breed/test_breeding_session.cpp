#include "experiments/breed/breeding_session.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <thread>

#include "experiments/breed/session_replay.hpp"
#include "experiments/nets/load_net.hpp"
#include "experiments/nets/net.hpp"
#include "experiments/nets/target_picture.hpp"
#include "experiments/targets/targets.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/base/random.hpp"
#include "neat/genome/gene_order.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

namespace fs = std::filesystem;

neat::AnnotatedGenome face() { return built_in_target("@face").genome(); }

/// A session of many generations with branches, notes and pictures kept by hand.
void breed_for_a_while(const fs::path& folder, std::uint32_t generations, std::uint64_t seed = 11) {
  BreedingSession session(folder, seed);
  RandomStream random(seed, "a person's choices");
  session.begin({face()}, "@face", {});
  while (session.generations().size() < generations) {
    const auto count = static_cast<std::uint32_t>(session.generations().size());
    const std::uint32_t from = random.chance(0.2) ? 1 + random.below(count) : count;
    if (random.chance(0.1)) {
      session.begin(neat::BreedingSettings{});
      continue;
    }
    const std::uint32_t a = random.below(15), b = (a + 1 + random.below(14)) % 15;
    session.pick(from, {a, b});
    if (random.chance(0.2)) {
      const neat::AnnotatedGenome base = session.picture(from, a);
      session.keep(from, a, {{base.genome.links[0].id, random.uniform(-3, 3)}});
    }
    session.evolve(from, {a, b}, {.strength = random.uniform(), .colour = random.chance(0.8)}, count);
  }
}

std::vector<std::string> files_of(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) names.push_back(fs::relative(entry.path(), folder).string());
  std::ranges::sort(names);
  return names;
}

}  // namespace

TEST_CASE("a session of a hundred generations is bred again to the same bytes") {
  const test::TemporaryFolder a, b;
  breed_for_a_while(a.path(), 100);
  const Replay replay = replay_session(a.path());
  CHECK(replay.generations == 100);
  CHECK(replay.equal == 100);
  CHECK(replay.first_difference == "");
  // The same choices anywhere else: every file, byte for byte.
  breed_for_a_while(b.path(), 100);
  REQUIRE(files_of(a.path()) == files_of(b.path()));
  for (const std::string& file : files_of(a.path())) {
    CAPTURE(file);
    CHECK(read_file(a.path() / file) == read_file(b.path() / file));
  }
}

TEST_CASE("opened again, a session knows everything: generations, picks, notes, settings, where one was") {
  const test::TemporaryFolder folder;
  {
    BreedingSession session(folder.path(), 3);
    session.begin({face()}, "@face", {});
    CHECK(session.picture(1, 0).genome == face().genome);
    session.pick(1, {2, 5});
    session.evolve(1, {2, 5}, {.strength = 0.25}, 1);
    session.annotate(2, 3, {"owl", "with big eyes", true});
    session.set({.strength = 0.75});
    session.show(1);
  }
  BreedingSession session(folder.path(), 99);
  CHECK(session.seed() == 3);
  REQUIRE(session.generations().size() == 2);
  CHECK(session.generation(1).picks == std::vector<std::uint32_t>{2, 5});
  CHECK(session.generation(2).parent == 1);
  CHECK(session.generation(2).settings.strength == 0.25);
  CHECK(session.notes().at({2, 3}) == PictureNote{"owl", "with big eyes", true});
  CHECK(session.picture(2, 3).notes.name == "owl");
  CHECK(session.settings().strength == 0.75);
  CHECK(session.shown() == 1);
  CHECK(session.picture(2, 0) == session.picture(1, 2));
}

TEST_CASE("a picture kept with other weights stands beside its generation and can be bred from") {
  const test::TemporaryFolder folder;
  {
    BreedingSession session(folder.path(), 3);
    session.begin({face()}, "@face", {});
    const neat::Link link = session.picture(1, 4).genome.links[2];
    CHECK(session.keep(1, 4, {{link.id, 1.25}}) == 15);
    CHECK(session.generation(1).origins.size() == 16);
    CHECK(session.picture(1, 15).genome.links[2].weight == 1.25);
    CHECK(session.evolve(1, {15}, {}, 1) == 2);
    CHECK(session.picture(2, 0).genome == session.picture(1, 15).genome);
    CHECK_THROWS_AS(session.keep(1, 4, {{{9, 9}, 1}}), ConfigError);
    CHECK_THROWS_AS(session.keep(1, 4, {{link.id, 1e6}}), ConfigError);
    CHECK_THROWS_AS(session.keep(1, 4, {}), ConfigError);
  }
  CHECK(load_net(folder.path().string() + "#1.16").genome->genome.links[2].weight == 1.25);
  CHECK(replay_session(folder.path()).equal == 2);
}

TEST_CASE("a picture of a session is a NET, a TARGET, and named when it is not there") {
  const test::TemporaryFolder folder;
  std::optional<neat::Genome> expected;
  {
    BreedingSession session(folder.path(), 5);
    session.begin(neat::BreedingSettings{});
    session.evolve(1, {7}, {}, 1);
    expected = session.picture(2, 9).genome;
  }
  const std::string name = folder.path().string();
  const Net net = load_drawing_net(name + "#2.10");
  CHECK(net.source == NetSource::breeding);
  CHECK(net.genome->genome == *expected);
  CHECK(load_target(name + "#2.10", 32).picture.width == 32);
  CHECK_THROWS_AS(load_net(name + "#3.1"), ConfigError);
  CHECK_THROWS_AS(load_net(name + "#2.16"), ConfigError);
  CHECK_THROWS_AS(load_net(name + "#2"), Error);
}

TEST_CASE(
    "the line of ancestors goes back to the founder, passing over pictures that were only carried along") {
  const test::TemporaryFolder folder;
  BreedingSession session(folder.path(), 8);
  session.begin({face()}, "@face", {});
  session.evolve(1, {3}, {}, 1);  // 2.1 is 1.4 unchanged
  session.evolve(2, {0}, {}, 2);  // 3.1 is 1.4 unchanged
  session.evolve(3, {6}, {}, 3);  // 4.1 is 3.7
  const std::vector<PicturePlace> line = session.ancestors(4, 0);
  REQUIRE(line.size() == 3);
  CHECK(line[0] == PicturePlace{1, 0});
  CHECK(line[1] == PicturePlace{1, 3});
  CHECK(line[2] == PicturePlace{3, 6});
}

TEST_CASE("a torn last line is cut off; what was before is there, and breeding goes on") {
  const test::TemporaryFolder folder;
  breed_for_a_while(folder.path(), 6);
  const fs::path log = folder.path() / "session.jsonl";
  const std::string whole = read_file(log);
  const std::size_t last = whole.rfind('\n', whole.size() - 2) + 1;
  for (std::size_t cut = last; cut < whole.size(); cut += 7) {
    write_file(log, whole.substr(0, cut));
    BreedingSession session(folder.path(), 0);
    CHECK(session.was_torn() == (cut > last));
    CHECK(session.generations().size() == 5);
    CHECK(session.evolve(5, {1}, {}, 5) == 6);
    CHECK(BreedingSession(folder.path(), 0).generations().size() == 6);
  }
  CHECK(replay_session(folder.path()).equal == 6);
}

TEST_CASE("a damaged line is refused by its number") {
  const test::TemporaryFolder folder;
  breed_for_a_while(folder.path(), 4);
  const fs::path log = folder.path() / "session.jsonl";
  const std::string whole = read_file(log);
  for (const std::size_t at : {std::size_t{20}, whole.size() / 2, whole.size() - 30}) {
    std::string damaged = whole;
    damaged[at] = damaged[at] == '1' ? '2' : '1';
    write_file(log, damaged);
    CHECK_THROWS_WITH_AS(BreedingSession(folder.path(), 0), doctest::Contains("line "), FormatError);
  }
  const std::size_t second = whole.find('\n') + 1, third = whole.find('\n', second) + 1;
  write_file(log, whole.substr(0, second) + whole.substr(third));  // a line removed
  CHECK_THROWS_AS(BreedingSession(folder.path(), 0), FormatError);
}

TEST_CASE("a generation whose file is gone or damaged is bred again from the record") {
  const test::TemporaryFolder folder;
  breed_for_a_while(folder.path(), 12);
  const std::string before = read_file(folder.path() / "generations/12.brood");
  for (int g = 2; g <= 12; ++g) fs::remove(folder.path() / "generations" / (std::to_string(g) + ".brood"));
  write_file(folder.path() / "generations/1.brood", "torn");
  CHECK(replay_session(folder.path()).generations == 12);
  BreedingSession session(folder.path(), 0);
  for (std::uint32_t g = 1; g <= 12; ++g) CHECK(session.pictures(g).size() >= 15);
  CHECK(read_file(folder.path() / "generations/12.brood") == before);
  CHECK(replay_session(folder.path()).equal == 12);
}

TEST_CASE("killed at any moment, a session loses at most the generation under way") {
  const test::TemporaryFolder folder;
  for (int round = 0; round < 8; ++round) {
    CAPTURE(round);
    int told[2];
    REQUIRE(::pipe(told) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
      BreedingSession session(folder.path(), 1);
      if (session.generations().empty()) session.begin(neat::BreedingSettings{});
      while (true) {
        const std::uint32_t from = session.shown();
        const std::uint32_t made = session.evolve(from, {from % 15}, {}, from);
        if (::write(told[1], &made, sizeof made) < 0) ::_exit(1);
      }
    }
    ::close(told[1]);
    std::uint32_t promised = 0, made = 0;
    for (int i = 0; i < 5 && ::read(told[0], &made, sizeof made) == sizeof made; ++i) promised = made;
    std::this_thread::sleep_for(std::chrono::microseconds(700 * round));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    while (::read(told[0], &made, sizeof made) == sizeof made) promised = made;
    ::close(told[0]);
    BreedingSession session(folder.path(), 0);
    REQUIRE(session.generations().size() >= promised);
    CHECK(session.generations().size() <= promised + 1);
    CHECK(session.pictures(static_cast<std::uint32_t>(session.generations().size())).size() == 15);
  }
  const Replay replay = replay_session(folder.path());
  CHECK(replay.equal == replay.generations);
}

TEST_CASE("a line is begun again as it was begun: the same founders, other children") {
  const test::TemporaryFolder folder;
  BreedingSession session(folder.path(), 4);
  session.begin({face()}, "a file", {});
  session.begin(neat::BreedingSettings{});
  session.evolve(1, {2}, {}, 1);
  CHECK(session.begin_like(1, {}) == 4);
  CHECK(session.generation(4).source == "a file");
  CHECK(session.picture(4, 0).genome == face().genome);
  CHECK_FALSE(session.picture(4, 1).genome == session.picture(1, 1).genome);
  CHECK(session.begin_like(2, {}) == 5);
  CHECK(session.generation(5).source == "nothing");
  CHECK_FALSE(session.picture(5, 0).genome == session.picture(2, 0).genome);
  CHECK_THROWS_WITH_AS(session.begin_like(3, {}), doctest::Contains("bred from 1"), ConfigError);
  CHECK_THROWS_AS(session.begin_like(9, {}), ConfigError);
  CHECK(replay_session(folder.path()).equal == 5);
}

TEST_CASE("what is done with a generation while it is written may fail: the generation is there") {
  const test::TemporaryFolder folder;
  BreedingSession session(folder.path(), 4);
  std::vector<neat::AnnotatedGenome> seen;
  session.begin(neat::BreedingSettings{}, [&](const auto& genomes) { seen = genomes; });
  CHECK(seen == session.pictures(1));
  CHECK_THROWS_AS(session.evolve(1, {0}, {}, 1, [](const auto&) { throw ConfigError("no paint"); }),
                  ConfigError);
  CHECK(session.generations().size() == 2);
  CHECK(session.pictures(2).size() == 15);
  CHECK(session.evolve(2, {3}, {}, 2) == 3);
  CHECK(BreedingSession(folder.path(), 0).generations().size() == 3);
}

TEST_CASE("an event that cannot be written leaves the session as it was") {
  const test::TemporaryFolder folder;
  BreedingSession session(folder.path(), 1);
  session.begin(neat::BreedingSettings{});
  const std::string before = read_file(folder.path() / "session.jsonl");
  fs::rename(folder.path() / "session.jsonl", folder.path() / "elsewhere");
  make_folder(folder.path() / "session.jsonl");
  CHECK_THROWS_AS(session.evolve(1, {0}, {}, 1), FormatError);
  CHECK_THROWS_AS(session.pick(1, {0}), FormatError);
  CHECK(session.generations().size() == 1);
  CHECK(session.generation(1).picks.empty());
  fs::remove(folder.path() / "session.jsonl");
  fs::rename(folder.path() / "elsewhere", folder.path() / "session.jsonl");
  CHECK(read_file(folder.path() / "session.jsonl") == before);
  CHECK(session.evolve(1, {0}, {}, 1) == 2);
  CHECK(BreedingSession(folder.path(), 0).generations().size() == 2);
}
