#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "experiments/cli/command_table.hpp"
#include "experiments/cli/parts_options.hpp"
#include "experiments/drawing/figure_file.hpp"
#include "experiments/figures/contact_sheet.hpp"
#include "experiments/parts/parts_target.hpp"
#include "lib/base/file.hpp"
#include "lib/base/sound_text.hpp"
#include "lib/files/npy.hpp"
#include "lib/picture/colour.hpp"

namespace skein::experiments {
namespace {

/// A colour of its own for every part; grey for what is outside.
std::array<float, 3> part_colour(std::size_t part, bool outside) {
  if (outside) return {0.85f, 0.85f, 0.85f};
  constexpr float golden = 0.61803399f;  // turns of the hue that keep neighbours apart
  const float turns = golden * static_cast<float>(part);
  return hsv_to_rgb(turns - static_cast<float>(static_cast<int>(turns)) - 1.0f, 0.7f, 0.9f);
}

Image map_of_parts(const PictureParts& parts) {
  Picture map(parts.regions.width, parts.regions.height);
  for (std::size_t p = 0; p < map.pixels(); ++p) {
    const std::size_t part = parts.regions.owner[p];
    const auto colour = part_colour(part, parts.parts[part].name == outside_name);
    for (std::size_t c = 0; c < 3; ++c) map.channel(static_cast<int>(c))[p] = colour[c];
  }
  return to_image(map);
}

Drawing parts_sheet(const PartsTarget& target) {
  std::vector<SheetEntry> entries{{to_image(target.pictures.whole), "whole"},
                                  {map_of_parts(target.parts), "regions"},
                                  {to_image(target.pictures.ground), "all parts off"}};
  for (std::size_t p = 0; p < target.pictures.count(); ++p) {
    entries.push_back({to_image(target.pictures.alone[p]), target.parts.parts[p].name + " alone"});
    entries.push_back({to_image(target.pictures.absent[p]), "without " + target.parts.parts[p].name});
  }
  return contact_sheet(entries, {.title = target.title + ": parts", .cell = 160});
}

nlohmann::ordered_json part_json(const Part& part) {
  nlohmann::ordered_json json{{"name", part.name}, {"links", part.links.size()}, {"share", part.share}};
  if (part.mirrored)
    json["halves"] = {{{"name", part.name + " left"}, {"share", part.left}},
                      {{"name", part.name + " right"}, {"share", part.right}}};
  return json;
}

nlohmann::ordered_json list_json(const std::vector<Part>& parts) {
  auto list = nlohmann::ordered_json::array();
  for (const Part& part : parts) list.push_back(part_json(part));
  return list;
}

std::string as_text(const PictureParts& parts) {
  std::string text;
  char line[200];
  for (const Part& part : parts.parts) {
    std::snprintf(line, sizeof line, "  %s %3zu links  %5.1f %% of the picture%s\n",
                  table_cell(part.name, 40).c_str(), part.links.size(), 100 * part.share,
                  part.mirrored ? ", a mirrored pair" : "");
    text += line;
  }
  for (const Part& part : parts.base) {
    std::snprintf(line, sizeof line, "  %s %3zu links  base: reaches %.0f %% of the picture\n",
                  table_cell(part.name, 40).c_str(), part.links.size(), 100 * part.share);
    text += line;
  }
  for (const std::string& warning : parts.warnings) text += "  " + warning + "\n";
  return text;
}

void write_parts(const std::filesystem::path& folder, const PartsTarget& target) {
  make_folder(folder);
  write_figure(folder / "parts.png", parts_sheet(target));
  const auto side = static_cast<std::size_t>(parts_size);
  std::vector<float> whole = target.pictures.whole.rgb, alone, absent;
  for (std::size_t p = 0; p < target.pictures.count(); ++p) {
    alone.insert(alone.end(), target.pictures.alone[p].rgb.begin(), target.pictures.alone[p].rgb.end());
    absent.insert(absent.end(), target.pictures.absent[p].rgb.begin(), target.pictures.absent[p].rgb.end());
  }
  const std::vector<std::int32_t> owner(target.parts.regions.owner.begin(), target.parts.regions.owner.end());
  write_npz(folder / "parts.npz", {{"region", {{side, side}, owner}},
                                   {"whole", {{3, side, side}, whole}},
                                   {"ground", {{3, side, side}, target.pictures.ground.rgb}},
                                   {"alone", {{target.pictures.count(), 3, side, side}, alone}},
                                   {"absent", {{target.pictures.count(), 3, side, side}, absent}}});
}

Outcome run(const PartsArguments& arguments, const std::string& out, const Session& session) {
  const std::filesystem::path folder = out;
  if (std::filesystem::exists(folder / "parts.json") && !session.force())
    throw ConfigError(folder.string() + ": holds parts already; --force overwrites them");
  const PartsTarget target = load_parts(arguments);
  nlohmann::ordered_json json{{"parts", list_json(target.parts.parts)},
                              {"base", list_json(target.parts.base)},
                              {"unseen", list_json(target.parts.unseen)},
                              {"warnings", target.parts.warnings},
                              {"out", out}};
  write_parts(folder, target);
  write_file(folder / "parts.json", json.dump(2) + "\n");
  for (const std::string& warning : target.parts.warnings) session.say(warning);
  return {std::move(json), as_text(target.parts)};
}

}  // namespace

Command parts_command() {
  return {"parts", std::string(group_parts), "the parts of a picture: their regions, each alone, each away",
          "skein parts @face --out face-parts", [](CLI::App& app) -> RunCommand {
            const auto arguments = std::make_shared<PartsArguments>();
            const auto out = std::make_shared<std::string>();
            app.add_option("TARGET,--target", arguments->target,
                           "a genome or @name with labels, or any picture with --regions")
                ->required();
            app.add_option("--out", *out, "folder: parts.png, parts.json, parts.npz")->required();
            add_parts_options(app, *arguments);
            return [arguments, out](const Session& session) { return run(*arguments, *out, session); };
          }};
}

}  // namespace skein::experiments
