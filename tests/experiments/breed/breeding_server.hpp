#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

namespace skein::test {

/// `skein breed` as a process of its own, on a free port of 127.0.0.1.
class BreedingServer {
 public:
  BreedingServer(const std::filesystem::path& session, const std::string& more = "", int port = 0);
  ~BreedingServer();
  BreedingServer(const BreedingServer&) = delete;
  BreedingServer& operator=(const BreedingServer&) = delete;

  int port() const { return port_; }
  std::string address() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }
  void kill();                 ///< SIGKILL
  int interrupt();             ///< SIGINT; its exit code
  std::size_t memory() const;  ///< resident, in bytes
  std::string said() const;    ///< what it has told the terminal so far

 private:
  pid_t process_ = 0;
  int port_ = 0;
  std::filesystem::path told_;
};

}  // namespace skein::test
