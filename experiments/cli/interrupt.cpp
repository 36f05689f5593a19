#include "experiments/cli/interrupt.hpp"

#include <atomic>
#include <csignal>

namespace skein::experiments {
namespace {

std::atomic<bool> stop_wanted = false;
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may touch lock-free atomics only");

void on_signal(int signal) {
  stop_wanted = true;
  std::signal(signal, SIG_DFL);
}

}  // namespace

void watch_for_interrupt() {
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  std::signal(SIGXFSZ, SIG_IGN);  // a file too large for its limit is then an error like any other
}

bool interrupted() { return stop_wanted; }

}  // namespace skein::experiments
