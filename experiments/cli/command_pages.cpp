#include "experiments/cli/command_pages.hpp"

#include <CLI/CLI.hpp>

#include "experiments/cli/command_line.hpp"

namespace skein::experiments {
namespace {

std::vector<std::string> names_of(const std::set<CLI::Option*>& options) {
  std::vector<std::string> names;
  for (const CLI::Option* option : options) names.push_back(option->get_name());
  std::ranges::sort(names);  // a set of addresses has no order of its own
  return names;
}

/// The parser writes a list of choices as "{a,b}", and none holds a comma.
std::vector<std::string> choices_in(const std::string& text) {
  return CLI::detail::split(text.substr(1, text.size() - 2), ',');
}

OptionPage page_of(CLI::Option& option) {
  OptionPage page;
  for (const std::string& name : option.get_snames()) page.flags.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) page.flags.push_back("--" + name);
  page.argument = option.get_name(true);
  page.says = option.get_description();
  page.required = option.get_required();
  page.needs = names_of(option.get_needs());
  page.excludes = names_of(option.get_excludes());
  page.takes_value = option.get_items_expected_max() != 0;
  if (!page.takes_value) return page;
  page.several = option.get_expected_max() > 1;
  page.usual = option.get_default_str();
  const std::string full = option.get_type_name();
  page.kind = full.substr(0, full.find(':'));
  if (page.kind.empty()) page.kind = "TEXT";
  for (std::size_t at = full.find(':'); at < full.size();) {
    const std::size_t end = std::min(full.find(':', at + 1), full.size());
    const std::string allowed = full.substr(at + 1, end - at - 1);
    if (allowed.starts_with('{')) page.choices = choices_in(allowed);
    else page.range = allowed.substr(allowed.find('[') == std::string::npos ? 0 : allowed.find('['));
    at = end;
  }
  return page;
}

std::vector<OptionPage> pages_of(CLI::App& app) {
  std::vector<OptionPage> pages;
  for (CLI::Option* option : app.get_options())
    if (!option->get_group().empty() && option != app.get_help_ptr()) pages.push_back(page_of(*option));
  return pages;
}

}  // namespace

ProgramPages program_pages(const std::vector<Command>& commands) {
  const auto parser = parser_of(commands);
  ProgramPages pages;
  pages.everywhere = pages_of(*parser);
  pages.everywhere.push_back(page_of(*parser->get_help_ptr()));
  for (const Command& command : commands)
    pages.commands.push_back({command.name, command.group, command.summary, command.example,
                              pages_of(*parser->get_subcommand(command.name))});
  return pages;
}

}  // namespace skein::experiments
