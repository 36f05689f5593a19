#include "experiments/campaign/campaign_folder.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <sstream>
#include <thread>

#include "experiments/records/claims.hpp"
#include "experiments/records/digest.hpp"
#include "experiments/records/json_file.hpp"
#include "experiments/records/unflushed_file.hpp"
#include "experiments/runs/run_config.hpp"
#include "experiments/runs/run_folder.hpp"
#include "experiments/runs/version.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"

namespace skein::experiments {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

constexpr const char* campaign_format = "skein-campaign";
constexpr int campaign_version = 1;

/// As MadeKind counts them.
constexpr std::array<const char*, 3> made_names{"row", "parent", "judging"};
const char* made_name(MadeKind kind) { return made_names[static_cast<std::size_t>(kind)]; }

/// What a campaign leaves in its folder.
constexpr std::string_view own_names[] = {"rows",
                                          "parents",
                                          "targets",
                                          "metrics",
                                          "troubles",
                                          "slurm",
                                          "results.csv",
                                          "results.json",
                                          "methods.csv",
                                          "result.json",
                                          "report.html",
                                          "claims",
                                          "DONE",
                                          "campaign.json",
                                          "config.toml",
                                          "cross_participation.json",
                                          "regime.csv",
                                          "shapes.csv",
                                          "connectivity.csv",
                                          "overall.csv",
                                          "regime_all.csv",
                                          "optima.csv",
                                          "regime.json",
                                          "figures",
                                          "circuit_ratios.csv",
                                          "equal_loss.csv",
                                          "equal_loss_controls.csv"};

std::int64_t now_by_the_clock() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// The lines of a file that are whole JSON objects.
std::vector<Json> json_lines(const fs::path& file) {
  std::vector<Json> lines;
  try {
    std::istringstream text(read_file(file));
    for (std::string line; std::getline(text, line);)
      if (Json json = Json::parse(line, nullptr, false); json.is_object()) lines.push_back(std::move(json));
  } catch (const FormatError&) {
  }
  return lines;
}

TargetContents contents_from(const Json& json) {
  TargetContents contents;
  for (const auto& [target, text] : json.items())
    contents[target] = std::strtoull(text.is_string() ? text.get<std::string>().c_str() : "", nullptr, 16);
  return contents;
}

}  // namespace

Json read_campaign_record(const fs::path& run) {
  const fs::path file = run / "campaign.json";
  std::error_code ignored;
  if (!fs::exists(file, ignored))
    throw FormatError(run.string() + ": holds no campaign (there is no campaign.json)");
  Json json = read_json(file);
  if (!json.is_object() || json.value("format", "") != campaign_format)
    throw FormatError(file.string() + ": not the record of a campaign");
  if (json.value("version", 0) != campaign_version)
    throw FormatError(file.string() + ": of version " + std::to_string(json.value("version", 0)) + ", " +
                      std::to_string(campaign_version) + " is read");
  return json;
}

bool CampaignFolder::is_done() const {
  std::error_code ignored;
  return fs::exists(folder_ / "DONE", ignored);
}

void CampaignFolder::reopen() const {
  std::error_code ignored;
  fs::remove(file("DONE"), ignored);
  fs::remove(file("result.json"), ignored);
}

/// Files that no campaign makes, but for those that another process is about to rename.
bool CampaignFolder::holds_something_else() const {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder_, ignored)) {
    const std::string name = entry.path().filename().string();
    if (!is_temporary_name(name) && std::ranges::find(own_names, name) == std::ranges::end(own_names))
      return true;
  }
  return false;
}

void CampaignFolder::refuse_difference(const Json& there, const CampaignRequest& request, bool mixed) const {
  const Json before = there.value("fixed", Json::object());
  for (const auto* one : {&before, &request.fixed})
    for (const auto& [key, value] : one->items()) {
      const Json was = before.contains(key) ? before[key] : Json(nullptr),
                 is = request.fixed.contains(key) ? request.fixed[key] : Json(nullptr);
      if (was != is)
        throw ConfigError(folder_.string() + ": holds a campaign with other settings (" + key + " = " +
                          was.dump() + " there, " + is.dump() +
                          " now); give another folder, or --force to replace it");
    }
  const std::pair<const char*, std::string> parts[] = {
      {"skein", version}, {"build", build_text()}, {"instruction_set", instruction_set_text()}};
  for (const auto& [key, here] : parts)
    if (!mixed && there.value(key, "") != here)
      throw ConfigError(folder_.string() + ": was begun with " + key + " " + there.value(key, "") +
                        ", here it is " + here +
                        "; numbers would differ in their last bits (--mixed allows it)");
}

/// The contents of targets as a record has them, and of targets that are new those of this process. Another picture
/// under a known name is refused: two processes would undo each other's rows. A mixed campaign draws targets by
/// another build or instruction set too, to other last bits: there the record's word holds.
Json CampaignFolder::joined_contents(const Json& there, const TargetContents& contents, bool mixed) const {
  Json joined = there.is_object() ? there : Json::object();
  for (const auto& [target, content] : contents) {
    const std::string here = hex_text(content);
    if (!joined.contains(target)) joined[target] = here;
    if (joined[target] != here && !mixed)
      throw ConfigError(folder_.string() + ": the target '" + target +
                        "' is not what it was when the campaign began, or is another file on this machine; "
                        "give another folder, or --force to begin anew");
  }
  return joined;
}

TargetContents CampaignFolder::join(const CampaignRequest& request, const TargetContents& contents,
                                    std::size_t rows, const Session& session, bool mixed) const {
  make_folder(folder_);
  std::error_code ignored;
  if (session.force() && fs::exists(file("campaign.json"), ignored)) {
    if (const auto claims = claims_in(file("claims")); !claims.empty())
      throw ConfigError(folder_.string() + ": somebody is at work in this campaign (" + claims.front().host +
                        ", process " + std::to_string(claims.front().process) +
                        "); `skein campaign cancel` first");
    // What says that this is a campaign goes last.
    for (const std::string_view name : own_names)
      if (name != "campaign.json") fs::remove_all(folder_ / name, ignored);
    fs::remove(file("campaign.json"), ignored);
  }
  Json record;
  bool known = false;
  if (fs::exists(file("campaign.json"), ignored)) {
    record = read_campaign_record(folder_);
    refuse_difference(record, request, mixed);
    const Json joined = joined_contents(record.value("contents", Json::object()), contents, mixed);
    known = record["axes"] == request.axes && record.value("contents", Json::object()) == joined;
    // A version that noted no rows may have begun it.
    if (known && record.contains("rows") && record["rows"] == rows) return contents_from(joined);
  } else if (holds_something_else()) {
    throw ConfigError(folder_.string() +
                      ": holds files but no campaign of skein; give an empty or a new folder");
  } else {
    record = {{"format", campaign_format},
              {"version", campaign_version},
              {"fixed", request.fixed},
              {"axes", request.axes},
              {"skein", version},
              {"build", build_text()},
              {"instruction_set", instruction_set_text()}};
  }
  record["axes"] = request.axes;
  record["rows"] = rows;
  record.erase("core_hours_estimate");
  record["contents"] = joined_contents(record.value("contents", Json::object()), contents, mixed);
  if (!known) reopen();
  write_file(file("campaign.json"), json_text(record, 1) + "\n");
  if (known) return contents_from(record["contents"]);
  const Json origin{{"command_line", shell_text(session.arguments())},
                    {"skein", version},
                    {"build", build_text()},
                    {"instruction_set", instruction_set_text()}};
  Json settings = request.fixed;
  settings.update(request.axes);
  write_file(file(config_name), config_text("campaign", {}, settings, origin));
  return contents_from(record["contents"]);
}

MetricsWriter::MetricsWriter(const fs::path& run) {
  make_folder(run / "metrics");
  file_ =
      run / "metrics" /
      (host_name() + "-" + std::to_string(::getpid()) + "-" + std::to_string(now_by_the_clock()) + ".jsonl");
}

void MetricsWriter::add(const MadeRecord& record) const {
  const Json line{{made_name(record.kind), record.id}, {"hash", record.hash},       {"shape", record.shape},
                  {"status", record.status},           {"seconds", record.seconds}, {"host", host_name()},
                  {"at", now_by_the_clock()}};
  append_unflushed(file_, json_text(line) + "\n");
}

std::vector<MadeRecord> read_metrics(const fs::path& run) {
  std::vector<fs::path> files;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(run / "metrics", ignored)) files.push_back(entry.path());
  std::ranges::sort(files);
  std::map<std::string, std::size_t> places;
  std::vector<MadeRecord> records;
  for (const fs::path& file : files)
    for (const Json& line : json_lines(file)) try {
        MadeRecord record;
        const auto kind = std::ranges::find_if(made_names, [&](auto name) { return line.contains(name); });
        if (kind == made_names.end()) continue;
        record.kind = static_cast<MadeKind>(kind - made_names.begin());
        record.id = line.value(*kind, "");
        record.hash = line.value("hash", "");
        record.shape = line.value("shape", "");
        record.status = line.value("status", "");
        record.seconds = line.value("seconds", 0.0);
        record.host = line.value("host", "");
        record.at = line.value("at", std::int64_t{0});
        const auto [place, is_new] =
            places.emplace(std::string(made_name(record.kind)) + " " + record.hash, records.size());
        if (is_new || record.kind == MadeKind::judging) records.push_back(std::move(record));
        else records[place->second] = std::move(record);
      } catch (const Json::exception&) {
      }
  return records;
}

std::map<std::string, double> seconds_by_shape(const std::vector<MadeRecord>& records) {
  std::map<std::string, std::pair<double, int>> sums;
  for (const MadeRecord& record : records)
    if (record.seconds > 0) {
      auto& [sum, count] = sums[record.shape];
      sum += record.seconds, ++count;
    }
  std::map<std::string, double> means;
  for (const auto& [shape, sum] : sums) means[shape] = sum.first / sum.second;
  return means;
}

int add_trouble(const fs::path& run, const std::string& id, const std::string& hash,
                const std::string& cause) {
  const fs::path file = run / "troubles" / (hash + ".json");
  std::error_code ignored;
  Json json{{"row", id}, {"hash", hash}, {"causes", Json::array()}};
  if (fs::exists(file, ignored)) try {
      json = read_json(file);
    } catch (const FormatError&) {
    }
  json["causes"].push_back({{"cause", cause}, {"host", host_name()}, {"at", now_by_the_clock()}});
  make_folder(file.parent_path());
  write_file(file, json_text(json, 1) + "\n");
  return static_cast<int>(json["causes"].size());
}

std::vector<TroubleRecord> read_troubles(const fs::path& run) {
  std::vector<TroubleRecord> troubles;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(run / "troubles", ignored)) try {
      if (entry.path().extension() != ".json") continue;
      const Json json = read_json(entry.path());
      TroubleRecord record{json.value("row", ""), json.value("hash", ""), 0, {}};
      for (const Json& cause : json.at("causes"))
        record.causes.push_back(cause.value("cause", "") + " (" + cause.value("host", "") + ")");
      record.times = static_cast<int>(record.causes.size());
      troubles.push_back(std::move(record));
    } catch (const FormatError&) {
    } catch (const Json::exception&) {
    }
  std::ranges::sort(troubles, {}, &TroubleRecord::id);
  return troubles;
}

}  // namespace skein::experiments
