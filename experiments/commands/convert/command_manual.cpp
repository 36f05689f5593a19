#include <CLI/CLI.hpp>
#include <memory>

#include "experiments/cli/command_pages.hpp"
#include "experiments/cli/command_table.hpp"
#include "experiments/cli/manual_page.hpp"
#include "experiments/cli/shell_completion.hpp"

namespace skein::experiments {

Command manual_command() {
  return {"manual", std::string(group_convert), "the manual page, or what bash, zsh or fish completes from",
          "skein manual > skein.1 && man ./skein.1\nsource <(skein manual --format bash)",
          [](CLI::App& app) -> RunCommand {
            const auto format = std::make_shared<std::string>("man");
            app.add_option("--format", *format, "man (default), bash, zsh or fish")
                ->check(CLI::IsMember({"man", "bash", "zsh", "fish"}));
            return [format](const Session&) {
              const ProgramPages pages = program_pages(all_commands());
              Outcome outcome;
              outcome.text = *format == "man"    ? manual_page(pages)
                             : *format == "bash" ? bash_completion(pages)
                             : *format == "zsh"  ? zsh_completion(pages)
                                                 : fish_completion(pages);
              outcome.json = {{"format", *format}, {"text", outcome.text}};
              return outcome;
            };
          }};
}

}  // namespace skein::experiments
