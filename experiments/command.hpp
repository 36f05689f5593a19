#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "lib/error.hpp"
#include "lib/progress.hpp"

namespace CLI {
class App;
}

/// How to add a command `name`:
///   1. experiments/command_name.cpp defines `Command name_command()`: what the help says, and `setup`, which
///      declares the arguments on the CLI::App it is given and returns what runs once they are parsed.
///   2. declare it in experiments/command_table.hpp and list it in experiments/command_table.cpp.
/// The frame gives every command --seed, --threads, --json, --quiet, --force, --config and --version, shows
/// the progress it reports, catches its errors and prints its outcome. experiments/command_targets.cpp is a
/// short example.
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
  /// work.
  void refuse_existing(const std::filesystem::path& out) const;
  /// One line on standard error, unless --quiet.
  void say(std::string_view line) const { say_(line); }

 private:
  Options options_;
  std::vector<std::string> arguments_;
  ProgressListener listener_;
  std::function<void(std::string_view)> say_;
};

/// What a command leaves on standard output: with --json the object alone, without it `text` (or, when that
/// is empty, the object's members as lines).
struct Outcome {
  nlohmann::ordered_json json;
  std::string text;
};

using RunCommand = std::function<Outcome(const Session&)>;

struct Command {
  std::string name;
  std::string group;    ///< what one wants to do; one of `command_groups`
  std::string summary;  ///< half a line for `skein --help`
  std::string example;  ///< one or more lines that work as pasted, shown at the end of `skein NAME --help`
  std::function<RunCommand(CLI::App&)> setup;
};

inline constexpr std::string_view group_compare = "The main job";
inline constexpr std::string_view group_make = "Make networks";
inline constexpr std::string_view group_look = "Look inside";
inline constexpr std::string_view group_convert = "Convert";
inline constexpr std::string_view group_about = "About skein";

/// Thrown when Ctrl-C stopped the work after everything needed to resume was written.
class Interrupted : public Error {
 public:
  using Error::Error;
};

}  // namespace skein::experiments
