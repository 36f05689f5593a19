#include "experiments/cli/interrupt.hpp"

#include <semaphore.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <string_view>
#include <thread>

namespace skein::experiments {
namespace {

using namespace std::chrono_literals;

constexpr auto deaf_grace = 800ms;      // for work that does not know of the wish to stop
constexpr auto hearing_grace = 5000ms;  // for work that knows, and writes a checkpoint

std::atomic<bool> stop_wanted = false, stop_heard = false;
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may touch lock-free atomics only");
sem_t asked;  // POSIX: of what wakes a thread, a signal handler may use this

void on_signal(int signal) {
  const int before = errno;
  stop_wanted = true;
  std::signal(signal, SIG_DFL);
  ::sem_post(&asked);
  errno = before;
}

/// Waits for the signal, then for the work to end by itself; then ends the program.
void watch() {
  while (::sem_wait(&asked) != 0) {
  }
  std::this_thread::sleep_for(deaf_grace);
  if (stop_heard) std::this_thread::sleep_for(hearing_grace - deaf_grace);
  constexpr std::string_view farewell =
      "skein: stopped; files already written are whole, and a run goes on with the same command\n";
  if (::isatty(STDERR_FILENO) != 0) [[maybe_unused]]
    const auto line = ::write(STDERR_FILENO, "\n", 1);
  [[maybe_unused]] const auto said = ::write(STDERR_FILENO, farewell.data(), farewell.size());
  ::_exit(1);
}

}  // namespace

void watch_for_interrupt() {
  static const bool watching = [] {
    ::sem_init(&asked, 0, 0);
    std::thread(watch).detach();
    return true;
  }();
  static_cast<void>(watching);
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  std::signal(SIGXFSZ, SIG_IGN);  // a file too large for its limit is then an error like any other
}

bool interrupted() {
  if (!stop_wanted) return false;
  stop_heard = true;
  return true;
}

}  // namespace skein::experiments
