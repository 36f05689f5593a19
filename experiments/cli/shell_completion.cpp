#include "experiments/cli/shell_completion.hpp"

#include "experiments/targets/targets.hpp"

namespace skein::experiments {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::string target_names() {
  std::vector<std::string> names;
  for (const BuiltInTarget& target : built_in_targets()) names.push_back("@" + target.name);
  return joined(names);
}

std::string command_names(const ProgramPages& pages) {
  std::vector<std::string> names;
  for (const CommandPage& command : pages.commands) names.push_back(command.name);
  return joined(names);
}

std::string flags_of(const std::vector<OptionPage>& options) {
  std::vector<std::string> flags;
  for (const OptionPage& option : options)
    flags.insert(flags.end(), option.flags.begin(), option.flags.end());
  return joined(flags);
}

bool is_number(const OptionPage& option) { return option.takes_value && option.kind != "TEXT"; }

/// `text` in single quotes, as sh and zsh read them.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

// --- bash

/// The branches of a `case` of COMMAND:FLAG that give an option's choices.
std::string bash_choices(const std::string& command, const std::vector<OptionPage>& options) {
  std::string text;
  for (const OptionPage& option : options)
    for (const std::string& flag : option.flags)
      if (!option.choices.empty())
        text += "    " + command + ":" + flag + ") words='" + joined(option.choices) + "' ;;\n";
  return text;
}

/// The patterns of the flags that a number follows, for which there is nothing to offer.
std::string bash_numbers(const std::string& command, const std::vector<OptionPage>& options) {
  std::string text;
  for (const OptionPage& option : options)
    for (const std::string& flag : option.flags)
      if (is_number(option)) text += "|" + command + ":" + flag;
  return text;
}

constexpr std::string_view bash_begins =
    R"sh(# Completes skein's command line in bash. Made by `skein manual --format bash`.
_skein() {
  # Words are what blanks part: bash itself would part them at = and @ too.
  local line=${COMP_LINE:0:COMP_POINT} current= before= command= word options= words=-
  local -a typed
  read -ra typed <<< "$line"
  case $line in *[[:space:]]) ;; *) current=${typed[-1]} typed=("${typed[@]:0:${#typed[@]}-1}") ;; esac
  [ ${#typed[@]} -gt 0 ] && before=${typed[-1]}
  case $current in --*=*) before=${current%%=*} current=${current#*=} ;; esac
)sh";

constexpr std::string_view bash_ends = R"sh(
  COMPREPLY=()
  if [ "$words" != - ]; then
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  elif [ "${current:0:1}" = - ]; then
    mapfile -t COMPREPLY < <(compgen -W "$options $everywhere" -- "$current")
  elif [ -z "$command" ]; then
    mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$current")
  elif [ "${current:0:1}" = @ ]; then
    mapfile -t COMPREPLY < <(compgen -W "$targets" -- "$current")
  else
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
    compopt -o filenames 2> /dev/null
  fi
  # What stands before the last =, : or @ is not replaced.
  local kept=${current%"${current##*[=:@]}"}
  COMPREPLY=("${COMPREPLY[@]#"${kept%@}"}")
}
complete -F _skein skein
)sh";

// --- zsh

/// What stands in the brackets of a specification.
std::string zsh_text(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string zsh_action(const OptionPage& option) {
  if (!option.choices.empty()) return "(" + joined(option.choices) + ")";
  return is_number(option) ? " " : "_skein_files";
}

std::string zsh_specifications(const std::vector<OptionPage>& options, const std::string& indent) {
  std::string text;
  const auto add = [&](const std::string& specification) {
    text += " \\\n" + indent + quoted(specification);
  };
  for (const OptionPage& option : options) {
    for (const std::string& flag : option.flags)
      add(flag + (option.takes_value ? "=" : "") + "[" + zsh_text(option.says) + "]" +
          (option.takes_value ? ":" + option.kind + ":" + zsh_action(option) : ""));
    if (!option.argument.empty())
      add((option.several ? "*:" : ":") + option.argument + ":" + zsh_action(option));
  }
  return text;
}

// --- fish

std::string fish_text(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

std::string fish_options(const std::string& condition, const std::vector<OptionPage>& options) {
  std::string text;
  for (const OptionPage& option : options) {
    if (option.flags.empty()) continue;
    text += "complete -c skein" + condition;
    for (const std::string& flag : option.flags)
      text += flag.starts_with("--") ? " -l " + flag.substr(2) : " -s " + flag.substr(1);
    if (!option.choices.empty()) text += " -x -a " + fish_text(joined(option.choices));
    else if (is_number(option)) text += " -x";
    else if (option.takes_value) text += " -r -F";
    text += " -d " + fish_text(option.says) + "\n";
  }
  return text;
}

}  // namespace

std::string bash_completion(const ProgramPages& pages) {
  std::string text(bash_begins);
  text += "  local commands='" + command_names(pages) + "'\n";
  text += "  local everywhere='" + flags_of(pages.everywhere) + "'\n";
  text += "  local targets='" + target_names() + "'\n";
  text +=
      "  for word in \"${typed[@]:1}\"; do\n    case \" $commands \" in *\" $word \"*) command=$word; break "
      ";; esac\n  done\n";
  text += "  case $command in\n";
  for (const CommandPage& command : pages.commands)
    text += "    " + command.name + ") options='" + flags_of(command.options) + "' ;;\n";
  text += "  esac\n  case $command:$before in\n";
  std::string numbers = bash_numbers("*", pages.everywhere);
  for (const CommandPage& command : pages.commands) {
    text += bash_choices(command.name, command.options);
    numbers += bash_numbers(command.name, command.options);
  }
  text += "    " + numbers.substr(1) + ") words= ;;\n  esac";
  return text + std::string(bash_ends);
}

std::string zsh_completion(const ProgramPages& pages) {
  std::string text =
      "#compdef skein\n# Completes skein's command line in zsh. Made by `skein manual --format zsh`.\n";
  text += "_skein_files() {\n  if [[ $PREFIX == @* ]]; then\n    compadd -- " + target_names() +
          "\n  else\n    _files\n  fi\n}\n";
  text += "_skein() {\n  local context state state_descr line\n  typeset -A opt_args\n  _arguments -C";
  text += zsh_specifications(pages.everywhere, "    ");
  text +=
      " \\\n    ': :->command' '*:: :->arguments'\n  case $state in\n    command)\n      local -a commands=(";
  for (const CommandPage& command : pages.commands)
    text += "\n        " + quoted(command.name + ":" + command.summary);
  text += "\n      )\n      _describe command commands\n      ;;\n    arguments)\n      case $line[1] in\n";
  for (const CommandPage& command : pages.commands)
    text += "        " + command.name + ")\n          _arguments" +
            zsh_specifications(command.options, "            ") +
            zsh_specifications(pages.everywhere, "            ") + "\n          ;;\n";
  return text +
         "      esac\n      ;;\n  esac\n}\nif [ \"$funcstack[1]\" = _skein ]; then _skein \"$@\"; else "
         "compdef _skein skein; fi\n";
}

std::string fish_completion(const ProgramPages& pages) {
  const std::string names = command_names(pages);
  std::string text = "# Completes skein's command line in fish. Made by `skein manual --format fish`.\n";
  text += fish_options("", pages.everywhere);
  for (const CommandPage& command : pages.commands) {
    text += "complete -c skein -f -n 'not __fish_seen_subcommand_from " + names + "' -a " + command.name +
            " -d " + fish_text(command.summary) + "\n";
    text += fish_options(" -n '__fish_seen_subcommand_from " + command.name + "'", command.options);
  }
  return text + "complete -c skein -n '__fish_seen_subcommand_from " + names +
         "; and string match -q \"@*\" -- (commandline -ct)' -f -a '" + target_names() + "'\n";
}

}  // namespace skein::experiments
