#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "experiments/campaign/campaign_file.hpp"
#include "experiments/runs/session.hpp"

namespace skein::experiments {

/// A number for each target's content, by its name (`content_of`).
using TargetContents = std::map<std::string, std::uint64_t>;

/// The folder of a campaign, in which any number of processes may be at work, on one machine or on many:
///
///     RUN/config.toml, results.*, methods.csv, report.html, rows/, parents/, DONE   as of `compare` (results.hpp)
///     RUN/campaign.json        what the campaign is, how many rows it has, what it was estimated to cost
///     RUN/targets/NAME.png     the pictures
///     RUN/claims/              who is at what (records/claims.hpp); gone when all is done
///     RUN/metrics/PROCESS.jsonl   one line for each row that a process made: seconds, host, time of day
///     RUN/troubles/HASH.json   a row that could not be made for reasons outside it: how often, and why
///     RUN/slurm/               job scripts, chunks, logs and events of what was handed to Slurm
///
/// Clocks and names of machines reach these files only, never results.csv or a row's record.
class CampaignFolder {
 public:
  explicit CampaignFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// Makes the folder or joins the campaign that is in it, of so many `rows` in all, and returns the contents that all its processes tell rows
  /// by. Throws ConfigError when the folder holds something else, a campaign of other fixed options, one whose target of
  /// the same name is another picture, or one of another version, build or instruction set of skein (the last two
  /// unless `mixed`), FormatError when it cannot be written. With --force what an earlier campaign left is removed
  /// first, unless somebody is at work in it.
  TargetContents join(const CampaignRequest& request, const TargetContents& contents, std::size_t rows,
                      const Session& session, bool mixed) const;

  const std::filesystem::path& path() const { return folder_; }
  std::filesystem::path file(const std::string& name) const { return folder_ / name; }
  bool is_done() const;
  /// Takes back that all is done: the results are to be written again.
  void reopen() const;

 private:
  void refuse_difference(const nlohmann::ordered_json& there, const CampaignRequest& request,
                         bool mixed) const;
  bool holds_something_else() const;
  nlohmann::ordered_json joined_contents(const nlohmann::ordered_json& there, const TargetContents& contents,
                                         bool mixed) const;

  std::filesystem::path folder_;
};

/// RUN/campaign.json. Throws FormatError when it is not there or damaged.
nlohmann::ordered_json read_campaign_record(const std::filesystem::path& run);

/// What a process was at: a row, a dense network that rows are cut from, or letting the networks of all targets judge each
/// other once they are made.
enum class MadeKind : std::uint8_t { row, parent, judging };

/// One line of a file in RUN/metrics: what a process made.
struct MadeRecord {
  std::string id = {};  ///< of the row, with its target; for people
  std::string hash = {};
  std::string shape = {};  ///< `cost_shape`
  std::string status = {};
  MadeKind kind = MadeKind::row;
  double seconds = 0;
  std::string host = {};  ///< filled in by MetricsWriter, as is the time
  std::int64_t at = 0;    ///< seconds since 1970, by that host's clock
};

/// Appends to this process's own file of metrics; lines are never torn by other processes. A power cut may cost the last of them, no
/// row.
class MetricsWriter {
 public:
  explicit MetricsWriter(const std::filesystem::path& run);
  void add(const MadeRecord& record) const;

 private:
  std::filesystem::path file_;
};

/// Everything in RUN/metrics, each row once (the last that was said of it), and every judging, each of which did what
/// earlier ones had left; torn lines are passed over.
std::vector<MadeRecord> read_metrics(const std::filesystem::path& run);

/// Mean seconds of finished rows and parents by shape.
std::map<std::string, double> seconds_by_shape(const std::vector<MadeRecord>& records);

/// A row that could not be made, in RUN/troubles.
struct TroubleRecord {
  std::string id, hash;
  int times = 0;
  std::vector<std::string> causes;  ///< with the host where each happened
};
/// Records one more; returns how often it is now. Called by who holds the row's claim.
int add_trouble(const std::filesystem::path& run, const std::string& id, const std::string& hash,
                const std::string& cause);
std::vector<TroubleRecord> read_troubles(const std::filesystem::path& run);

}  // namespace skein::experiments
