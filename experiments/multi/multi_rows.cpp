#include "experiments/multi/multi_rows.hpp"

namespace skein::experiments {

using Json = nlohmann::ordered_json;

Json to_json(const MultiRow& row) {
  Json json{{"row", row.key.id()},
            {"kind", name(row.key.kind)},
            {"offset", row.key.offset},
            {"seed", row.key.seed},
            {"depth", row.depth}};
  if (!row.failed.empty()) {
    json["failed"] = row.failed;
    return json;
  }
  json["width"] = row.width;
  json["numbers"] = row.numbers;
  json["weights_each"] = row.weights_each;
  json["losses"] = row.losses;
  if (row.sharing)
    json["sharing"] = {{"units", row.sharing->units},
                       {"needed", row.sharing->needed},
                       {"shared", row.sharing->shared},
                       {"by_chance", row.sharing->by_chance},
                       {"pictures_a_unit", row.sharing->pictures_a_unit}};
  if (row.d_abl) json["d_abl"] = *row.d_abl;
  return json;
}

std::optional<MultiRow> multi_row_of(const Json& json, const MultiKey& key, std::size_t pictures) try {
  MultiRow row;
  row.key = key;
  row.depth = json.at("depth").get<int>();
  if (json.contains("failed")) {
    row.failed = json.at("failed").get<std::string>();
    return row;
  }
  row.width = json.at("width").get<int>();
  row.numbers = json.at("numbers").get<std::int64_t>();
  row.weights_each = json.at("weights_each").get<std::int64_t>();
  row.losses = json.at("losses").get<std::vector<double>>();
  if (row.losses.size() != pictures) return std::nullopt;
  if (json.contains("sharing")) {
    const Json& sharing = json.at("sharing");
    row.sharing = Sharing{sharing.at("units").get<std::size_t>(), sharing.at("needed").get<std::size_t>(),
                          sharing.at("shared").get<double>(), sharing.at("by_chance").get<double>(),
                          sharing.at("pictures_a_unit").get<double>()};
  }
  if (json.contains("d_abl")) row.d_abl = json.at("d_abl").get<double>();
  return row;
} catch (const Json::exception&) {
  return std::nullopt;
}

}  // namespace skein::experiments
