#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "experiments/campaign/campaign.hpp"

namespace skein::experiments {

/// How rows are handed to Slurm.
struct SlurmOptions {
  std::string partition, time, account;  ///< empty: Slurm's own default
  double chunk = 30;                     ///< minutes of estimated work in one job
  std::vector<std::string> extra;        ///< further options of sbatch, as typed after --
  std::vector<std::string> command;      ///< the program and what it is called with; `--chunk FILE` is added
};

/// What was submitted.
struct Submission {
  std::vector<std::string> jobs;  ///< numbers of the job arrays
  std::size_t chunks = 0, rows = 0;
};

/// Writes job scripts and chunks below RUN/slurm and submits what is neither finished nor in a job that Slurm still knows: an
/// array of chunks of about equal estimated cost for the dense parents, and one that comes after it for the rows (several
/// where Slurm's arrays may not be as long). Throws ConfigError when there is no Slurm, or it refuses; what was submitted
/// before is on record then, and the next call submits the rest.
Submission submit_to_slurm(const Campaign& campaign, const CampaignFolder& folder,
                           const CostEstimate& estimate, const std::vector<std::uint8_t>& finished,
                           const SlurmOptions& options);

/// The jobs that were submitted for the run and that Slurm still knows, each with its state: {"job", "state"}. Empty where
/// there is no Slurm.
nlohmann::ordered_json slurm_jobs(const std::filesystem::path& run);

/// Cancels them. Returns their number.
std::size_t cancel_slurm_jobs(const std::filesystem::path& run);

/// The job script of an array, of which task N works at the file CHUNKS/N.
std::string slurm_script(const std::filesystem::path& run, const std::filesystem::path& chunks,
                         const SlurmOptions& options);

}  // namespace skein::experiments
