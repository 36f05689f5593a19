#include "experiments/compare/compare_rows.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>
#include <sstream>

#include "experiments/compare/method_summary.hpp"
#include "experiments/compare/paired_tests.hpp"
#include "experiments/runs/json_file.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"

namespace skein::experiments {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* format_name = "skein-compare";
constexpr int format_version = 1;

constexpr std::array<std::string_view, 5> family_names{"evolved", "dense", "retrained", "pruned", "control"};
constexpr std::array<std::string_view, 5> status_names{"done", "retried", "blank", "diverged", "failed"};

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

/// Reads members with the type asked for, or refuses with the file and the member's name.
struct Reader {
  const Json& json;
  const std::string& file;

  const Json& at(const char* key) const {
    if (!json.is_object() || !json.contains(key)) throw FormatError(file + ": '" + key + "' is missing");
    return json.at(key);
  }
  [[noreturn]] void refuse(const char* key, const char* wanted) const {
    throw FormatError(file + ": '" + key + "' must be " + wanted);
  }
  std::string text(const char* key) const {
    if (!at(key).is_string()) refuse(key, "text");
    return at(key).get<std::string>();
  }
  double real(const char* key) const {
    if (at(key).is_null()) return std::numeric_limits<double>::quiet_NaN();
    if (!at(key).is_number()) refuse(key, "a number");
    return at(key).get<double>();
  }
  std::int64_t whole(const char* key) const {
    if (!at(key).is_number_integer()) refuse(key, "a whole number");
    return at(key).get<std::int64_t>();
  }
  template <class Enum, std::size_t N>
  Enum choice(const char* key, const std::array<std::string_view, N>& names) const {
    const auto found = std::ranges::find(names, text(key));
    if (found == names.end()) refuse(key, "one of the known words");
    return static_cast<Enum>(found - names.begin());
  }
};

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string csv_value(const Json& value) {
  if (value.is_null()) return "";
  return csv_field(value.is_string() ? value.get<std::string>() : value.dump());
}

}  // namespace

bool has_network(RowStatus status) { return status < RowStatus::diverged; }

std::string_view name(RowFamily family) { return family_names.at(static_cast<std::size_t>(family)); }
std::string_view name(RowStatus status) { return status_names.at(static_cast<std::size_t>(status)); }

std::size_t loss_window(std::int64_t steps) {
  constexpr std::int64_t part = 40, most = 500;
  return static_cast<std::size_t>(std::clamp<std::int64_t>(steps / part, 1, most));
}

const RowMeasure* CompareRow::measure(const std::string& measure_name) const {
  const auto found = std::ranges::find(measures, measure_name, &RowMeasure::name);
  return found == measures.end() ? nullptr : &*found;
}

Json to_json(const CompareRow& row) {
  Json json{{"id", row.id},
            {"name", row.name},
            {"method", row.method},
            {"label", row.label},
            {"family", name(row.family)},
            {"seed", row.seed ? Json(*row.seed) : Json(nullptr)},
            {"status", name(row.status)},
            {"note", row.note},
            {"parent", row.parent},
            {"arch", row.arch},
            {"asked", row.asked},
            {"weights", row.weights},
            {"nonzero", row.nonzero},
            {"loss", number(row.loss)},
            {"best_loss", number(row.best_loss)},
            {"psnr", number(row.psnr)},
            {"steps", row.steps},
            {"optimizer", row.optimizer},
            {"learning_rate", number(row.learning_rate)}};
  Json measures = Json::object();
  for (const RowMeasure& m : row.measures) {
    measures[m.name] = {
        {"value", number(m.value)}, {"low", number(m.low)}, {"high", number(m.high)}, {"unit", m.unit}};
    if (!json.contains(m.name)) json[m.name] = number(m.value);
  }
  json["measures"] = measures;
  json["network"] = row.network;
  json["picture"] = row.picture;
  json["loss_curve"] = row.loss_curve;
  return json;
}

CompareRow row_from_json(const Json& json, const std::string& file) {
  const Reader read{json, file};
  CompareRow row;
  row.id = read.text("id");
  row.name = read.text("name");
  row.method = read.text("method");
  row.label = read.text("label");
  row.family = read.choice<RowFamily>("family", family_names);
  if (!read.at("seed").is_null()) row.seed = static_cast<std::uint64_t>(read.whole("seed"));
  row.status = read.choice<RowStatus>("status", status_names);
  row.note = read.text("note");
  row.parent = read.text("parent");
  row.arch = read.text("arch");
  row.asked = read.whole("asked");
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
    const Reader measure{value, file};
    row.measures.push_back(
        {key, measure.real("value"), measure.real("low"), measure.real("high"), measure.text("unit")});
  }
  row.network = read.text("network");
  row.picture = read.text("picture");
  row.loss_curve = read.text("loss_curve");
  return row;
}

Json to_json(const CompareResults& results) {
  Json json{{"format", format_name},    {"version", format_version},  {"title", results.title},
            {"budget", results.budget}, {"command", results.command}, {"width", results.width},
            {"height", results.height}, {"finding", results.finding}};
  json["rows"] = Json::array();
  for (const CompareRow& row : results.rows) json["rows"].push_back(to_json(row));
  json["tests"] = Json::array();
  for (const PairedTest& test : paired_tests(results.rows)) json["tests"].push_back(to_json(test));
  return json;
}

CompareResults results_from_json(const Json& json, const std::string& file) {
  const Reader read{json, file};
  if (read.text("format") != format_name) throw FormatError(file + ": not the results of a comparison");
  if (read.whole("version") != format_version)
    throw FormatError(file + ": results of version " + std::to_string(read.whole("version")) + ", " +
                      std::to_string(format_version) + " is read");
  CompareResults results;
  results.title = read.text("title");
  results.budget = read.text("budget");
  results.command = read.text("command");
  results.width = static_cast<int>(read.whole("width"));
  results.height = static_cast<int>(read.whole("height"));
  results.finding = read.text("finding");
  if (!read.at("rows").is_array()) read.refuse("rows", "a list");
  for (const Json& row : read.at("rows")) results.rows.push_back(row_from_json(row, file));
  return results;
}

std::string to_csv(const CompareResults& results) {
  std::vector<std::string> columns;
  std::vector<Json> lines;
  for (const CompareRow& row : results.rows) {
    Json line = to_json(row);
    line.erase("measures");
    for (const auto& [key, value] : line.items())
      if (std::ranges::find(columns, key) == columns.end()) columns.push_back(key);
    lines.push_back(std::move(line));
  }
  std::string csv;
  for (const std::string& column : columns) csv += (csv.empty() ? "" : ",") + csv_field(column);
  csv += "\n";
  for (const Json& line : lines) {
    for (std::size_t c = 0; c < columns.size(); ++c)
      csv += (c ? "," : "") + (line.contains(columns[c]) ? csv_value(line[columns[c]]) : "");
    csv += "\n";
  }
  return csv;
}

CompareResults read_results(const std::filesystem::path& run) {
  const auto file = run / "results.json";
  return results_from_json(read_json(file), file.string());
}

void write_results(const std::filesystem::path& run, const CompareResults& results) {
  write_file(run / "results.csv", to_csv(results));
  write_file(run / "methods.csv", method_csv(results));
  write_file(run / "results.json", to_json(results).dump(1) + "\n");
}

std::vector<std::pair<std::int64_t, double>> read_loss_curve(const std::filesystem::path& file) {
  std::istringstream lines(read_file(file));
  std::string line;
  if (!std::getline(lines, line) || line != "step,loss")
    throw FormatError(file.string() + ": not a table of losses");
  std::vector<std::pair<std::int64_t, double>> curve;
  while (std::getline(lines, line)) {
    std::pair<std::int64_t, double> point;
    const char* end = line.data() + line.size();
    const auto step = std::from_chars(line.data(), end, point.first);
    if (step.ec != std::errc{} || step.ptr == end || *step.ptr != ',' ||
        std::from_chars(step.ptr + 1, end, point.second).ec != std::errc{})
      throw FormatError(file.string() + ": '" + line + "' is not a step and a loss");
    curve.push_back(point);
  }
  return curve;
}

}  // namespace skein::experiments
