#include "experiments/cli/manual_page.hpp"

#include <algorithm>
#include <cctype>

#include "experiments/runs/version.hpp"

namespace skein::experiments {
namespace {

/// Text as roff shows it: hyphens stay hyphens that can be pasted, and no line is taken for a request.
std::string roff(const std::string& text) {
  std::string out;
  bool line_begins = true;
  for (const char c : text) {
    if (line_begins && (c == '.' || c == '\'')) out += "\\&";
    line_begins = c == '\n';
    if (c == '\\') out += "\\e";
    else if (c == '-') out += "\\-";
    else if (c == '\'') out += "\\(aq";
    else if (c == '`') out += "\\(ga";
    else if (c == '^') out += "\\(ha";
    else if (c == '~') out += "\\(ti";
    else out += c;
  }
  return out;
}

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

std::string bold(const std::string& text) { return "\\fB" + roff(text) + "\\fR"; }
std::string italic(const std::string& text) { return "\\fI" + roff(text) + "\\fR"; }

std::string joined(const std::vector<std::string>& words, const std::string& between) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : between) + bold(word);
  return out;
}

/// "--lr FLOAT", or "TARGET, --target".
std::string heading(const OptionPage& option) {
  std::string text = joined(option.flags, ", ");
  if (!option.argument.empty()) return italic(option.argument) + (text.empty() ? "" : ", ") + text;
  if (option.takes_value) text += " " + italic(option.kind) + (option.several ? " ..." : "");
  return text;
}

std::string body(const OptionPage& option) {
  std::string text = roff(option.says);
  const auto add = [&](const std::string& sentence) { text += (text.empty() ? "" : ". ") + sentence; };
  if (!option.choices.empty()) add("One of " + joined(option.choices, ", "));
  if (!option.range.empty()) add("Allowed: " + roff(option.range));
  if (!option.usual.empty()) add("Default " + bold(option.usual));
  if (!option.needs.empty()) add("Goes with " + joined(option.needs, ", "));
  if (!option.excludes.empty()) add("Not with " + joined(option.excludes, ", "));
  if (option.required) add("Required");
  return text;
}

std::string section_of(const OptionPage& option) {
  return ".TP\n" + heading(option) + "\n" + body(option) + "\n";
}

std::string synopsis(const CommandPage& command) {
  std::string line = bold("skein " + command.name);
  for (const OptionPage& option : command.options) {
    if (option.argument.empty()) {
      if (option.required) line += " " + bold(option.flags.back()) + " " + italic(option.kind);
      continue;
    }
    const std::string word = italic(option.argument) + (option.several ? " ..." : "");
    line += " " + (option.required ? word : "[" + word + "]");
  }
  return line + " [" + italic("OPTIONS") + "]";
}

std::string section_of(const CommandPage& command) {
  std::string text =
      ".SS " + roff(command.name) + "\n" + synopsis(command) + "\n.PP\n" + roff(command.summary) + "\n";
  for (const OptionPage& option : command.options) text += section_of(option);
  return text + ".PP\nExample:\n.PP\n.nf\n.RS 4\n" + roff(command.example) + "\n.RE\n.fi\n";
}

constexpr std::string_view description =
    "Evolves networks that draw pictures (CPPNs), turns genomes into masked multilayer perceptrons and "
    "back,\n"
    "retrains and prunes them, and measures how factored or how fractured they are inside.\n"
    ".PP\n"
    "A \\fINET\\fR is whatever draws: a Picbreeder zip or XML file (\\fIFILE\\fR#3 in a saved set), a "
    "genome, MLP or\n"
    "checkpoint of skein, \\fB@name\\fR for a built\\-in one (\\fBskein targets\\fR lists them), a folder of "
    "arrays with\n"
    "arch.txt, or a finished run. A \\fITARGET\\fR is a \\fINET\\fR or a picture, PNG or JPEG. A run is a "
    "folder;\n"
    "interrupted, it continues with the same command to the same bits.\n";

constexpr std::string_view closing =
    ".SH EXIT STATUS\n"
    "0 done, 1 failed, 2 not understood. What is wrong is one line on standard error that names the file and "
    "the cause.\n"
    "Ctrl\\-C leaves what can be resumed.\n"
    ".SH ENVIRONMENT\n"
    ".TP\n"
    "\\fBSKEIN_JUDGE_URL\\fR, \\fBSKEIN_JUDGE_MODEL\\fR, \\fBSKEIN_JUDGE_KEY\\fR\n"
    "Server, model and key of the judge of \\fBskein score \\-\\-judge vlm\\fR.\n";

}  // namespace

std::string manual_page(const ProgramPages& pages) {
  std::string text = ".\\\" Made by `skein manual`.\n.TH SKEIN 1 \"\" \"skein " + std::string(version) +
                     "\" \"User commands\"\n"
                     ".nh\n.ad l\n"
                     ".SH NAME\nskein \\- how networks that draw the same picture differ inside\n"
                     ".SH SYNOPSIS\n\\fBskein\\fR \\fICOMMAND\\fR [\\fIARGUMENTS\\fR]\n"
                     ".SH DESCRIPTION\n";
  text += description;
  text += ".SH OPTIONS OF EVERY COMMAND\n";
  for (const OptionPage& option : pages.everywhere) text += section_of(option);
  for (const std::string_view group : command_groups) {
    text += ".SH " + roff(upper(std::string(group))) + "\n";
    for (const CommandPage& command : pages.commands)
      if (command.group == group) text += section_of(command);
  }
  return text + std::string(closing);
}

}  // namespace skein::experiments
