// The manual page and the completions are made from the parser: nothing that the help lists is missing in them.
#include <set>
#include <sstream>

#include "experiments/cli/command_pages.hpp"
#include "experiments/cli/command_table.hpp"
#include "tests/cli/run_skein.hpp"

using namespace skein;
using namespace skein::experiments;
using namespace skein::test;

namespace {

/// The flags that `skein COMMAND --help` shows, as a reader finds them: at the beginning of a line, after two blanks.
std::set<std::string> flags_in_help(const std::string& help) {
  std::set<std::string> flags;
  std::istringstream lines(help);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("  -")) continue;
    std::istringstream words(line.substr(2, line.find(' ', 2) - 2));
    for (std::string flag; std::getline(words, flag, ',');)
      flags.insert(flag.substr(0, flag.find('{')));  // "--sparse{false}": what the bare flag means
  }
  return flags;
}

std::set<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  std::set<std::string> words;
  for (std::string word; in >> word;) words.insert(word);
  return words;
}

/// What bash offers after `typed`, by the script that `skein manual --format bash` makes.
std::set<std::string> offered_by_bash(const TemporaryFolder& folder, const std::string& typed) {
  write_file(folder.path() / "offer.bash",
             "cd files\nsource ../completion.bash\nCOMP_LINE=\"$1\" COMP_POINT=${#1}\n_skein skein\n"
             "printf '%s\\n' \"${COMPREPLY[@]}\"\n");
  const std::string line =
      "cd '" + folder.path().string() + "' && bash --norc offer.bash '" + typed + "' > offered";
  REQUIRE(std::system(line.c_str()) == 0);
  return words_of(read_file(folder.path() / "offered"));
}

std::string without_roff(const std::string& roff) {
  std::string text;
  for (std::size_t i = 0; i < roff.size(); ++i) {
    if (roff[i] != '\\') text += roff[i];
    else if (roff[i + 1] == 'f') i += 2;  // a change of font
    else if (roff[i + 1] == '-') text += roff[++i];
  }
  return text;
}

}  // namespace

TEST_CASE("the manual page has a section for every command, with every option of its help") {
  const TemporaryFolder folder;
  const std::string page = without_roff(skein_in(folder, "manual").out);
  for (const Command& command : all_commands()) {
    CAPTURE(command.name);
    const std::size_t begin = page.find("\n.SS " + command.name + "\n");
    REQUIRE(begin != std::string::npos);
    const std::string section = page.substr(begin, page.find("\n.S", begin + 4) - begin);
    const auto flags = flags_in_help(skein_in(folder, command.name + " --help").out);
    CHECK(flags.contains("--help"));
    for (const std::string& flag : flags) {
      CAPTURE(flag);
      CHECK((flag == "--help" || flag == "-h" || section.find("\n" + flag) != std::string::npos ||
             section.find(", " + flag) != std::string::npos));
    }
  }
  for (const char* flag : {"--seed", "--threads", "--json", "--quiet", "--force", "--config", "--version"})
    CHECK(page.find(std::string("\n.TP\n") + flag) != std::string::npos);
}

TEST_CASE("what the parser knows of an option is known of its page") {
  for (const CommandPage& command : program_pages(all_commands()).commands) {
    if (command.name != "train") continue;
    std::size_t seen = 0;
    for (const OptionPage& option : command.options) {
      if (option.argument == "TARGET") {
        CHECK(option.flags == std::vector<std::string>{"--target"});
        CHECK((option.required && option.takes_value && !option.several));
        ++seen;
      }
      if (option.flags == std::vector<std::string>{"--optimizer"}) {
        CHECK(option.choices == std::vector<std::string>{"adam", "muon", "sgd"});
        CHECK((option.kind == "TEXT" && !option.required));
        ++seen;
      }
      if (option.flags == std::vector<std::string>{"--size"}) {
        CHECK((option.kind == "INT" && option.range == "[1 - 16384]"));
        ++seen;
      }
      if (option.flags == std::vector<std::string>{"--arch"}) {
        CHECK(option.excludes == std::vector<std::string>{"--wiring"});
        ++seen;
      }
    }
    CHECK(seen == 4);
  }
}

TEST_CASE("bash completes commands, every flag, choices, built-in targets and files") {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder.path() / "files/runs/@face");
  write_file(folder.path() / "files/my skull.zip", "");
  write_file(folder.path() / "completion.bash", skein_in(folder, "manual --format bash").out);
  const auto offered = [&](const std::string& typed) { return offered_by_bash(folder, typed); };
  std::set<std::string> names;
  for (const Command& command : all_commands()) names.insert(command.name);
  CHECK(offered("skein ") == names);
  CHECK(offered("skein --quiet tr") == std::set<std::string>{"train", "transfer"});
  for (const std::string command : {"train", "hide", "manual", "campaign"}) {
    CAPTURE(command);
    const auto flags = offered("skein " + command + " -");
    for (const std::string& flag : flags_in_help(skein_in(folder, command + " --help").out)) {
      CAPTURE(flag);
      CHECK(flags.contains(flag));
    }
    CHECK((flags.contains("--seed") && !flags.contains("--reference")));
  }
  CHECK(offered("skein train @face --optimizer ") == std::set<std::string>{"adam", "muon", "sgd"});
  CHECK(offered("skein train @face --optimizer=a") == std::set<std::string>{"adam"});
  // Also where what reads the value refuses others in its own words.
  CHECK(offered("skein evolve --preset ") == std::set<std::string>{"neat", "picbreeder", "cppn"});
  CHECK(offered("skein prune --method llm") == std::set<std::string>{"llm-pruner"});
  CHECK(offered("skein train @face --steps ").empty());
  CHECK(offered("skein score @fa") == std::set<std::string>{"@face"});
  CHECK(offered("skein score --target=@fa") == std::set<std::string>{"@face"});
  CHECK(offered("skein score ").contains("runs"));
  CHECK(offered("skein render --out ").contains("runs"));
  CHECK(offered("skein info runs/@fa") ==
        std::set<std::string>{"@face"});  // bash replaces what follows the blank or @
}

TEST_CASE("zsh and fish are given the same commands and flags") {
  const TemporaryFolder folder;
  const std::string zsh = skein_in(folder, "manual --format zsh").out;
  const std::string fish = skein_in(folder, "manual --format fish").out;
  for (const CommandPage& command : program_pages(all_commands()).commands) {
    CAPTURE(command.name);
    CHECK(zsh.find("'" + command.name + ":") != std::string::npos);
    CHECK(fish.find(" -a " + command.name + " -d ") != std::string::npos);
    const std::size_t begin = zsh.find("        " + command.name + ")\n");
    REQUIRE(begin != std::string::npos);
    const std::string branch = zsh.substr(begin, zsh.find(";;", begin) - begin);
    for (const OptionPage& option : command.options)
      for (const std::string& flag : option.flags) {
        CAPTURE(flag);
        CHECK(branch.find("'" + flag + (option.takes_value ? "=[" : "[")) != std::string::npos);
        const std::string own = "from " + command.name + "' -l " + flag.substr(2) + " ";
        CHECK(fish.find(own) != std::string::npos);
      }
  }
}
