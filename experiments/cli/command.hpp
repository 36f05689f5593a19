#pragma once

#include <array>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/runs/session.hpp"

namespace CLI {
class App;
}

/// How to add a command `name`:
///   1. experiments/commands/GROUP/command_name.cpp defines `Command name_command()`: what the help says, and `setup`, which
///      declares the arguments on the CLI::App it is given and returns what runs once they are parsed.
///   2. declare it in experiments/cli/command_table.hpp and list it in experiments/cli/command_table.cpp.
/// The frame gives every command --seed, --threads, --json, --quiet, --force, --config and --version, shows
/// the progress it reports, catches its errors and prints its outcome. experiments/commands/convert/command_targets.cpp is a
/// short example.
namespace skein::experiments {

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
inline constexpr std::string_view group_parts = "Ask for parts";
inline constexpr std::string_view group_convert = "Convert, and about skein";
inline constexpr std::array command_groups{group_compare, group_make, group_look, group_parts, group_convert};

}  // namespace skein::experiments
