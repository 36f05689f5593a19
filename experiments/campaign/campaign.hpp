#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "experiments/campaign/campaign_file.hpp"
#include "experiments/campaign/campaign_folder.hpp"
#include "experiments/campaign/estimate.hpp"
#include "experiments/compare/run_rows.hpp"

namespace skein::experiments {

/// Which part of a campaign a process makes.
struct CampaignWork {
  std::int64_t shard = 1, shards = 1;  ///< the rows whose place in the plan is shard - 1, modulo shards
  std::vector<std::string> hashes;     ///< the rows of these hashes, and parents as "parent-HASH"; empty: all
  double stale = 60;                   ///< seconds of silence after which another's claim is taken over
};

/// What became of it.
struct CampaignOutcome {
  std::size_t rows = 0, done = 0, failed = 0;
  std::size_t made = 0;  ///< here and now
  std::vector<RowTrouble> troubles;
  bool complete = false;  ///< every row is finished, and the results are written
};

/// A grid of rows: planned, made by any number of processes, and read back. Commands with an analysis of their own
/// (which ask for rows and look at them in their own way) make a `CampaignRequest`, run it, and go through `rows`.
class Campaign {
 public:
  /// Loads the targets and plans the rows. Throws as `load_target` and `plan_rows`.
  Campaign(CampaignRequest request, std::filesystem::path run);

  const CampaignRequest& request() const { return request_; }
  const RowPlan& plan() const { return plan_; }
  const RowContext& context() const { return context_; }
  const TargetShelf& targets() const { return targets_; }
  /// Rows are told by these contents of targets from now on (`CampaignFolder::join`).
  void use_contents(TargetContents contents) { context_.contents = std::move(contents); }
  /// One flag for each row of the plan, from the records in the folder.
  std::vector<std::uint8_t> finished() const;
  /// By timing rows for about `budget` seconds, on one thread. Throws Interrupted when the listener asks to stop.
  CostEstimate estimate(const ProgressListener& listener, double budget = 8) const;
  /// The finished rows in the plan's order, read one after the other.
  RowSource rows() const { return finished_rows(context_, plan_); }

  /// Makes rows beside whoever else is at it, waits for those that others are making and that its own need, and writes
  /// the results once every row is finished. `folder` has been joined. Throws Interrupted as `run_rows`.
  CampaignOutcome run(const CampaignFolder& folder, const CampaignWork& work, const RunAbout& about,
                      const ProgressListener& listener) const;

  /// "TARGET ID".
  static std::string title_of(const RowKey& key) { return key.target + " " + id_of(key); }

 private:
  void choose(const CampaignWork& work, RunRowsOptions& options) const;
  void write_pictures(const CampaignFolder& folder) const;
  void write_down(const CampaignFolder& folder, const MetricsWriter& metrics, RunRowsOptions& options) const;
  void write_everything(const CampaignFolder& folder, ClaimFolder& claims, const MetricsWriter& metrics,
                        const RunAbout& about, const CampaignOutcome& outcome,
                        const ProgressListener& listener) const;

  CampaignRequest request_;
  TargetShelf targets_;
  RowPlan plan_;
  RowContext context_;
};

}  // namespace skein::experiments
