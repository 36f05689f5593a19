#include "experiments/bench/bench_cases.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <thread>
#include <vector>

#include "lib/base/parallel.hpp"

using namespace skein;
using namespace skein::experiments;

TEST_CASE("the signature of behaviour does not depend on the number of threads") {
  std::vector<std::uint64_t> signatures;
  for (const int threads : {1, 2, 8}) {
    const ThreadLimit limit(threads);
    signatures.push_back(behaviour_signature());
  }
  CHECK(signatures[0] == signatures[1]);
  CHECK(signatures[0] == signatures[2]);
}

TEST_CASE("bench cases have the sizes that their names say") {
  const auto cases = training_cases();
  REQUIRE(cases.size() == 5);
  CHECK(cases[0].weights.size() == 5478);
  CHECK(cases[1].network.unit_count() == 16 * 23 + 3);
  CHECK(cases[2].network.unit_count() == 33 * 38 + 3);
  CHECK(cases[3].weights.size() == 1400);
  for (const BenchCase& each : cases)
    CHECK(each.weights.size() == static_cast<std::size_t>(each.network.slot_count()));
}

TEST_CASE("all threads and one are timed in turns") {
  const ThreadLimit limit(3);
  std::vector<int> threads;
  const ThreadTiming timing = time_threads(4, [&] {
    if (threads.empty() || threads.back() != thread_count()) threads.push_back(thread_count());
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  });
  CHECK(threads == std::vector<int>{3, 1, 3, 1, 3, 1, 3, 1});
  CHECK(timing.all.rounds == 4);
  CHECK(timing.all.low >= 1);
  CHECK(timing.all.low <= timing.all.median);
  CHECK(timing.all.median <= timing.all.high);
  CHECK(timing.one_over_all > 0);
}
