#include "experiments/campaign/slurm.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <sstream>

#include "experiments/campaign/slurm_queue.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"

namespace skein::experiments {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// The hashes in the chunks of tasks that Slurm still knows.
std::set<std::string> hashes_at_work(const fs::path& run) {
  std::set<std::string> hashes;
  const Json jobs = slurm_submissions(run);
  for (const auto& [task, state] : slurm_tasks(run)) {
    const std::size_t mark = task.find('_');
    for (const Json& one : jobs) {
      if (one.value("job", "") != task.substr(0, mark)) continue;
      std::istringstream lines;
      try {
        lines.str(read_file(fs::path(one.value("chunks", "")) / task.substr(mark + 1)));
      } catch (const FormatError&) {
        continue;
      }
      for (std::string line; std::getline(lines, line);) hashes.insert(line);
    }
  }
  return hashes;
}

/// Hashes in their order, in chunks of about this many seconds.
std::vector<std::vector<std::string>> chunks_of(const std::vector<std::pair<std::string, double>>& costs,
                                                double seconds) {
  std::vector<std::vector<std::string>> chunks;
  double sum = seconds;
  for (const auto& [hash, estimate] : costs) {
    const double cost = std::max(1.0, estimate);  // one that nothing is known of does not come for nothing
    if (sum + cost / 2 >= seconds) chunks.emplace_back(), sum = 0;
    chunks.back().push_back(hash);
    sum += cost;
  }
  return chunks;
}

/// The rows in an order in which those that match another's come right after it, so that few jobs wait for others.
std::vector<std::size_t> together(const RowPlan& plan) {
  std::vector<std::vector<std::size_t>> followers(plan.rows.size());
  for (std::size_t i = 0; i < plan.rows.size(); ++i)
    if (plan.rows[i].like != no_row) followers[static_cast<std::size_t>(plan.rows[i].like)].push_back(i);
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < plan.rows.size(); ++i) {
    if (plan.rows[i].like != no_row) continue;
    order.push_back(i);
    order.insert(order.end(), followers[i].begin(), followers[i].end());
  }
  return order;
}

/// How many tasks an array may have here.
std::size_t most_tasks() {
  constexpr std::size_t by_default = 1000;
  const CommandResult config = run_command({"scontrol", "show", "config"});
  const std::size_t at = config.code == 0 ? config.out.find("MaxArraySize") : std::string::npos;
  if (at == std::string::npos) return by_default;
  const std::size_t equals = config.out.find('=', at);
  const long long most = equals == std::string::npos ? 0 : std::atoll(config.out.c_str() + equals + 1);
  return most > 0 ? static_cast<std::size_t>(most) : by_default;
}

/// Submits one array, to start after the jobs of these numbers. Returns its number.
std::string submit_array(const fs::path& run, const fs::path& folder,
                         const std::vector<std::vector<std::string>>& chunks, const SlurmOptions& options,
                         const std::vector<std::string>& after) {
  make_folder(folder);
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    std::string text;
    for (const std::string& hash : chunks[i]) text += hash + "\n";
    write_file(folder / std::to_string(i), text);
  }
  const fs::path script = folder / "job.sh";
  write_file(script, slurm_script(run, folder, options));
  std::vector<std::string> command{"sbatch", "--parsable", "--array=0-" + std::to_string(chunks.size() - 1)};
  std::string numbers;
  for (const std::string& number : after) numbers += ":" + number;
  if (!after.empty()) command.push_back("--dependency=afterany" + numbers);
  if (!options.partition.empty()) command.push_back("--partition=" + options.partition);
  if (!options.time.empty()) command.push_back("--time=" + options.time);
  if (!options.account.empty()) command.push_back("--account=" + options.account);
  command.insert(command.end(), options.extra.begin(), options.extra.end());
  command.push_back(script.string());
  const CommandResult result = run_command(command);
  if (result.code == 127) throw ConfigError("there is no Slurm here (sbatch was not found)");
  if (result.code != 0) throw ConfigError("sbatch refused: " + result.out.substr(0, result.out.find('\n')));
  // Warnings may stand before the number, which is the last line.
  const std::string last = result.out.substr(result.out.rfind('\n') + 1);
  const std::string number = last.substr(0, last.find(';'));
  if (number.empty() || number.find_first_not_of("0123456789") != std::string::npos)
    throw ConfigError("sbatch did not say the job's number but: " + last);
  add_slurm_submission(run, number, folder, chunks.size());
  return number;
}

}  // namespace

Submission submit_to_slurm(const Campaign& campaign, const CampaignFolder& folder,
                           const CostEstimate& estimate, const std::vector<std::uint8_t>& finished,
                           const SlurmOptions& options) {
  const RowPlan& plan = campaign.plan();
  const std::set<std::string> at_work = hashes_at_work(folder.path());
  std::vector<std::pair<std::string, double>> parents, rows;
  std::vector<std::uint8_t> awaited(plan.parents.size());
  for (const std::size_t i : together(plan)) {
    const std::string hash = campaign.context().hash_of_row(plan.rows[i].key);
    if (finished[i] || at_work.contains(hash)) continue;
    rows.emplace_back(hash, estimate.row_seconds[i]);
    if (plan.rows[i].parent != no_row) awaited[static_cast<std::size_t>(plan.rows[i].parent)] = 1;
  }
  for (std::size_t p = 0; p < plan.parents.size(); ++p) {
    const std::string hash = "parent-" + campaign.context().hash_of_row(plan.parents[p].key);
    if (awaited[p] && !at_work.contains(hash) && !has_parent(campaign.context(), plan.parents[p].key))
      parents.emplace_back(hash, estimate.parent_seconds[p]);
  }
  Submission submission;
  submission.rows = rows.size();
  const fs::path all = folder.file("slurm");
  make_folder(all);
  std::size_t folders = slurm_submissions(folder.path()).size();
  const std::size_t most = most_tasks();
  std::vector<std::string> before;
  for (const auto& [name, costs] : {std::pair{"parents", &parents}, std::pair{"rows", &rows}}) {
    const auto chunks = chunks_of(*costs, options.chunk * 60);
    std::vector<std::string> arrays;
    for (std::size_t from = 0; from < chunks.size(); from += most) {
      const auto first = chunks.begin() + static_cast<std::ptrdiff_t>(from);
      const auto last = first + static_cast<std::ptrdiff_t>(std::min(most, chunks.size() - from));
      arrays.push_back(submit_array(folder.path(), all / (std::to_string(++folders) + "-" + name),
                                    {first, last}, options, before));
    }
    submission.jobs.insert(submission.jobs.end(), arrays.begin(), arrays.end());
    submission.chunks += chunks.size();
    before = std::move(arrays);
  }
  return submission;
}

Json slurm_jobs(const fs::path& run) {
  Json jobs = Json::array();
  try {
    for (const auto& [task, state] : slurm_tasks(run)) jobs.push_back({{"job", task}, {"state", state}});
  } catch (const Error&) {  // status can be asked where there is no Slurm
  }
  return jobs;
}

std::size_t cancel_slurm_jobs(const fs::path& run) {
  std::set<std::string> numbers;
  for (const auto& [task, state] : slurm_tasks(run)) numbers.insert(task.substr(0, task.find('_')));
  for (const std::string& number : numbers) run_command({"scancel", number});
  return numbers.size();
}

}  // namespace skein::experiments
