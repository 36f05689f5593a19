#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace skein::experiments {

/// What a run's folder is known by: config.toml, read.
struct RunConfig {
  std::string command = {};
  /// The old run was given up by --force and may be half removed; nothing in the folder counts any more.
  bool given_up = false;
  std::vector<std::string> files = {};  ///< as RunRequest's
  std::string text = {};                ///< the whole file
};

/// What is in a folder, as far as runs go.
struct FolderState {
  enum class Kind {
    empty,    ///< nothing, or what a killed process left before its run began
    run,      ///< a run of skein
    damaged,  ///< a run whose config.toml cannot be read
    foreign,  ///< something else
  };
  Kind kind = Kind::empty;
  RunConfig config;     ///< of a run
  std::string trouble;  ///< of a damaged one: what is wrong, naming the file
};

inline constexpr const char* config_name = "config.toml";
inline constexpr const char* lock_name = ".lock";

/// Looks, and changes nothing. A folder that is not there is empty.
FolderState state_of(const std::filesystem::path& folder);

/// config.toml's text. Throws ConfigError when a setting cannot be written so that it reads back the same.
std::string config_text(const std::string& command, const std::vector<std::string>& files,
                        const nlohmann::ordered_json& settings, const nlohmann::ordered_json& origin);
/// The same for a run that is given up.
std::string given_up_text(const std::string& command, const std::vector<std::string>& files);

/// The first setting that differs between the configuration on disk and the one asked for, as a sentence;
/// nothing when they agree.
std::optional<std::string> difference(const RunConfig& old, const std::string& command,
                                      const nlohmann::ordered_json& settings);

/// Removes what a run left in its folder, but for config.toml and the lock: the names that `files` lists and
/// those of every run, and inside folders of these names what skein writes. What is kept, relative to the folder.
/// An empty `files` stands for everything.
std::vector<std::string> remove_run_files(const std::filesystem::path& folder,
                                          const std::vector<std::string>& files);

/// The setting among these that names a file in the folder, with its value; nothing when none does.
std::optional<std::string> input_inside(const std::filesystem::path& folder,
                                        const nlohmann::ordered_json& settings);

/// The settings as a TOML table's lines.
std::string toml_lines(const nlohmann::ordered_json& settings);

}  // namespace skein::experiments
