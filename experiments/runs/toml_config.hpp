#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace skein::experiments {

/// Lets CLI11 read TOML files through toml++: keys at the top and in the table named after the command are
/// that command's options (the flags' names without dashes; positional arguments by their names in lower
/// case); what the command line says wins, an empty text says nothing. The keys that describe a run's file (format,
/// version, command) and other commands' tables are passed over.
class TomlConfig : public CLI::Config {
 public:
  const CLI::App* program = nullptr;  ///< whose options and commands there are
  std::string command;                ///< the one being parsed

  /// Throws ConfigError, naming the file, when it is no TOML, has a key that is no option, or a value that is none.
  std::vector<CLI::ConfigItem> from_config(std::istream& input) const override;
  std::string to_config(const CLI::App*, bool, bool, std::string) const override { return {}; }

  /// What the file is called, for messages.
  std::string file() const;
  /// Whether the last file that was read gave this option (by its name without dashes) a value.
  bool gave(std::string_view option) const;

 private:
  void check_key(const std::string& key) const;
  mutable std::vector<std::string> given_;
};

/// Throws FormatError when a key of a TOML text has more parts joined by dots than any file of ours: reading it would
/// nest so many tables. `name` is what the error calls the file.
void refuse_deep_keys(std::string_view toml, const std::string& name);

}  // namespace skein::experiments
