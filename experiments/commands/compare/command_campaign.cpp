#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <sstream>
#include <thread>

#include "experiments/campaign/campaign.hpp"
#include "experiments/campaign/campaign_rows.hpp"
#include "experiments/campaign/campaign_status.hpp"
#include "experiments/campaign/slurm.hpp"
#include "experiments/cli/command_table.hpp"
#include "experiments/runs/run_folder.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"

namespace skein::experiments {
namespace {

using Json = nlohmann::ordered_json;

struct CampaignArguments {
  std::vector<std::string> what;  // FILE, or status RUN, or cancel RUN
  std::string out, on = "local", shard, rows;
  bool dry_run = false, watch = false, mixed = false;
  double stale = 60;
  SlurmOptions slurm;
};

CampaignWork work_of(const CampaignArguments& options) {
  CampaignWork work;
  work.stale = options.stale;
  if (!(options.stale >= 0.5 && options.stale <= 86400))
    throw ConfigError("--stale " + std::to_string(options.stale) + ": must be between 0.5 and 86400 seconds");
  if (!options.shard.empty()) {
    long long shard = 0, shards = 0;
    char rest = 0;
    if (std::sscanf(options.shard.c_str(), "%lld/%lld%c", &shard, &shards, &rest) != 2 || shards < 1 ||
        shard < 1 || shard > shards)
      throw ConfigError("--shard " + options.shard + ": write I/N, with I from 1 to N");
    work.shard = shard, work.shards = shards;
  }
  if (!options.rows.empty()) {
    std::istringstream lines(read_file(options.rows));
    for (std::string line; std::getline(lines, line);)
      if (!line.empty()) work.hashes.push_back(line);
    if (work.hashes.empty()) throw FormatError(options.rows + ": names no row");
  }
  return work;
}

std::string amount_text(double bytes) {
  char text[48];
  std::snprintf(text, sizeof text, bytes < 1e9 ? "%.1f MB" : "%.2f GB",
                bytes < 1e9 ? bytes / 1e6 : bytes / 1e9);
  return text;
}

/// Rows, what is done of them, and what the rest will cost.
Json plan_json(const Campaign& campaign, const CostEstimate& estimate,
               const std::vector<std::uint8_t>& finished) {
  const auto done = static_cast<std::size_t>(std::ranges::count(finished, 1));
  double all = 0;
  for (const double seconds : estimate.row_seconds) all += seconds;
  for (const double seconds : estimate.parent_seconds) all += seconds;
  return {{"rows", finished.size()},
          {"done", done},
          {"failed", 0},
          {"running", 0},
          {"waiting", finished.size() - done},
          {"parents", campaign.plan().parents.size()},
          {"targets", campaign.targets().size()},
          {"shapes", estimate.shapes},
          {"shapes_measured", estimate.measured},
          {"core_hours_estimate", all / 3600},
          {"core_hours_left", estimate.seconds / 3600},
          {"bytes_estimate", estimate.bytes}};
}

std::string plan_text(const Json& plan) {
  char line[256];
  std::snprintf(
      line, sizeof line,
      "%zu networks of %zu targets, %zu of them done; %.3g core-hours in all, %.3g left; about %s on disk\n",
      plan["rows"].get<std::size_t>(), plan["targets"].get<std::size_t>(), plan["done"].get<std::size_t>(),
      plan["core_hours_estimate"].get<double>(), plan["core_hours_left"].get<double>(),
      amount_text(plan["bytes_estimate"].get<double>()).c_str());
  return line;
}

/// Writes what is expected into the campaign's record, once for each set of axes.
void note_estimate(const CampaignFolder& folder, const Json& plan) {
  Json record = read_campaign_record(folder.path());
  if (record.contains("core_hours_estimate")) return;
  record["core_hours_estimate"] = plan["core_hours_estimate"];
  write_file(folder.file("campaign.json"), record.dump(1) + "\n");
}

Outcome submit(const CampaignArguments& options, const Session& session, const Campaign& campaign,
               const CampaignFolder& folder, const CostEstimate& estimate,
               const std::vector<std::uint8_t>& finished, Json plan) {
  SlurmOptions slurm = options.slurm;
  std::error_code ignored;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored);
  slurm.command = {program.string(),
                   "campaign",
                   std::filesystem::absolute(options.what[0]).string(),
                   "--out",
                   std::filesystem::absolute(options.out).string(),
                   "--seed",
                   std::to_string(session.seed())};
  if (options.mixed) slurm.command.emplace_back("--mixed");
  slurm.command.emplace_back("--stale");
  slurm.command.push_back(std::to_string(options.stale));
  const Submission submission = submit_to_slurm(campaign, folder, estimate, finished, slurm);
  plan["submitted"] = submission.rows;
  plan["jobs"] = submission.jobs;
  plan["chunks"] = submission.chunks;
  plan["out"] = options.out;
  std::string text = plan_text(plan) + "submitted " + std::to_string(submission.rows) + " rows in " +
                     std::to_string(submission.chunks) + " chunks";
  for (const std::string& job : submission.jobs) text += ", job " + job;
  return {plan, text + "\nlook: skein campaign status " + options.out + "\n"};
}

Outcome start(const CampaignArguments& options, const Session& session) {
  if (options.out.empty() && !options.dry_run) throw ConfigError("campaign needs --out RUN");
  const CampaignWork work = work_of(options);
  const std::string run = options.out.empty() ? "." : options.out;
  Campaign campaign(read_campaign(options.what[0], session.seed()), options.out.empty() ? "" : options.out);
  const CampaignFolder folder(run);
  if (options.dry_run) {
    const Json plan = plan_json(campaign, campaign.estimate(session.listener()), campaign.finished());
    return {plan, plan_text(plan)};
  }
  campaign.use_contents(folder.join(campaign.request(), campaign.context().contents,
                                    campaign.plan().rows.size(), session, options.mixed));
  // A job of Slurm looks at its own rows only.
  const bool all_rows_are_ours = options.rows.empty();
  const std::vector<std::uint8_t> finished =
      all_rows_are_ours ? campaign.finished() : std::vector<std::uint8_t>{};
  if (folder.is_done() && std::ranges::count(finished, 0) == 0) {
    session.say(run + ": already done, see " + run + "/report.html");
    const Json status = campaign_status(run);
    return {status, status_text(status)};
  }
  if (all_rows_are_ours && folder.is_done()) folder.reopen();  // rows lack a measure, or are gone
  const bool estimated = read_campaign_record(run).contains("core_hours_estimate");
  if (all_rows_are_ours && (!estimated || options.on == "slurm")) {
    const CostEstimate estimate = campaign.estimate(session.listener(), 3);
    const Json plan = plan_json(campaign, estimate, finished);
    note_estimate(folder, plan);
    session.say(plan_text(plan).substr(0, plan_text(plan).size() - 1));
    if (options.on == "slurm") return submit(options, session, campaign, folder, estimate, finished, plan);
  }
  const RunAbout about{std::filesystem::path(options.what[0]).stem().string(),
                       campaign.request().settings.budget,
                       shell_text(session.arguments()),
                       0,
                       0,
                       true};
  const CampaignOutcome outcome = make_campaign_rows(campaign, folder, work, about, session);
  Json status = campaign_status(run);
  status["made"] = outcome.made;
  return {status, status_text(status)};
}

Outcome status(const CampaignArguments& options, const Session& session) {
  Json status = campaign_status(options.what[1]);
  while (options.watch && status["complete"] != true) {
    session.say(status_text(status));
    for (int tenths = 0; tenths < 50; ++tenths) {
      if (!session.listener()({"watching", 0, 0, {}})) throw Interrupted("stopped watching");
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    status = campaign_status(options.what[1]);
  }
  return {status, status_text(status)};
}

Outcome cancel(const CampaignArguments& options) {
  const std::string& run = options.what[1];
  read_campaign_record(run);
  const std::size_t jobs = cancel_slurm_jobs(run);
  const auto claims = claims_in(std::filesystem::path(run) / "claims");
  Json json{{"jobs_cancelled", jobs}, {"still_at_work", Json::array()}, {"out", run}};
  std::string text = std::to_string(jobs) + " Slurm jobs cancelled\n";
  for (const Claimant& claim : claims) {
    if (!claim.job.empty()) continue;
    json["still_at_work"].push_back({{"host", claim.host}, {"process", claim.process}});
    text += "at work outside Slurm: process " + std::to_string(claim.process) + " on " + claim.host +
            " (end it there)\n";
  }
  return {json, text};
}

Outcome campaign(const CampaignArguments& options, const Session& session) {
  const std::string& first = options.what.front();
  if (first == "status" || first == "cancel") {
    if (options.what.size() != 2) throw ConfigError("campaign " + first + " takes the folder of one run");
    return first == "status" ? status(options, session) : cancel(options);
  }
  if (options.on == "local") {
    if (options.what.size() != 1)
      throw ConfigError("campaign takes one file; " + options.what[1] + " is left over");
    return start(options, session);
  }
  // What follows -- is for sbatch.
  CampaignArguments own = options;
  own.slurm.extra.assign(options.what.begin() + 1, options.what.end());
  own.what.resize(1);
  return start(own, session);
}

}  // namespace

Command campaign_command() {
  return {
      "campaign", std::string(group_compare),
      "a grid of rows: targets, methods, counts, depths, seeds; here or on Slurm",
      "printf '[campaign]\\ntargets = [\"@face\", \"@flower\"]\\nmethods = [\"dense-adam\", \"sp\"]\\nbudget "
      "= "
      "\"quick\"\\nsteps = 200\\nsize = 48\\n' > grid.toml\n"
      "skein campaign grid.toml --dry-run\n"
      "skein campaign grid.toml --out runs/grid\n"
      "skein campaign status runs/grid",
      [](CLI::App& app) -> RunCommand {
        const auto o = std::make_shared<CampaignArguments>();
        app.add_option("FILE", o->what,
                       "the campaign's TOML file; or `status RUN`, `cancel RUN`. With --on slurm, what "
                       "stands after -- "
                       "goes to sbatch")
            ->required();
        app.add_option("--out", o->out, "folder of the run");
        app.add_option("--on", o->on, "local (default) or slurm")->check(CLI::IsMember({"local", "slurm"}));
        app.add_flag("--dry-run", o->dry_run,
                     "say what there is to do and what it will cost, and do nothing");
        app.add_option("--shard", o->shard, "I/N: only every Nth row, from the Ith on");
        app.add_option("--rows", o->rows,
                       "a file of hashes: only these rows (what the jobs of Slurm are given)");
        app.add_option("--chunk", o->slurm.chunk,
                       "with --on slurm: minutes of estimated work in a job (default 30)")
            ->check(CLI::Range(0.001, 1e6));
        app.add_option("--stale", o->stale,
                       "seconds of silence after which another's row is taken over (default 60)");
        app.add_flag("--mixed", o->mixed,
                     "allow another version, build or instruction set than the run began with");
        app.add_flag("--watch", o->watch, "with status: until all is done");
        app.add_option("--partition", o->slurm.partition, "of Slurm");
        app.add_option("--time", o->slurm.time, "limit of one job, as sbatch has it");
        app.add_option("--account", o->slurm.account, "of Slurm");
        return [o](const Session& session) { return campaign(*o, session); };
      }};
}

}  // namespace skein::experiments
