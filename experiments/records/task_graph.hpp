#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace skein::experiments {

/// Work in pieces, some of which need what others leave. Tasks are numbered in the order in which they are added.
class TaskGraph {
 public:
  explicit TaskGraph(std::size_t tasks) : inputs_(tasks) {}
  /// `task` needs what `input` leaves. Throws std::logic_error for numbers that are not there.
  void need(std::size_t task, std::size_t input);

  std::size_t size() const { return inputs_.size(); }
  const std::vector<std::uint32_t>& inputs(std::size_t task) const { return inputs_[task]; }

 private:
  std::vector<std::vector<std::uint32_t>> inputs_;
};

/// What came of a task when it was asked for.
enum class TaskResult {
  finished,   ///< its result is there (also when it was before, or when what is there says that it failed)
  elsewhere,  ///< another process is at it: to be asked for again later
  left,       ///< it could not be done now; what needs it is left as well
};

/// Does the tasks of `wanted` (one flag each), every one when its inputs are finished, as many at once as
/// `parallel_for` allows; those that come first in `order` are started first. `run` is called from several
/// threads and must not throw. Tasks that are done elsewhere are asked for again after `wait`, which returns
/// false to give up. Results do not depend on who ran what when, as long as `run` writes only to what is its
/// task's own. Throws std::logic_error when tasks wait for each other in a circle.
void run_tasks(const TaskGraph& graph, const std::vector<std::uint8_t>& wanted,
               const std::vector<std::uint32_t>& order, const std::function<TaskResult(std::size_t)>& run,
               const std::function<bool()>& wait);

}  // namespace skein::experiments
