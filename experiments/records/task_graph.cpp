#include "experiments/records/task_graph.hpp"

#include <atomic>
#include <mutex>
#include <stdexcept>
#include <utility>

#include "lib/base/parallel.hpp"

namespace skein::experiments {
namespace {

/// One execution of a graph.
class GraphRun {
 public:
  GraphRun(const TaskGraph& graph, const std::vector<std::uint8_t>& wanted,
           const std::function<TaskResult(std::size_t)>& run)
      : wanted_(wanted), run_(run), open_(graph.size()), readers_(graph.size()) {
    for (std::size_t task = 0; task < graph.size(); ++task) {
      if (!wanted[task]) continue;
      for (const std::uint32_t input : graph.inputs(task))
        if (wanted[input]) readers_[input].push_back(static_cast<std::uint32_t>(task)), ++open_[task];
    }
  }

  bool is_ready(std::size_t task) const { return wanted_[task] && open_[task] == 0; }

  /// Does these and all that they make ready: what waits for a task is started by whoever finished it.
  void start_all(const std::vector<std::uint32_t>& tasks) {
    parallel_for(tasks.size(), [&](std::size_t i) { start(tasks[i]); });
  }

  std::vector<std::uint32_t> take_elsewhere() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(elsewhere_, {});
  }

 private:
  void start(std::uint32_t task) {
    const TaskResult result = run_(task);
    if (result == TaskResult::elsewhere) {
      const std::scoped_lock lock(mutex_);
      elsewhere_.push_back(task);
    }
    if (result != TaskResult::finished) return;
    std::vector<std::uint32_t> ready;
    for (const std::uint32_t reader : readers_[task])
      if (--open_[reader] == 0) ready.push_back(reader);
    if (!ready.empty()) start_all(ready);
  }

  const std::vector<std::uint8_t>& wanted_;
  const std::function<TaskResult(std::size_t)>& run_;
  std::vector<std::atomic<int>> open_;  ///< inputs that are not finished yet
  std::vector<std::vector<std::uint32_t>> readers_;
  std::mutex mutex_;
  std::vector<std::uint32_t> elsewhere_;
};

void refuse_circles(const TaskGraph& graph) {
  std::vector<std::size_t> open(graph.size());
  std::vector<std::vector<std::uint32_t>> readers(graph.size());
  std::vector<std::uint32_t> ready;
  for (std::size_t task = 0; task < graph.size(); ++task) {
    open[task] = graph.inputs(task).size();
    for (const std::uint32_t input : graph.inputs(task))
      readers[input].push_back(static_cast<std::uint32_t>(task));
    if (open[task] == 0) ready.push_back(static_cast<std::uint32_t>(task));
  }
  std::size_t reached = 0;
  for (; reached < ready.size(); ++reached)
    for (const std::uint32_t reader : readers[ready[reached]])
      if (--open[reader] == 0) ready.push_back(reader);
  if (reached < graph.size()) throw std::logic_error("tasks that wait for each other in a circle");
}

}  // namespace

void TaskGraph::need(std::size_t task, std::size_t input) {
  if (task >= size() || input >= size()) throw std::logic_error("a task that is not in the graph");
  inputs_[task].push_back(static_cast<std::uint32_t>(input));
}

void run_tasks(const TaskGraph& graph, const std::vector<std::uint8_t>& wanted,
               const std::vector<std::uint32_t>& order, const std::function<TaskResult(std::size_t)>& run,
               const std::function<bool()>& wait) {
  refuse_circles(graph);
  GraphRun graph_run(graph, wanted, run);
  std::vector<std::uint32_t> ready;
  for (const std::uint32_t task : order)
    if (graph_run.is_ready(task)) ready.push_back(task);
  graph_run.start_all(ready);
  for (auto elsewhere = graph_run.take_elsewhere(); !elsewhere.empty();
       elsewhere = graph_run.take_elsewhere()) {
    if (!wait()) return;
    graph_run.start_all(elsewhere);
  }
}

}  // namespace skein::experiments
