#include "experiments/compare/results.hpp"

#include <algorithm>
#include <span>
#include <sstream>

#include "experiments/compare/method_summary.hpp"
#include "experiments/records/json_file.hpp"
#include "experiments/rows/json_reader.hpp"
#include "experiments/statistics/table.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"

namespace skein::experiments {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* results_format = "skein-compare";
constexpr int results_version = 2;

/// What stands in results.json of a row but not in results.csv.
constexpr const char* not_in_csv[] = {"measures", "key", "network_digest", "rounds"};

Json csv_fields(const CompareRow& row, bool by_target) {
  Json json = to_json(row);
  for (const char* key : not_in_csv) json.erase(key);
  if (!by_target) return json;
  Json with_target{{"target", row.key.target}};
  with_target.update(json);
  return with_target;
}

/// The columns of results.csv: those of any row, in the order of first appearance.
class CsvColumns {
 public:
  void see(const CompareRow& row, bool by_target) {
    const Json fields = csv_fields(row, by_target);
    if (fields.size() == names_.size()) {
      std::size_t i = 0;
      bool same = true;
      for (const auto& [key, value] : fields.items()) same &= key == names_[i++];
      if (same) return;
    }
    for (const auto& [key, value] : fields.items())
      if (std::ranges::find(names_, key) == names_.end()) names_.push_back(key);
  }
  std::string head() const { return csv_line(names_); }
  std::string line(const CompareRow& row, bool by_target) const {
    const Json fields = csv_fields(row, by_target);
    std::vector<std::string> texts;
    for (const std::string& name : names_) {
      const auto found = fields.find(name);
      if (found == fields.end() || found->is_null()) texts.emplace_back();
      else texts.push_back(found->is_string() ? found->get<std::string>() : found->dump());
    }
    return csv_line(texts);
  }

 private:
  std::vector<std::string> names_;
};

Json head_json(const RunAbout& about, const Analysis& analysis) {
  Json json{{"format", results_format}, {"version", results_version},   {"title", about.title},
            {"budget", about.budget},   {"command", about.command},     {"width", about.width},
            {"height", about.height},   {"finding", analysis.finding()}};
  if (about.by_target) json["by_target"] = true;
  return json;
}

Json tests_json(const Analysis& analysis) {
  Json tests = Json::array();
  for (const PairedTest& test : analysis.tests) tests.push_back(to_json(test));
  return tests;
}

/// The text of a value inside an object of one level.
std::string indented(const Json& json, int levels) {
  std::istringstream lines(json_text(json, 1));
  std::string text, line;
  const std::string margin(static_cast<std::size_t>(levels), ' ');
  while (std::getline(lines, line)) text += (text.empty() ? "" : "\n") + margin + line;
  return text;
}

/// The same bytes as `json_text(to_json(results, analysis), 1)`, one row at a time.
void stream_json(FileWriter& file, const RunAbout& about, const Analysis& analysis, const RowSource& rows) {
  std::string head = json_text(head_json(about, analysis), 1);
  head.resize(head.size() - 2);  // the end of the line and the bracket
  file.write(head + ",\n \"rows\": [");
  bool first = true;
  rows([&](const CompareRow& row) {
    file.write((first ? "\n" : ",\n") + indented(to_json(row), 2));
    first = false;
  });
  const std::string tests = indented(tests_json(analysis), 1).substr(1);
  file.write((first ? "]" : "\n ]") + std::string(",\n \"tests\": ") + tests + "\n}\n");
}

}  // namespace

Json to_json(const CompareResults& results, const Analysis& analysis) {
  Json json = head_json(results.about, analysis);
  json["rows"] = Json::array();
  for (const CompareRow& row : results.rows) json["rows"].push_back(to_json(row));
  json["tests"] = tests_json(analysis);
  return json;
}

CompareResults results_from_json(const Json& json, const std::string& file) {
  const JsonReader read{json, file};
  if (read.text("format") != results_format) throw FormatError(file + ": not the results of a comparison");
  if (read.whole("version") != results_version)
    throw FormatError(file + ": results of version " + std::to_string(read.whole("version")) + ", " +
                      std::to_string(results_version) + " is read; make the run again");
  CompareResults results;
  results.about.title = read.text("title");
  results.about.budget = read.text("budget");
  results.about.command = read.text("command");
  results.about.width = static_cast<int>(read.whole("width"));
  results.about.height = static_cast<int>(read.whole("height"));
  results.about.by_target = json.contains("by_target");
  if (!read.at("rows").is_array()) read.refuse("rows", "a list");
  for (const Json& row : read.at("rows")) results.rows.push_back(row_from_json(row, file));
  return results;
}

std::string to_csv(const CompareResults& results) {
  CsvColumns columns;
  for (const CompareRow& row : results.rows) columns.see(row, results.about.by_target);
  std::string csv = columns.head();
  for (const CompareRow& row : results.rows) csv += columns.line(row, results.about.by_target);
  return csv;
}

CompareResults read_results(const std::filesystem::path& run) {
  const auto file = run / "results.json";
  return results_from_json(read_json(file), file.string());
}

Analysis write_results(const std::filesystem::path& run, const RunAbout& about, const RowSource& rows) {
  CsvColumns columns;
  Analyst analyst;
  rows([&](const CompareRow& row) {
    columns.see(row, about.by_target);
    analyst.add(row);
  });
  Analysis analysis = std::move(analyst).finish();
  FileWriter csv(run / "results.csv");
  csv.write(columns.head());
  rows([&](const CompareRow& row) { csv.write(columns.line(row, about.by_target)); });
  csv.commit();
  write_file(run / "methods.csv", method_csv(analysis));
  FileWriter json(run / "results.json");
  stream_json(json, about, analysis, rows);
  json.commit();
  return analysis;
}

Analysis write_results(const std::filesystem::path& run, const CompareResults& results) {
  return write_results(run, results.about, [&](const std::function<void(const CompareRow&)>& each) {
    for (const CompareRow& row : results.rows) each(row);
  });
}

}  // namespace skein::experiments
