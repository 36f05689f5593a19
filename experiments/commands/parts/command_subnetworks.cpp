#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "experiments/cli/command_table.hpp"
#include "experiments/cli/net_in_parts.hpp"
#include "experiments/cli/parts_options.hpp"
#include "experiments/drawing/figure_file.hpp"
#include "experiments/figures/contact_sheet.hpp"
#include "experiments/parts/role_swap.hpp"
#include "experiments/records/json_file.hpp"
#include "experiments/statistics/table.hpp"
#include "lib/base/file.hpp"
#include "lib/base/sound_text.hpp"
#include "lib/files/npy.hpp"

namespace skein::experiments {
namespace {

struct SubnetworkArguments {
  std::string net, out, controls = "on";
  PartsArguments parts;
  SubnetworkSettings settings;
};

nlohmann::ordered_json part_json(const PartSubnetwork& part) {
  nlohmann::ordered_json json{{"name", part.name},
                              {"shows_alone", part.shows_alone},
                              {"edges", part.edges},
                              {"share", part.share},
                              {"d_sub", finite_or_null(part.d_sub)},
                              {"d_sub_low", finite_or_null(part.d_sub_low)},
                              {"d_sub_high", finite_or_null(part.d_sub_high)},
                              {"d_abl", finite_or_null(part.d_abl)},
                              {"d_abl_low", finite_or_null(part.d_abl_low)},
                              {"d_abl_high", finite_or_null(part.d_abl_high)}};
  for (std::size_t a = 1; a < ablation_count; ++a)
    json[std::string("d_abl_") + name(static_cast<Ablation>(a))] = finite_or_null(part.ablated[a]);
  json["stability"] = finite_or_null(part.stability);
  json["edge_f1"] = part.edge_f1 ? finite_or_null(*part.edge_f1) : nlohmann::ordered_json();
  return json;
}

nlohmann::ordered_json as_json(const Subnetworks& found) {
  auto parts = nlohmann::ordered_json::array();
  for (const PartSubnetwork& part : found.parts) parts.push_back(part_json(part));
  return {{"parts", std::move(parts)},
          {"d_sub", finite_or_null(found.d_sub)},
          {"d_abl", finite_or_null(found.d_abl)},
          {"d_abl_none", finite_or_null(found.d_abl_none)},
          {"overlap", finite_or_null(found.overlap)},
          {"base_edges", found.base_edges}};
}

std::string as_text(const Subnetworks& found) {
  std::string text =
      "  part                          edges   share   dSub    dAbl  [95 %]              mean resample "
      "complement none  F1\n";
  char line[240];
  for (const PartSubnetwork& part : found.parts) {
    if (!part.shows_alone) {
      std::snprintf(line, sizeof line,
                    "  %s does not show with the others off: there is no piece to look for\n",
                    table_cell(part.name, 28).c_str());
      text += line;
      continue;
    }
    std::snprintf(line, sizeof line, "  %s %6.1f %6.1f%% ", table_cell(part.name, 28).c_str(), part.edges,
                  100 * part.share);
    text += line + decimal_cell(part.d_sub, 6) + decimal_cell(part.d_abl, 8) + "  [" +
            decimal_cell(part.d_abl_low, 6) + ", " + decimal_cell(part.d_abl_high, 6) + "]";
    for (std::size_t a = 1; a < ablation_count; ++a) text += decimal_cell(part.ablated[a], 8);
    text += "  " + decimal_cell(part.edge_f1, 0) + "\n";
  }
  return text + "mean dSub " + decimal_cell(found.d_sub, 0) + ", mean dAbl " + decimal_cell(found.d_abl, 0) +
         " (nothing taken out: " + decimal_cell(found.d_abl_none, 0) + ")" + "; two parts' masks share " +
         decimal_cell(100 * found.overlap, 0, 0) + " % of their weights\n";
}

/// Each part as it should be alone, as its piece draws it, and the picture without the piece.
Drawing pieces_sheet(const Subnetworks& found, const MaskedNet& net, const PartsTarget& target,
                     const std::string& title) {
  const Plan plan(net.network);
  const Grid grid{parts_size, parts_size};
  std::vector<SheetEntry> entries;
  for (std::size_t p = 0; p < found.parts.size(); ++p) {
    const auto& mask = found.parts[p].masks.front().mask;
    Weights piece = net.weights, rest = net.weights;
    for (std::size_t s = 0; s < mask.size(); ++s) {
      if (!mask[s] && !found.bases.front()[s]) piece[s] = 0;
      if (mask[s]) rest[s] = 0;
    }
    entries.push_back({to_image(target.pictures.alone[p]), found.parts[p].name + " alone"});
    entries.push_back({to_image(draw(plan, piece, grid)), "by its piece"});
    entries.push_back({to_image(draw(plan, rest, grid)), "without its piece"});
  }
  return contact_sheet(entries, {.title = title + ": a piece for each part", .columns = 6, .cell = 128});
}

void write_pieces(const std::filesystem::path& folder, const nlohmann::ordered_json& json,
                  const Subnetworks& found, const MaskedNet& net, const PartsTarget& target,
                  const std::string& title) {
  make_folder(folder);
  write_png(folder / "subnetworks.png", rasterise(pieces_sheet(found, net, target, title)));
  std::vector<std::uint8_t> masks;
  for (const PartSubnetwork& part : found.parts)
    for (const LearnedPart& learned : part.masks)
      masks.insert(masks.end(), learned.mask.begin(), learned.mask.end());
  write_npz(folder / "masks.npz",
            {{"mask", {{found.parts.size(), found.bases.size(), net.weights.size()}, masks}},
             {"weight", {{net.weights.size()}, net.weights}}});
  write_file(folder / "subnetworks.json", json.dump(2) + "\n");
}

/// How whole each part moves when its piece alone reads moved coordinates.
void add_swaps(Outcome& outcome, const std::vector<PartSwap>& swaps) {
  for (const PartSwap& swap : swaps)
    for (auto& part : outcome.json["parts"]) {
      if (part["name"] != swap.name || !swap.learned) continue;
      part["moved"] = swap.learned->moved;
      part["moved_outside"] = swap.learned->outside;
      part["moved_random"] = swap.random ? finite_or_null(swap.random->moved) : nlohmann::ordered_json();
      char line[240];
      std::snprintf(line, sizeof line, "  %s moves whole %.3f (random piece %.3f), disturbs elsewhere %.3f\n",
                    table_cell(swap.name, 28).c_str(), swap.learned->moved,
                    swap.random ? swap.random->moved : 0, swap.learned->outside);
      outcome.text += line;
    }
}

Outcome run(SubnetworkArguments arguments, const Session& session) {
  arguments.settings.seed = session.seed();
  arguments.settings.validate();
  const std::filesystem::path folder = arguments.out;
  if (!arguments.out.empty() && std::filesystem::exists(folder / "subnetworks.json") && !session.force())
    throw ConfigError(folder.string() + ": holds subnetworks already; --force overwrites them");
  const PartsTarget target = load_parts_of_network(arguments.net, arguments.parts, session);
  const NetInParts net = load_net_in_parts(arguments.net, arguments.parts, target);
  const MaskedNet& masked = net.masked;
  const Subnetworks found =
      find_subnetworks(masked, target.parts, target.pictures, arguments.settings, session.listener());
  Outcome outcome{as_json(found), as_text(found)};
  outcome.json["weights"] = masked.weights.size();
  outcome.json["seeds"] = arguments.settings.seeds;
  outcome.json["loss"] = net.loss;
  add_swaps(outcome, role_swaps(masked, found, target, session.seed()));
  if (arguments.controls == "on") {
    SubnetworkSettings once = arguments.settings;
    once.seeds = 1;
    const Subnetworks random = find_subnetworks(with_shuffled_weights(masked, session.seed()), target.parts,
                                                target.pictures, once, session.listener());
    outcome.json["controls"]["shuffled_weights"] = {{"d_sub", finite_or_null(random.d_sub)},
                                                    {"d_abl", finite_or_null(random.d_abl)},
                                                    {"d_abl_none", finite_or_null(random.d_abl_none)},
                                                    {"overlap", finite_or_null(random.overlap)}};
    outcome.text += "control, each layer's weights shuffled: mean dSub " + decimal_cell(random.d_sub, 0) +
                    ", mean dAbl " + decimal_cell(random.d_abl, 0) + "\n";
  }
  if (!arguments.out.empty()) {
    outcome.json["out"] = arguments.out;
    write_pieces(folder, outcome.json, found, masked, target, net.title);
  }
  return outcome;
}

}  // namespace

Command subnetworks_command() {
  return {"subnetworks", std::string(group_parts),
          "a learned mask for each part, and what taking it out does",
          "skein subnetworks @face --target @face --out face-pieces", [](CLI::App& app) -> RunCommand {
            const auto a = std::make_shared<SubnetworkArguments>();
            add_parts_of_network(app, a->net, a->parts);
            app.add_option("--out", a->out, "folder: subnetworks.png, subnetworks.json, masks.npz");
            app.add_option("--seeds", a->settings.seeds, "masks learned per part (default 3)");
            app.add_option("--steps", a->settings.mask.steps, "of each mask's training (default 500)");
            app.add_option("--penalty", a->settings.mask.penalty,
                           "what a whole mask costs, in units of the part's own variance (default 0.05)");
            app.add_option("--controls", a->controls,
                           "the same with each layer's weights shuffled: on (default) or off")
                ->check(CLI::IsMember({"on", "off"}));
            return [a](const Session& session) { return run(*a, session); };
          }};
}

}  // namespace skein::experiments
