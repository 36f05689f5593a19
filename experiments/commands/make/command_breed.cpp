#include <CLI/CLI.hpp>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <thread>

#include "experiments/breed/breeding_page.hpp"
#include "experiments/breed/open_browser.hpp"
#include "experiments/breed/session_replay.hpp"
#include "experiments/cli/command_table.hpp"
#include "experiments/cli/interrupt.hpp"
#include "experiments/runs/option_uses.hpp"
#include "lib/base/error.hpp"

namespace skein::experiments {
namespace {

constexpr int usual_port = 8460, ports_tried = 20;

struct BreedArguments {
  std::string net, out, replay, host = "127.0.0.1";
  int port = -1;  // the usual one, or one of those after it
  bool open = false;
  OptionUses uses;
};

Outcome replay(const std::string& folder, const Session& session) {
  const Replay found = replay_session(folder, session.listener());
  const bool equal = found.equal == found.generations;
  if (!equal) throw FormatError(folder + ": " + found.first_difference);
  return {{{"generations", found.generations}, {"pictures", found.pictures}, {"equal", equal}},
          folder + ": " + std::to_string(found.generations) +
              " generations bred again, every one the same bytes\n"};
}

/// Where the session is: --out, the session that NET names, or "breeding" here.
std::string folder_of(const BreedArguments& arguments) {
  if (!arguments.out.empty()) return arguments.out;
  return std::filesystem::exists(std::filesystem::path(arguments.net) / "session.jsonl") ? arguments.net
                                                                                         : "breeding";
}

std::unique_ptr<LocalServer> server_on(const BreedArguments& arguments, BreedingPage& page,
                                       const std::string& token) {
  const bool chosen = arguments.port >= 0;
  for (int tries = 0;; ++tries) {
    GuardSettings guard{
        .host = arguments.host, .port = chosen ? arguments.port : usual_port + tries, .token = token};
    try {
      return std::make_unique<LocalServer>(guard, page.routes(token));
    } catch (const ConfigError&) {
      if (chosen || tries + 1 == ports_tried) throw;
    }
  }
}

Outcome breed(const BreedArguments& arguments, const Session& session) {
  arguments.uses.check();
  if (!arguments.replay.empty()) return replay(arguments.replay, session);
  BreedingPageSettings settings{folder_of(arguments), std::filesystem::read_symlink("/proc/self/exe"),
                                arguments.net};
  if (settings.folder == arguments.net) settings.start.clear();
  BreedingPage page(settings, session);
  const auto server = server_on(arguments, page, random_token());
  const bool local =
      arguments.host == "127.0.0.1" || arguments.host == "localhost" || arguments.host == "::1";
  if (!local)
    session.say("warning: listening on " + arguments.host +
                ": whoever reaches this machine can read and change the session");
  const std::string shown = arguments.host == "0.0.0.0" ? "127.0.0.1" : arguments.host;
  const std::string address = "http://" + shown + ":" + std::to_string(server->port()) + "/";
  std::cout << address << std::endl;
  session.say(page.greeting() + "; Ctrl-C ends, nothing is lost");
  std::atomic<bool> over = false;
  std::thread watch([&] {
    while (!over && !interrupted()) std::this_thread::sleep_for(std::chrono::milliseconds(100));
    server->stop();
  });
  std::jthread opening;
  if (arguments.open)
    opening = open_in_browser(
        address, [&] { session.say("no browser could be started here; open " + address + " yourself"); });
  server->serve();
  over = true;
  watch.join();
  return {{{"out", settings.folder.string()}, {"address", address}},
          "saved in " + settings.folder.string() + "\n"};
}

}  // namespace

Command breed_command() {
  return {
      "breed", std::string(group_make), "a page on which one evolves pictures by hand and looks inside",
      "skein breed @face --out owls\nskein breed --replay owls", [](CLI::App& app) -> RunCommand {
        const auto o = std::make_shared<BreedArguments>();
        const CLI::Option* of_page[] = {
            app.add_option(
                "NET,--net", o->net,
                "a genome to begin with, an evolve run's map, an earlier session (default: from nothing)"),
            app.add_option("--out", o->out, "folder of the session (default: breeding)"),
            app.add_option("--port", o->port, "0: any that is free (default: 8460, or the next)")
                ->check(CLI::Range(0, 65535)),
            app.add_option("--host", o->host, "listen on this address of the machine instead of 127.0.0.1"),
            app.add_flag("--open", o->open, "open the page in the browser")};
        app.add_option("--replay", o->replay, "breed a session again and compare every byte");
        for (const CLI::Option* option : of_page)
          o->uses.only(option, "where a page is served, so not with --replay",
                       [seen = o.get()] { return seen->replay.empty(); });
        return [o](const Session& session) { return breed(*o, session); };
      }};
}

}  // namespace skein::experiments
