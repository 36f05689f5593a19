#pragma once

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/reference_data.hpp"

/// Processes that run beside the test.
namespace skein::test {

/// skein in a process of its own, not waited for.
class Background {
 public:
  /// `environment`: "NAME=VALUE" each, beside what is there.
  Background(const TemporaryFolder& folder, const std::vector<std::string>& arguments,
             const std::vector<std::string>& environment = {}) {
    process_ = ::fork();
    if (process_ != 0) return;
    if (::chdir(folder.path().c_str()) != 0) ::_exit(126);
    for (const std::string& one : environment) ::putenv(const_cast<char*>(one.c_str()));
    std::vector<char*> words{const_cast<char*>(SKEIN_PROGRAM)};
    for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
    words.push_back(nullptr);
    if (!std::freopen("background.log", "a", stderr) || !std::freopen("/dev/null", "w", stdout)) ::_exit(125);
    ::execv(SKEIN_PROGRAM, words.data());
    ::_exit(127);
  }
  ~Background() {
    if (running_) send(SIGKILL), wait();
  }
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;
  void send(int signal) const { ::kill(process_, signal); }
  int wait() {
    int status = 0;
    ::waitpid(process_, &status, 0);
    running_ = false;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  pid_t process_ = 0;
  bool running_ = true;
};

/// Waits until something is so; false when it never is.
template <class Condition>
inline bool comes_true(Condition condition, double seconds = 120) {
  const auto start = std::chrono::steady_clock::now();
  while (std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() < seconds) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return false;
}

}  // namespace skein::test
