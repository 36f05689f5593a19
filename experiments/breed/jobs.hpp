#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace skein::experiments {

/// Long work on a picture of a session, each a process of this program with its run in the session's folder: "train" (a dense
/// network of the picture's architecture), "score", "compare". Stopped, a training keeps what it has reached. What an
/// earlier server left is there again: done, or stopped where the server ended first. From any thread.
class Jobs {
 public:
  /// `program` is the skein to start.
  Jobs(std::filesystem::path program, std::filesystem::path session);
  /// Asks those that run to stop and waits for them a little.
  ~Jobs();
  Jobs(const Jobs&) = delete;
  Jobs& operator=(const Jobs&) = delete;

  /// Returns its number: a new one, or the old one of the same work that is over. Throws ConfigError for another kind, steps
  /// outside 1 to 10^6, when it is running already (it may be a killed server's that goes on), or when two others are.
  std::size_t start(const std::string& kind, std::uint32_t generation, std::uint32_t place, int steps);
  void stop(std::size_t job);
  /// Every job: number, kind, generation, picture, state ("running", "done", "failed", "stopped"), done and total steps, for how
  /// many seconds it has been running, the last line it said, its result.
  nlohmann::ordered_json list();
  /// The network that a training has reached, or the report of a comparison. Throws ConfigError when there is none yet.
  std::filesystem::path network_of(std::size_t job);
  std::filesystem::path report_of(std::size_t job);

 private:
  struct Job {
    std::string kind, state = "running";
    std::uint32_t generation = 0, place = 0;
    int steps = 0;
    pid_t process = 0;
    bool stopped = false;
    std::filesystem::path run, said, answer;  ///< its folder, what it told the terminal, its JSON
    nlohmann::ordered_json result;            ///< read from the answer when it is done
    nlohmann::ordered_json told;              ///< what is told of it once it is over
    std::chrono::steady_clock::time_point started{};
  };
  std::optional<Job> job_named(const std::string& name) const;
  void name_files(Job& job) const;
  void find_earlier();
  void look(Job& job);
  nlohmann::ordered_json tell(const Job& job, std::size_t number) const;
  Job& job_at(std::size_t job);

  std::mutex mutex_;
  std::filesystem::path program_, session_;
  std::vector<Job> jobs_;
};

}  // namespace skein::experiments
