#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "experiments/runs/session.hpp"

namespace skein::experiments {

/// What a run is asked to do: every option with its resolved value, by the flag's name.
struct RunRequest {
  std::string command;  ///< "train"
  /// Must be the same when a run is resumed.
  nlohmann::ordered_json settings = nlohmann::ordered_json::object();
  /// May change when a run is continued: more seeds, more methods.
  nlohmann::ordered_json extendable = nlohmann::ordered_json::object();
  /// What the command leaves at the top of the folder, files and folders, '*' for any text; beside what every run
  /// has. --force removes these and nothing else. Empty: all that is there.
  std::vector<std::string> files = {};
};

/// A folder that holds one run: config.toml (resolved configuration, command line, version, build,
/// instruction set), metrics.jsonl, what the command adds, and DONE, written last. A process that is killed at
/// any point leaves a folder that the same command goes on from.
class RunFolder {
 public:
  /// Makes the folder, or finds in it an unfinished run of the same settings to resume. Throws ConfigError
  /// when the folder holds a finished run (unless --force, or the extendable part differs), another run or
  /// something else, or when --force would remove what the run reads; FormatError when it cannot be written or
  /// its configuration is damaged. With --force what an earlier run left is removed first, files that it did not
  /// make are kept; nothing is made or changed in a folder that no run made.
  RunFolder(std::filesystem::path folder, const RunRequest& request, const Session& session);
  ~RunFolder();
  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;

  /// What `keep_result` was told when this very run was finished before; then there is nothing to do.
  const std::optional<nlohmann::ordered_json>& finished_result() const { return finished_result_; }
  /// The same, for a command: says on the session that the run is done already, or that it goes on.
  const std::optional<nlohmann::ordered_json>& done_before(const Session& session) const;
  /// Whether there may be work of an earlier start to go on from.
  bool resumed() const { return resumed_; }
  const std::filesystem::path& path() const { return folder_; }
  std::filesystem::path file(const std::string& name) const { return folder_ / name; }

  /// Appends one line to metrics.jsonl.
  void record(const nlohmann::ordered_json& line) const;
  /// Calls `visit` for every line of metrics.jsonl that is an object, in order; torn and foreign ones are passed over, and a
  /// torn last one is ended, so that the next begins a line of its own. Throws FormatError for a file over 8 GiB.
  void each_record(const std::function<void(const nlohmann::ordered_json&)>& visit) const;
  /// Drops the lines of metrics.jsonl whose `key` is above `last` (and a torn last line): what a resumed run
  /// will say again.
  void forget_after(const std::string& key, std::int64_t last) const;
  /// Writes result.json: from here on reports call the run finished.
  void keep_result(const nlohmann::ordered_json& result) const;
  /// Writes DONE, the last file of a run.
  void finish() const;

 private:
  void start(const RunRequest& request, const Session& session);
  void write_config(const RunRequest& request, const Session& session) const;

  std::filesystem::path folder_;
  int lock_ = -1;
  bool resumed_ = false;
  std::optional<nlohmann::ordered_json> finished_result_;
};

/// Whether a skein that lives is at work in the folder: a RunFolder of it would be refused.
bool is_at_work(const std::filesystem::path& folder);

/// Whether a folder holds a finished run of skein's.
bool is_finished_run(const std::filesystem::path& folder);

/// The command whose run the folder holds; nothing when it is none of skein's runs.
std::optional<std::string> command_of_run(const std::filesystem::path& folder);

/// "skein" with its arguments, quoted for a POSIX shell where needed.
std::string shell_text(const std::vector<std::string>& arguments);

}  // namespace skein::experiments
