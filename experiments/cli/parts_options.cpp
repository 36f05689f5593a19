#include "experiments/cli/parts_options.hpp"

#include <CLI/CLI.hpp>

namespace skein::experiments {

void add_parts_options(CLI::App& app, PartsArguments& arguments) {
  app.add_option("--labels", arguments.labels,
                 "CSV of link_branch, link_id, label (default: the genome's own)");
  app.add_option("--regions", arguments.regions, "PNG of flat colours, one a part, for any picture");
}

void add_parts_of_network(CLI::App& app, std::string& net, PartsArguments& parts) {
  app.add_option("NET,--net", net, "file, folder, run or @name of a network")->required();
  app.add_option(
      "--target", parts.target,
      "the genome whose labels say what the parts are, or any picture with --regions (default: NET)");
  add_parts_options(app, parts);
}

}  // namespace skein::experiments
