#include <CLI/CLI.hpp>
#include <memory>

#include "experiments/cli/command_table.hpp"
#include "experiments/nets/load_net.hpp"
#include "experiments/nets/net_description.hpp"

namespace skein::experiments {

Command info_command() {
  return {"info", std::string(group_look), "what a network is: nodes, links, depth, architecture, copies",
          "skein info @face", [](CLI::App& app) -> RunCommand {
            const auto net = std::make_shared<std::string>();
            app.add_option("NET,--net", *net, "file, folder, run or @name of a network")->required();
            return [net](const Session&) { return Outcome{describe(load_net(*net)), {}}; };
          }};
}

}  // namespace skein::experiments
