#include "experiments/records/task_graph.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <stdexcept>

#include "lib/base/parallel.hpp"
#include "lib/base/random.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

/// A graph in which every task needs some of those before it.
TaskGraph random_graph(std::size_t tasks, std::uint64_t seed) {
  TaskGraph graph(tasks);
  RandomStream random(seed, "graph");
  for (std::size_t task = 1; task < tasks; ++task)
    for (int input = 0; input < 3; ++input)
      if (random.chance(0.5)) graph.need(task, random.below(static_cast<std::uint32_t>(task)));
  return graph;
}

std::vector<std::uint32_t> in_order(std::size_t tasks) {
  std::vector<std::uint32_t> order;
  for (std::size_t task = tasks; task-- > 0;) order.push_back(static_cast<std::uint32_t>(task));
  return order;
}

}  // namespace

TEST_CASE("every task runs once, after all that it needs, on any number of threads") {
  for (const int threads : {1, 2, 4})
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
      const ThreadLimit limit(threads);
      const TaskGraph graph = random_graph(60, seed);
      std::vector<std::atomic<int>> runs(60);
      std::atomic<int> too_early = 0;
      run_tasks(
          graph, std::vector<std::uint8_t>(60, 1), in_order(60),
          [&](std::size_t task) {
            for (const std::uint32_t input : graph.inputs(task)) too_early += runs[input] == 0;
            ++runs[task];
            return TaskResult::finished;
          },
          [] { return false; });
      CHECK(too_early == 0);
      CHECK(std::ranges::all_of(runs, [](const std::atomic<int>& n) { return n == 1; }));
    }
}

TEST_CASE("what is not wanted counts as done, and what needs a task that was left is left") {
  TaskGraph graph(5);
  graph.need(1, 0);  // 0 is not wanted
  graph.need(3, 2);  // 2 is left
  graph.need(4, 3);
  std::mutex mutex;
  std::vector<std::size_t> ran;
  run_tasks(
      graph, {0, 1, 1, 1, 1}, in_order(5),
      [&](std::size_t task) {
        const std::scoped_lock lock(mutex);
        ran.push_back(task);
        return task == 2 ? TaskResult::left : TaskResult::finished;
      },
      [] { return false; });
  std::ranges::sort(ran);
  CHECK(ran == std::vector<std::size_t>{1, 2});
}

TEST_CASE("tasks that are done elsewhere are asked for again until they are there, or waiting is given up") {
  TaskGraph graph(3);
  graph.need(2, 1);
  int waits = 0;
  std::atomic<int> done = 0;
  const auto run = [&](std::size_t task) {
    if (task == 1 && waits < 3) return TaskResult::elsewhere;
    ++done;
    return TaskResult::finished;
  };
  run_tasks(graph, {1, 1, 1}, in_order(3), run, [&] { return ++waits < 10; });
  CHECK(waits == 3);
  CHECK(done == 3);
  waits = -10, done = 0;
  run_tasks(graph, {1, 1, 1}, in_order(3), run, [&] { return ++waits < -5; });
  CHECK(done == 1);
}

TEST_CASE("tasks in a circle are refused") {
  TaskGraph graph(2);
  graph.need(0, 1);
  graph.need(1, 0);
  CHECK_THROWS_AS(
      run_tasks(
          graph, {1, 1}, in_order(2), [](std::size_t) { return TaskResult::finished; }, [] { return false; }),
      std::logic_error);
}
