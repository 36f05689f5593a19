// Parallel loops: a failing body never makes another part of the work look done when it is not.
#include <doctest/doctest.h>

#include <atomic>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"

using namespace skein;

namespace {

constexpr std::size_t tasks = 12, passes = 60, width = 16;

/// What a task that is left alone comes to: many nested loops, each of which needs the one before whole.
std::vector<double> filled_by_nested_loops(std::size_t task) {
  std::vector<double> values(width, static_cast<double>(task));
  for (std::size_t pass = 0; pass < passes; ++pass) {
    std::vector<double> next(width, -1);
    parallel_for(width, [&](std::size_t i) {
      double inner[4] = {-1, -1, -1, -1};
      parallel_for(4, [&](std::size_t k) { inner[k] = 0.25 * values[(i + k) % width] + 0.1; });
      next[i] = inner[0] + inner[1] + inner[2] + inner[3];
    });
    values = next;
  }
  return values;
}

/// Runs all tasks, of which `failing` throws amid its nested loops; the results of those that returned.
template <class Fail>
std::vector<std::vector<double>> with_one_failing(std::size_t failing, const Fail& fail) {
  std::vector<std::vector<double>> results(tasks);
  CHECK_THROWS(parallel_for(tasks, [&](std::size_t task) {
    if (task == failing) fail();
    results[task] = filled_by_nested_loops(task);
  }));
  return results;
}

}  // namespace

TEST_CASE("each of the tasks fails in turn: the others come to the same bytes or to nothing") {
  std::vector<std::vector<double>> whole(tasks);
  parallel_for(tasks, [&](std::size_t task) { whole[task] = filled_by_nested_loops(task); });
  const auto check = [&](const auto& fail) {
    for (std::size_t failing = 0; failing < tasks; ++failing) {
      CAPTURE(failing);
      const auto results = with_one_failing(failing, fail);
      for (std::size_t task = 0; task < tasks; ++task) {
        CAPTURE(task);
        if (task < failing) REQUIRE(results[task] == whole[task]);  // those before it always run
        else if (!results[task].empty()) REQUIRE(results[task] == whole[task]);
      }
      CHECK(results[failing].empty());
    }
  };
  SUBCASE("with an error") {
    check([] { throw FormatError("damaged"); });
  }
  SUBCASE("without memory") {
    check([] { throw std::bad_alloc(); });
  }
  SUBCASE("inside a nested loop") {
    check([] {
      parallel_for(width, [](std::size_t i) {
        if (i == 5) throw std::bad_alloc();
      });
    });
  }
  SUBCASE("late, when its siblings are amid their loops") {
    check([] {
      filled_by_nested_loops(0);
      throw NumericError("not finite");
    });
  }
}

TEST_CASE("the failure of the least index is the one thrown, whichever came first") {
  for (int repeat = 0; repeat < 50; ++repeat) {
    std::atomic<int> ran = 0;
    std::string message;
    try {
      parallel_for(200, [&](std::size_t i) {
        ++ran;
        if (i % 40 == 39) throw ConfigError(std::to_string(i));
      });
    } catch (const ConfigError& e) {
      message = e.what();
    }
    REQUIRE(message == "39");
    REQUIRE(ran >= 40);
  }
}

TEST_CASE("a loop inside a body that has failed still runs all its bodies") {
  int inside = 0;
  CHECK_THROWS_AS(parallel_for(8,
                               [&](std::size_t i) {
                                 if (i != 3) return;
                                 try {
                                   parallel_for(6, [](std::size_t k) {
                                     if (k == 2) throw std::bad_alloc();
                                   });
                                 } catch (const std::bad_alloc&) {
                                   std::atomic<int> ran = 0;
                                   parallel_for(9, [&](std::size_t) { ++ran; });
                                   inside = ran;
                                   throw;
                                 }
                               }),
                  std::bad_alloc);
  CHECK(inside == 9);
}

TEST_CASE("loops of none and of one") {
  int ran = 0;
  parallel_for(0, [&](std::size_t) { ++ran; });
  CHECK(ran == 0);
  parallel_for(1, [&](std::size_t) { ++ran; });
  CHECK(ran == 1);
  CHECK_THROWS_AS(parallel_for(1, [](std::size_t) { throw ConfigError("one"); }), ConfigError);
}
