#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/base/progress.hpp"

namespace skein::experiments {

/// What a running command is given. Valid while it runs.
class Session {
 public:
  struct Options {
    std::uint64_t seed = 0;
    int threads = 0;  ///< 0: all
    bool json = false;
    bool quiet = false;
    bool force = false;
  };

  Session(Options options, std::vector<std::string> arguments, ProgressListener listener,
          std::function<void(std::string_view)> say);

  std::uint64_t seed() const { return options_.seed; }
  /// Whether what exists may be overwritten.
  bool force() const { return options_.force; }
  bool json() const { return options_.json; }
  /// The command line as typed, program name first; for run folders and reports.
  const std::vector<std::string>& arguments() const { return arguments_; }

  /// Shows progress on standard error and asks the work to stop after Ctrl-C. May be called from any thread.
  const ProgressListener& listener() const { return listener_; }
  /// Throws ConfigError when the file or folder exists and may not be overwritten. To be called before the
  /// work; what a killed process left beside it is swept.
  void refuse_existing(const std::filesystem::path& out) const;
  /// One line on standard error, unless --quiet.
  void say(std::string_view line) const { say_(line); }

 private:
  Options options_;
  std::vector<std::string> arguments_;
  ProgressListener listener_;
  std::function<void(std::string_view)> say_;
};

/// Throws ConfigError when so many seeds from the first on do not all fit into a run's files (2^63 - 1 is the last).
void require_seeds(std::uint64_t first, int count);

/// Makes a figure of work whose results are written already. One that cannot be made (a network too large to draw,
/// no memory) is a note on the session and nothing else; a file that cannot be written is thrown.
void try_figure(const Session& session, const std::filesystem::path& file, const std::function<void()>& make);

/// Thrown when Ctrl-C stopped the work after everything needed to resume was written.
class Interrupted : public Error {
 public:
  using Error::Error;
};

}  // namespace skein::experiments
