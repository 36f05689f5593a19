#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace CLI {
class Option;
}

namespace skein::experiments {

/// Tells the help, the manual page and the completions which values an option has, where what reads them refuses others
/// in its own words. Gives the option back.
CLI::Option* with_choices(CLI::Option* option, const std::vector<std::string>& names);

/// Which of a command's options are used with which others: what would do nothing is refused instead of accepted
/// without a word, and is not written into a run's configuration.
/// The options must outlive it.
class OptionUses {
 public:
  /// `option` is used only while `used` says so; `when` completes "... is used only" for the message.
  void only(const CLI::Option* option, std::string when, std::function<bool()> used);

  /// Throws ConfigError naming the first option that was given and is not used.
  void check() const;
  /// Takes the options that are not used out of a run's settings, which have the flags' names without dashes.
  void strip(nlohmann::ordered_json& settings) const;

 private:
  struct Rule {
    const CLI::Option* option;
    std::string when;
    std::function<bool()> used;
  };
  std::vector<Rule> rules_;
};

}  // namespace skein::experiments
