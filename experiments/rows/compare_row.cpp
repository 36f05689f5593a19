#include "experiments/rows/compare_row.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "experiments/records/json_file.hpp"
#include "experiments/rows/json_reader.hpp"
#include "experiments/rows/row_methods.hpp"

namespace skein::experiments {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 6> family_names{"evolved", "dense",   "retrained",
                                                       "pruned",  "control", "recursive"};
constexpr std::array<std::string_view, 7> status_names{"done",   "retried", "blank",  "diverged",
                                                       "failed", "waiting", "running"};

}  // namespace

bool is_finished(RowStatus status) { return status < RowStatus::waiting; }
bool has_network(RowStatus status) { return status < RowStatus::diverged; }

std::string_view name(RowFamily family) { return family_names.at(static_cast<std::size_t>(family)); }
std::string_view name(RowStatus status) { return status_names.at(static_cast<std::size_t>(status)); }

std::size_t loss_window(std::int64_t steps) {
  constexpr std::int64_t part = 40, most = 500;
  return static_cast<std::size_t>(std::clamp<std::int64_t>(steps / part, 1, most));
}

std::string CompareRow::label() const { return label_of(key); }
RowFamily CompareRow::family() const { return family_of(key); }

const RowMeasure* CompareRow::measure(const std::string& measure_name) const {
  const auto found = std::ranges::find(measures, measure_name, &RowMeasure::name);
  return found == measures.end() ? nullptr : &*found;
}

double value_of(const CompareRow& row, const std::string& column) {
  const bool made = has_network(row.status);
  if (column == "loss") return row.loss;
  if (column == "best_loss") return row.best_loss;
  if (column == "psnr") return row.psnr;
  if (column == "steps") return static_cast<double>(row.steps);
  if (column == "nonzero") return made ? static_cast<double>(row.nonzero) : std::nan("");
  if (column == "weights") return made ? static_cast<double>(row.weights) : std::nan("");
  const auto* measure = row.measure(column);
  return measure ? measure->value : std::nan("");
}

Json to_json(const CompareRow& row) {
  Json json{{"id", row.id()},
            {"name", row.name()},
            {"method", row.key.method},
            {"label", row.label()},
            {"family", name(row.family())},
            {"seed", row.key.seed ? Json(*row.key.seed) : Json(nullptr)},
            {"status", name(row.status)},
            {"note", row.note},
            {"parent", row.parent},
            {"arch", row.arch},
            {"asked", row.key.count},
            {"weights", row.weights},
            {"nonzero", row.nonzero},
            {"loss", finite_or_null(row.loss)},
            {"best_loss", finite_or_null(row.best_loss)},
            {"psnr", finite_or_null(row.psnr)},
            {"steps", row.steps},
            {"optimizer", row.optimizer},
            {"learning_rate", finite_or_null(row.learning_rate)}};
  Json measures = Json::object();
  for (const RowMeasure& m : row.measures) {
    measures[m.name] = {{"value", finite_or_null(m.value)},
                        {"low", finite_or_null(m.low)},
                        {"high", finite_or_null(m.high)},
                        {"unit", m.unit}};
    if (!m.reason.empty()) measures[m.name]["reason"] = m.reason;
    if (!json.contains(m.name)) json[m.name] = finite_or_null(m.value);
  }
  json["measures"] = measures;
  json["network"] = row.network;
  json["picture"] = row.picture;
  json["loss_curve"] = row.loss_curve;
  json["key"] = to_json(row.key);
  json["network_digest"] = row.network_digest;
  json["rounds"] = Json::array();
  for (const RoundRecord& round : row.rounds) json["rounds"].push_back(to_json(round));
  return json;
}

CompareRow row_from_json(const Json& json, const std::string& file) {
  const JsonReader read{json, file};
  CompareRow row;
  row.key = row_key_from_json(read.at("key"), file);
  row.status = read.choice<RowStatus>("status", status_names);
  row.note = read.text("note");
  row.parent = read.text("parent");
  row.arch = read.text("arch");
  row.weights = read.whole("weights");
  row.nonzero = read.whole("nonzero");
  row.loss = read.real("loss");
  row.best_loss = read.real("best_loss");
  row.psnr = read.real("psnr");
  row.steps = read.whole("steps");
  row.optimizer = read.text("optimizer");
  row.learning_rate = read.real("learning_rate");
  const Json& measures = read.at("measures");
  if (!measures.is_object()) read.refuse("measures", "an object");
  for (const auto& [key, value] : measures.items()) {
    const JsonReader measure{value, file};
    row.measures.push_back({key, measure.real("value"), measure.real("low"), measure.real("high"),
                            measure.text("unit"), value.contains("reason") ? measure.text("reason") : ""});
  }
  row.network = read.text("network");
  row.picture = read.text("picture");
  row.loss_curve = read.text("loss_curve");
  row.network_digest = read.text("network_digest");
  if (!read.at("rounds").is_array()) read.refuse("rounds", "a list");
  for (const Json& round : read.at("rounds")) row.rounds.push_back(round_from_json(round, file));
  return row;
}

}  // namespace skein::experiments
