#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace skein::experiments {

/// Lets CLI11 read TOML files through toml++: keys at the top and in the table named after the command are
/// that command's options (the flags' names without dashes; positional arguments by their names in lower
/// case); what the command line says wins. The keys that describe a run's file (format, version, command) and
/// other commands' tables are passed over.
class TomlConfig : public CLI::Config {
 public:
  std::string command;  ///< the one being parsed

  std::vector<CLI::ConfigItem> from_config(std::istream& input) const override;
  std::string to_config(const CLI::App*, bool, bool, std::string) const override { return {}; }
};

}  // namespace skein::experiments
