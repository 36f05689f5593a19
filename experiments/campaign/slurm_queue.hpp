#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace skein::experiments {

/// A word for a POSIX shell.
std::string shell_word(const std::string& word);

struct CommandResult {
  int code = 0;     ///< 127: there is no such program
  std::string out;  ///< both streams, without the last ends of lines
};

/// Runs a program to its end. Throws ConfigError when nothing can be run at all.
CommandResult run_command(const std::vector<std::string>& words);

/// The job arrays that were submitted for the run (RUN/slurm/jobs.json): {"job", "chunks", "tasks"}.
nlohmann::ordered_json slurm_submissions(const std::filesystem::path& run);
void add_slurm_submission(const std::filesystem::path& run, const std::string& job,
                          const std::filesystem::path& chunks, std::size_t tasks);

/// The tasks of the run's arrays that Slurm has not done with: JOB_TASK and state. Throws ConfigError when arrays were
/// submitted and Slurm cannot be asked.
std::vector<std::pair<std::string, std::string>> slurm_tasks(const std::filesystem::path& run);

/// How often what happened to the run's jobs (RUN/slurm/events): "time limit", "put back" (preempted, or the node
/// failed), "stopped" (ended by Slurm, and not put back so far), "ended by signal 9", "failed with code 1", "done".
std::map<std::string, int> slurm_events(const std::filesystem::path& run);

/// Why that process of a job ended, when its job script noted a signal: "signal 9"; else "".
std::string death_in_job(const std::filesystem::path& run, const std::string& job, const std::string& host,
                         std::int64_t process);

}  // namespace skein::experiments
