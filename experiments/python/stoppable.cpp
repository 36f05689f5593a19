#include "experiments/python/stoppable.hpp"

#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace skein::python {
namespace {

namespace py = pybind11;
using namespace std::chrono_literals;

constexpr auto between_signals = 50ms;

py::dict to_dict(const Progress& progress) {
  py::dict dict;
  dict["stage"] = progress.stage;
  dict["done"] = progress.done;
  dict["total"] = progress.total;
  for (const auto& [name, value] : progress.values) dict[py::str(name)] = value;
  return dict;
}

/// What the thread at work and the calling one tell each other.
class Conversation {
 public:
  explicit Conversation(bool asks) : asks_(asks) {}

  /// At work: tells, waits for the answer, and says whether to go on.
  bool tell(const Progress& progress) {
    std::unique_lock lock(mutex_);
    if (!asks_ || stop_) return !stop_;
    answered_.wait(lock, [&] { return !event_ || stop_; });  // another thread's event comes first
    if (stop_) return false;
    event_ = progress;
    const auto mine = ++told_;
    news_.notify_one();
    answered_.wait(lock, [&] { return answers_ >= mine || stop_; });
    return !stop_;
  }

  void say(std::string_view line) {
    const std::scoped_lock lock(mutex_);
    lines_.emplace_back(line);
    news_.notify_one();
  }

  void end(std::exception_ptr failure) {
    const std::scoped_lock lock(mutex_);
    done_ = true;
    failure_ = std::move(failure);
    news_.notify_one();
  }

  struct News {
    std::optional<Progress> event;
    std::vector<std::string> lines;
    bool done = false;
  };
  /// Waiting: for an event, for lines or for the end, but not for long.
  News listen() {
    std::unique_lock lock(mutex_);
    news_.wait_for(lock, between_signals, [&] { return event_ || done_ || !lines_.empty(); });
    return {event_, std::exchange(lines_, {}), done_};
  }

  void answer() {
    const std::scoped_lock lock(mutex_);
    event_.reset();
    ++answers_;
    answered_.notify_all();
  }

  void stop() {
    const std::scoped_lock lock(mutex_);
    stop_ = true;
    event_.reset();
    answered_.notify_all();
  }

  const std::exception_ptr& failure() const { return failure_; }

 private:
  const bool asks_;
  std::mutex mutex_;
  std::condition_variable news_, answered_;
  std::optional<Progress> event_;
  std::vector<std::string> lines_;
  std::uint64_t told_ = 0, answers_ = 0;
  bool stop_ = false, done_ = false;
  std::exception_ptr failure_;
};

}  // namespace

void run_stoppable(const py::object& on_step, const py::object& say,
                   const std::function<void(const Voice&)>& work) {
  Conversation talk(!on_step.is_none());
  std::thread at_work([&] {
    try {
      work({[&](const Progress& progress) { return talk.tell(progress); },
            [&](std::string_view line) { talk.say(line); }});
      talk.end(nullptr);
    } catch (...) {
      talk.end(std::current_exception());
    }
  });
  std::exception_ptr raised;
  for (bool done = false; !done;) {
    Conversation::News news;
    {
      const py::gil_scoped_release unlocked;
      news = talk.listen();
    }
    done = news.done;
    if (raised) continue;
    try {
      if (PyErr_CheckSignals() != 0) throw py::error_already_set();
      if (!say.is_none())
        for (const std::string& line : news.lines) say(line);
      if (!news.event) continue;
      if (const py::object answer = on_step(to_dict(*news.event)); answer.is(py::bool_(false))) talk.stop();
      else talk.answer();
    } catch (...) {
      raised = std::current_exception();
      talk.stop();
    }
  }
  {
    const py::gil_scoped_release unlocked;
    at_work.join();
  }
  if (raised) std::rethrow_exception(raised);
  if (talk.failure()) std::rethrow_exception(talk.failure());
}

}  // namespace skein::python
