#include <doctest/doctest.h>

#include "lib/files/framed_file.hpp"
#include "neat/search/evolution_file.hpp"
#include "neat/search/task.hpp"
#include "tests/support/damage.hpp"

using namespace skein;
using namespace skein::neat;

namespace {

Evolution some_run(std::uint32_t generations) {
  const Task task = xor_task();
  Settings settings = neat_preset();
  settings.population = 20;
  Evolution evolution = begin(settings, task.start, true, 4), saved = evolution;
  run(evolution, settings, {task.evaluate, {}, {}, {}},
      {.seed = 4, .generations = generations + 1, .stop_when_solved = false, .checkpoint_every = generations},
      {}, [&](const Evolution& now) { saved = now; });
  return saved;
}

}  // namespace

TEST_CASE("a checkpoint gives back every bit of a run and of its goal's memory") {
  const Evolution evolution = some_run(12);
  const SavedEvolution saved = parse_evolution(evolution_bytes(evolution, "memory"), "test");
  CHECK(saved.evolution == evolution);
  CHECK(saved.goal_state == "memory");
}

TEST_CASE("the numbering of innovations goes on after a checkpoint") {
  const Evolution evolution = some_run(12);
  Evolution saved = parse_evolution(evolution_bytes(evolution, ""), "test").evolution;
  Ledger ledger = evolution.ledger;
  REQUIRE(ledger.splits().size() > 3);
  for (const auto& [key, node] : evolution.ledger.splits())
    CHECK(saved.ledger.split(key.first, key.second) == node);
  CHECK(saved.ledger.split({0, 12345}, 0) == ledger.split({0, 12345}, 0));
  CHECK(saved.ledger.link({0, 1}, {0, 12345}) == ledger.link({0, 1}, {0, 12345}));
}

TEST_CASE("damaged checkpoints of a run are read or refused, never more") {
  const std::string whole = evolution_bytes(some_run(3), "memory");
  const auto read = [](const std::string& bytes) { parse_evolution(bytes, "damaged"); };
  CHECK(test::refuses_or_reads(whole, 300, read) > 250);
  // The same behind a right checksum.
  const std::string payload = unframe(whole, evolution_file_kind, evolution_file_version, "test").payload;
  CHECK(test::refuses_or_reads(payload, 300, [&](const std::string& bytes) {
          read(frame(evolution_file_kind, evolution_file_version, bytes));
        }) > 50);
}
