#include "experiments/campaign/campaign_status.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

#include "experiments/campaign/campaign_folder.hpp"
#include "experiments/campaign/slurm.hpp"
#include "experiments/runs/claims.hpp"

namespace skein::experiments {
namespace {

using Json = nlohmann::ordered_json;

std::string hours_text(double hours) {
  char text[48];
  if (hours < 1.0 / 60) std::snprintf(text, sizeof text, "%.0f s", hours * 3600);
  else if (hours < 1) std::snprintf(text, sizeof text, "%.1f min", hours * 60);
  else std::snprintf(text, sizeof text, "%.1f h", hours);
  return text;
}

}  // namespace

Json campaign_status(const std::filesystem::path& run) {
  const Json record = read_campaign_record(run);
  const std::vector<MadeRecord> made = read_metrics(run);
  std::size_t done = 0, failed = 0;
  double seconds = 0;
  for (const MadeRecord& row : made) {
    seconds += row.seconds;
    if (row.is_parent) continue;
    ++done;
    failed += row.status == "failed" || row.status == "diverged";
  }
  const std::size_t rows = record.value("rows", std::size_t{0});
  Json status{{"rows", rows}, {"done", std::min(done, std::max(rows, done))}, {"failed", failed}};
  std::map<std::string, std::string> names;
  const std::vector<Claimant> claims = claims_in(run / "claims");
  std::size_t running = 0;
  Json at_work = Json::array();
  for (const Claimant& claim : claims) {
    if (claim.what == "results") continue;
    ++running;
    at_work.push_back({{"what", claim.what.starts_with("parent-") ? "a dense parent" : "a row"},
                       {"hash", claim.what},
                       {"host", claim.host},
                       {"process", claim.process},
                       {"job", claim.job}});
  }
  status["running"] = running;
  status["waiting"] = rows > done + running ? rows - done - running : 0;
  status["core_hours"] = seconds / 3600;
  const double estimate = record.value("core_hours_estimate", 0.0);
  status["core_hours_estimate"] = estimate;
  const double left =
      done > 0 ? seconds / static_cast<double>(done) * static_cast<double>(rows - std::min(rows, done)) / 3600
               : estimate;
  status["hours_left"] = running > 0    ? Json(left / static_cast<double>(running))
                         : done >= rows ? Json(0.0)
                                        : Json(nullptr);
  status["at_work"] = at_work;
  status["troubles"] = Json::array();
  for (const TroubleRecord& trouble : read_troubles(run))
    status["troubles"].push_back(
        {{"row", trouble.id}, {"times", trouble.times}, {"cause", trouble.causes.back()}});
  if (const Json jobs = slurm_jobs(run); !jobs.empty()) status["slurm"] = jobs;
  std::error_code ignored;
  status["complete"] = std::filesystem::exists(run / "DONE", ignored);
  status["out"] = run.string();
  return status;
}

std::string status_text(const Json& status) {
  std::string text = std::to_string(status["done"].get<std::size_t>()) + " of " +
                     std::to_string(status["rows"].get<std::size_t>()) + " rows done";
  if (status["failed"] > 0)
    text += " (" + std::to_string(status["failed"].get<std::size_t>()) + " of them without a network)";
  text += ", " + std::to_string(status["running"].get<std::size_t>()) + " running, " +
          std::to_string(status["waiting"].get<std::size_t>()) + " waiting\n";
  text += "core-hours: " + hours_text(status["core_hours"].get<double>()) + " spent, " +
          hours_text(status["core_hours_estimate"].get<double>()) + " estimated for all";
  if (status["hours_left"].is_number() && status["hours_left"] > 0)
    text += "; at this pace " + hours_text(status["hours_left"].get<double>()) + " left";
  text += "\n";
  for (const Json& one : status["at_work"])
    text += "  " + one["what"].get<std::string>() + " on " + one["host"].get<std::string>() + ", process " +
            std::to_string(one["process"].get<std::int64_t>()) +
            (one["job"] == "" ? "" : ", job " + one["job"].get<std::string>()) + "\n";
  for (const Json& trouble : status["troubles"])
    text += "  trouble, " + std::to_string(trouble["times"].get<int>()) +
            " times: " + trouble["row"].get<std::string>() + ": " + trouble["cause"].get<std::string>() +
            "\n";
  if (status.contains("slurm"))
    for (const Json& job : status["slurm"])
      text += "  slurm job " + job["job"].get<std::string>() + ": " + job["state"].get<std::string>() + "\n";
  return text + (status["complete"] == true
                     ? "complete: " + status["out"].get<std::string>() + "/report.html\n"
                     : "");
}

}  // namespace skein::experiments
