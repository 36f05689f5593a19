#include "experiments/breed/open_browser.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>

extern char** environ;

namespace skein::experiments {
namespace {

/// Whether the program was there and ended well, or still runs when it is no longer waited for.
bool shows(const char* program, std::string address, const std::stop_token& stop) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_RDWR, 0);
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);  // the page's port is not for it
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
  std::string name(program);
  std::array<char*, 3> words{name.data(), address.data(), nullptr};
  pid_t process = 0;
  const int cause = ::posix_spawnp(&process, program, &actions, &attributes, words.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (cause != 0) return false;
  int status = 0;
  while (::waitpid(process, &status, WNOHANG) == 0) {
    if (stop.stop_requested()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

std::jthread open_in_browser(std::string address, std::function<void()> failed) {
  return std::jthread(
      [address = std::move(address), failed = std::move(failed)](const std::stop_token& stop) {
        for (const char* program : {"xdg-open", "x-www-browser", "open"})
          if (shows(program, address, stop)) return;
        failed();
      });
}

}  // namespace skein::experiments
