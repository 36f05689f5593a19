#include "experiments/campaign/campaign.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <thread>

#include "experiments/campaign/cost_probe.hpp"
#include "experiments/campaign/slurm_queue.hpp"
#include "experiments/compare/compare_run.hpp"
#include "experiments/compare/cross_rows.hpp"
#include "experiments/records/json_file.hpp"
#include "experiments/report/report.hpp"
#include "experiments/rows/row_measures.hpp"
#include "experiments/runs/session.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/base/parallel.hpp"
#include "lib/picture/image.hpp"

namespace skein::experiments {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int strikes = 3;  ///< times that a row may fail for reasons outside it

std::vector<PlannedTarget> planned_targets(const CampaignRequest& request, TargetShelf& targets) {
  std::vector<PlannedTarget> planned;
  for (const std::string& argument : request.targets) {
    const RowTarget& target = targets.at(targets.add(argument));
    const std::string& own = request.settings.options.architecture;
    planned.push_back({target.name, target.has_genome(), own.empty() ? target.architecture : own});
  }
  return planned;
}

/// Sleeps in small pieces, so that a stop is noticed; false when the listener asked for one.
bool sleep_for(double seconds, const ProgressListener& listener) {
  constexpr double piece = 0.1;
  for (; seconds > 0; seconds -= piece) {
    if (!listener({"waiting for rows that other processes make", 0, 0, {}})) return false;
    std::this_thread::sleep_for(std::chrono::duration<double>(std::min(piece, seconds)));
  }
  return true;
}

/// Why a row is not to be tried any more; nothing while it may be.
std::optional<std::string> why_given_up(const CampaignFolder& folder, const std::string& hash) {
  std::error_code ignored;
  if (!fs::exists(folder.file("troubles") / (hash + ".json"), ignored)) return std::nullopt;
  for (const TroubleRecord& trouble : read_troubles(folder.path()))
    if (trouble.hash == hash && trouble.times >= strikes) {
      const std::string& last = trouble.causes.back();
      return "failed " + std::to_string(strikes) + " times, lastly: " + last.substr(0, last.rfind(" ("));
    }
  return std::nullopt;
}

}  // namespace

Campaign::Campaign(CampaignRequest request, fs::path run)
    : request_(std::move(request)),
      targets_(request_.settings.options.size, budget_called(request_.settings.budget).size),
      plan_(plan_rows(request_.settings, planned_targets(request_, targets_), true)),
      context_(context_of(request_.settings, std::move(run), targets_, true)) {
  if (plan_.rows.empty())
    throw ConfigError("the campaign has no rows: everything is excluded, or needs a genome");
}

std::vector<std::uint8_t> Campaign::finished() const {
  std::vector<std::uint8_t> finished(plan_.rows.size());
  std::error_code ignored;
  if (!fs::exists(context_.run / "rows", ignored)) return finished;
  parallel_for(finished.size(), [&](std::size_t i) {
    const auto row = finished_row(context_, plan_.rows[i].key);
    finished[i] = row && !lacks_measures(*row);
  });
  return finished;
}

CostEstimate Campaign::estimate(const ProgressListener& listener, double budget) const {
  const ThreadLimit one(1);
  CostProbe probe(context_, plan_, budget, listener);
  return estimate_cost(context_, plan_, finished(), seconds_by_shape(read_metrics(context_.run)),
                       probe.timer());
}

/// What of the plan this process is to make.
void Campaign::choose(const CampaignWork& work, RunRowsOptions& options) const {
  options.mine.assign(plan_.rows.size(), 1);
  options.parents.assign(plan_.parents.size(), 0);
  const std::set<std::string> wanted(work.hashes.begin(), work.hashes.end());
  for (std::size_t i = 0; i < plan_.rows.size(); ++i) {
    if (static_cast<std::int64_t>(i) % work.shards != work.shard - 1) options.mine[i] = 0;
    if (!wanted.empty() && !wanted.contains(context_.hash_of_row(plan_.rows[i].key))) options.mine[i] = 0;
  }
  for (std::size_t p = 0; p < plan_.parents.size() && !wanted.empty(); ++p)
    options.parents[p] = wanted.contains("parent-" + context_.hash_of_row(plan_.parents[p].key));
}

/// The pictures of all targets, for people and for who judges networks.
void Campaign::write_pictures(const CampaignFolder& folder) const {
  make_folder(folder.file("targets"));
  for (std::size_t t = 0; t < targets_.size(); ++t) {
    const fs::path picture = folder.file("targets") / (file_name(targets_.at(t).name) + ".png");
    std::error_code ignored;
    if (!fs::exists(picture, ignored)) write_png(picture, to_image(targets_.at(t).picture));
  }
}

/// What is made goes into the folder's metrics, what cannot be made into its troubles, which tell when to give up. `folder`
/// and `metrics` are referred to.
void Campaign::write_down(const CampaignFolder& folder, const MetricsWriter& metrics,
                          RunRowsOptions& options) const {
  options.made = [&](const CompareRow& row, double seconds) {
    metrics.add({.id = title_of(row.key),
                 .hash = context_.hash_of_row(row.key),
                 .shape = cost_shape(row.key, false),
                 .status = std::string(name(row.status)),
                 .kind = MadeKind::row,
                 .seconds = seconds});
  };
  options.parent_made = [&](const RowKey& key, double seconds) {
    metrics.add({.id = title_of(key),
                 .hash = context_.hash_of_row(key),
                 .shape = cost_shape(key, true),
                 .status = "done",
                 .kind = MadeKind::parent,
                 .seconds = seconds});
  };
  options.troubled = [&](const RowTrouble& trouble) {
    add_trouble(folder.path(), title_of(trouble.key), trouble.hash, trouble.cause);
  };
  options.given_up = [&](const std::string& hash) { return why_given_up(folder, hash); };
}

CampaignOutcome Campaign::run(const CampaignFolder& folder, const CampaignWork& work, const RunAbout& about,
                              const ProgressListener& listener) const {
  const MetricsWriter metrics(folder.path());
  ClaimFolder claims(folder.file("claims"), work.stale);
  claims.on_takeover([&](const Claimant& earlier) {
    const std::string cause = death_in_job(folder.path(), earlier.job, earlier.host, earlier.process);
    if (!cause.empty())
      add_trouble(folder.path(), earlier.what, earlier.what, "its process was ended: " + cause);
  });
  write_pictures(folder);
  RunRowsOptions options;
  options.claim = [&](const std::string& hash) { return claims.take(hash); };
  choose(work, options);
  options.most_troubles = 5;
  write_down(folder, metrics, options);
  options.refresh = [&] {
    if (folder.is_done()) return;
    if (const auto right = claims.take("results"))
      write_results(folder.path(), about, with_known_cross_values(rows(), folder.path()));
  };
  double pause = 0.1;
  options.wait = [&] {
    const bool go_on = sleep_for(pause, listener);
    pause = std::min(2.0, 1.5 * pause);
    return go_on;
  };
  CampaignOutcome outcome;
  outcome.rows = plan_.rows.size();
  for (int attempt = 0; attempt < strikes; ++attempt) {
    RunRowsOutcome part = run_rows(context_, plan_, options, listener);
    outcome.made += part.made;
    const bool again =
        !part.troubles.empty() && static_cast<int>(part.troubles.size()) < options.most_troubles;
    outcome.troubles = std::move(part.troubles);
    if (!again) break;
  }
  rows()([&](const CompareRow& row) {
    ++outcome.done;
    outcome.failed += !has_network(row.status);
  });
  outcome.complete = outcome.done == outcome.rows;
  if (outcome.complete) write_everything(folder, claims, metrics, about, outcome, listener);
  return outcome;
}

void Campaign::write_everything(const CampaignFolder& folder, ClaimFolder& claims,
                                const MetricsWriter& metrics, const RunAbout& about,
                                const CampaignOutcome& outcome, const ProgressListener& listener) const {
  // Whoever was asleep while others finished finds no folder of claims any more.
  const auto take = [&]() -> std::unique_ptr<Claim> {
    if (folder.is_done()) return nullptr;
    try {
      return claims.take("results");
    } catch (const FormatError&) {
      if (folder.is_done()) return nullptr;
      throw;
    }
  };
  std::unique_ptr<Claim> right = take();
  while (!right && !folder.is_done()) {
    if (!sleep_for(0.3, listener)) throw Interrupted("stopped; the same command goes on");
    right = take();
  }
  if (!right || folder.is_done()) return;
  const auto start = std::chrono::steady_clock::now();
  measure_across_rows(folder.path(), about, rows(), listener);
  const std::chrono::duration<double> judging = std::chrono::steady_clock::now() - start;
  metrics.add({.id = "networks judge each other",
               .hash = "judging",
               .shape = "judging",
               .status = "done",
               .kind = MadeKind::judging,
               .seconds = judging.count() * thread_count()});
  const Analysis analysis =
      write_results(folder.path(), about, with_known_cross_values(rows(), folder.path()));
  double seconds = 0;
  for (const MadeRecord& record : read_metrics(folder.path())) seconds += record.seconds;
  const Json result{{"rows", outcome.rows},
                    {"done", outcome.done},
                    {"failed", outcome.failed},
                    {"core_hours", seconds / 3600},
                    {"finding", analysis.finding()}};
  write_file(folder.file("result.json"), json_text(result, 1) + "\n");
  write_report({folder.path()}, folder.file("report.html"));
  sweep_temporaries(folder.path(), true);  // what processes that were killed left half-written
  write_file(folder.file("DONE"), "");
  right.reset();
  std::error_code ignored;
  fs::remove_all(folder.file("claims"), ignored);  // nobody claims anything any more
}

}  // namespace skein::experiments
