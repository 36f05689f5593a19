#pragma once

#include <string>
#include <vector>

#include "experiments/cli/command.hpp"

/// What the program's parser knows, for what is written about it: the manual page and the shells' completions.
namespace skein::experiments {

/// One option or positional argument.
struct OptionPage {
  std::vector<std::string> flags;  ///< "-h", "--help"; empty for what is an argument alone
  std::string argument;            ///< its name where it may stand without a flag, "TARGET"; else empty
  bool takes_value = false;        ///< else a switch
  bool required = false;
  bool several = false;              ///< more than one value may follow
  std::string kind;                  ///< "TEXT", "INT", "UINT" or "FLOAT"; empty for a switch
  std::string range;                 ///< of numbers, "[1 - 256]" or "POSITIVE"; may be empty
  std::vector<std::string> choices;  ///< the only values there are; empty where any may be
  std::string usual;                 ///< the default, where the parser knows it
  std::string says;                  ///< what it is, one line
  std::vector<std::string> needs;    ///< flags without which it means nothing
  std::vector<std::string> excludes;
};

struct CommandPage {
  std::string name, group, summary, example;
  std::vector<OptionPage> options;  ///< its own, in the order of its help
};

struct ProgramPages {
  std::vector<CommandPage> commands;   ///< in the order of the help
  std::vector<OptionPage> everywhere;  ///< what every command takes
};

/// Asks the parser that `run_command_line` would use.
ProgramPages program_pages(const std::vector<Command>& commands);

}  // namespace skein::experiments
