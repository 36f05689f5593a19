#include "experiments/campaign/campaign_status.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>
#include <utility>

#include "experiments/campaign/campaign_folder.hpp"
#include "experiments/campaign/slurm.hpp"
#include "experiments/campaign/slurm_queue.hpp"
#include "experiments/records/claims.hpp"

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
    if (row.kind != MadeKind::row) continue;
    ++done;
    failed += row.status == "failed" || row.status == "diverged";
  }
  const bool planned = record.contains("rows");
  const std::size_t rows = record.value("rows", done);
  done = std::min(done, rows);
  Json status{{"rows", planned ? Json(rows) : Json(nullptr)}, {"done", done}, {"failed", failed}};
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
  status["waiting"] = !planned                ? Json(nullptr)
                      : rows > done + running ? Json(rows - done - running)
                                              : Json(0);
  status["core_hours"] = seconds / 3600;
  status["core_hours_estimate"] = record.value("core_hours_estimate", Json(nullptr));
  const Json left = done > 0
                        ? Json(seconds / static_cast<double>(done) * static_cast<double>(rows - done) / 3600)
                        : status["core_hours_estimate"];
  if (!planned) status["hours_left"] = nullptr;
  else if (done >= rows) status["hours_left"] = 0.0;
  else if (running > 0 && left.is_number())
    status["hours_left"] = left.get<double>() / static_cast<double>(running);
  else status["hours_left"] = nullptr;
  status["at_work"] = at_work;
  status["troubles"] = Json::array();
  for (const TroubleRecord& trouble : read_troubles(run))
    status["troubles"].push_back(
        {{"row", trouble.id}, {"times", trouble.times}, {"cause", trouble.causes.back()}});
  if (const Json jobs = slurm_jobs(run); !jobs.empty()) status["slurm"] = jobs;
  if (const auto events = slurm_events(run); !events.empty()) status["slurm_events"] = events;
  std::error_code ignored;
  status["complete"] = std::filesystem::exists(run / "DONE", ignored);
  status["out"] = run.string();
  return status;
}

std::string status_text(const Json& status) {
  std::string text = std::to_string(status["done"].get<std::size_t>());
  if (status["rows"].is_number()) text += " of " + std::to_string(status["rows"].get<std::size_t>());
  text += " rows done";
  if (status["failed"] > 0)
    text += " (" + std::to_string(status["failed"].get<std::size_t>()) + " of them without a network)";
  text += ", " + std::to_string(status["running"].get<std::size_t>()) + " running";
  if (status["waiting"].is_number())
    text += ", " + std::to_string(status["waiting"].get<std::size_t>()) + " waiting";
  text += "\n";
  text += "core-hours: " + hours_text(status["core_hours"].get<double>()) + " spent";
  if (status["core_hours_estimate"].is_number())
    text += ", " + hours_text(status["core_hours_estimate"].get<double>()) + " estimated for all";
  if (status["hours_left"].is_number() && status["hours_left"] > 0)
    text += "; at this pace " + hours_text(status["hours_left"].get<double>()) + " left";
  text += "\n";
  constexpr std::size_t most_lines = 20;
  const std::size_t shown = std::min(most_lines, status["at_work"].size());
  for (std::size_t i = 0; i < shown; ++i) {
    const Json& one = status["at_work"][i];
    text += "  " + one["what"].get<std::string>() + " on " + one["host"].get<std::string>() + ", process " +
            std::to_string(one["process"].get<std::int64_t>()) +
            (one["job"] == "" ? "" : ", job " + one["job"].get<std::string>()) + "\n";
  }
  if (shown < status["at_work"].size())
    text += "  and " + std::to_string(status["at_work"].size() - shown) + " more at work\n";
  for (const Json& trouble : status["troubles"])
    text += "  trouble, " + std::to_string(trouble["times"].get<int>()) +
            " times: " + trouble["row"].get<std::string>() + ": " + trouble["cause"].get<std::string>() +
            "\n";
  if (status.contains("slurm")) {
    std::map<std::string, std::size_t> states;
    for (const Json& job : status["slurm"]) ++states[job["state"].get<std::string>()];
    text += "  jobs in Slurm's queue: ";
    for (bool first = true; const auto& [state, jobs] : states)
      text += (std::exchange(first, false) ? "" : ", ") + std::to_string(jobs) + " " + state;
    text += "\n";
  }
  if (status.contains("slurm_events")) {
    text += "  what became of jobs: ";
    for (bool first = true; const auto& [event, times] : status["slurm_events"].items())
      text += (std::exchange(first, false) ? "" : ", ") + event + " " + std::to_string(times.get<int>());
    text += "\n";
  }
  return text + (status["complete"] == true
                     ? "complete: " + status["out"].get<std::string>() + "/report.html\n"
                     : "");
}

}  // namespace skein::experiments
