#pragma once

#include <pybind11/pybind11.h>

#include <functional>
#include <string_view>
#include <utility>

#include "lib/base/progress.hpp"

namespace skein::python {

/// What long work is given: whom to tell of its progress, and where a line for the user goes. Any thread may call them.
struct Voice {
  ProgressListener listener;
  std::function<void(std::string_view)> say;
};

/// Runs `work` on a thread of its own, without Python's lock. Meanwhile the calling thread waits, asks Python for signals
/// twenty times a second (so that Ctrl-C works wherever the work is), and calls `on_step` with a dict (stage, done, total
/// and the values told of) for every progress event; the work waits for the answer, and False stops it. Lines that it
/// says go to `say`. Both may be None. What Python raised in between (KeyboardInterrupt, an error of `on_step`) comes
/// out once the work has stopped; else what the work threw. To be called with Python's lock.
void run_stoppable(const pybind11::object& on_step, const pybind11::object& say,
                   const std::function<void(const Voice&)>& work);

/// The same for work with a result.
template <class Work>
auto result_of(const pybind11::object& on_step, const pybind11::object& say, const Work& work) {
  decltype(work(std::declval<const Voice&>())) result;
  run_stoppable(on_step, say, [&](const Voice& voice) { result = work(voice); });
  return result;
}

}  // namespace skein::python
