#include "experiments/campaign/slurm.hpp"

#include <sys/wait.h>

#include <algorithm>
#include <cstdio>
#include <set>
#include <sstream>

#include "experiments/runs/json_file.hpp"
#include "experiments/runs/run_folder.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"

namespace skein::experiments {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct CommandResult {
  int code = 0;
  std::string out;  ///< both streams
};

/// A word for a POSIX shell.
std::string shell_word(const std::string& word) {
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

CommandResult run_command(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : " ") + shell_word(word);
  CommandResult result;
  std::FILE* pipe = ::popen((line + " 2>&1").c_str(), "r");
  if (!pipe) throw ConfigError(words.front() + " cannot be run");
  char block[4096];
  for (std::size_t n; (n = std::fread(block, 1, sizeof block, pipe)) > 0;) result.out.append(block, n);
  const int status = ::pclose(pipe);
  result.code = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
  while (!result.out.empty() && result.out.back() == '\n') result.out.pop_back();
  return result;
}

fs::path record_of(const fs::path& run) { return run / "slurm" / "jobs.json"; }

/// Every submission so far: {"job", "chunks"}.
Json submissions(const fs::path& run) {
  std::error_code ignored;
  if (!fs::exists(record_of(run), ignored)) return Json::array();
  try {
    const Json json = read_json(record_of(run));
    return json.is_object() && json.contains("jobs") ? json["jobs"] : Json::array();
  } catch (const FormatError&) {
    return Json::array();
  }
}

/// The tasks of our arrays that Slurm has not done with: JOB_TASK and state.
std::vector<std::pair<std::string, std::string>> known_tasks(const fs::path& run) {
  std::string numbers;
  for (const Json& one : submissions(run)) numbers += (numbers.empty() ? "" : ",") + one.value("job", "");
  std::vector<std::pair<std::string, std::string>> tasks;
  if (numbers.empty()) return tasks;
  const CommandResult queue = run_command({"squeue", "-h", "-r", "-j", numbers, "-o", "%F_%K %T"});
  std::istringstream lines(queue.code == 0 ? queue.out : "");
  for (std::string line; std::getline(lines, line);) {
    const std::size_t space = line.find(' ');
    if (space != std::string::npos) tasks.emplace_back(line.substr(0, space), line.substr(space + 1));
  }
  return tasks;
}

/// The hashes in the chunks of tasks that Slurm still knows.
std::set<std::string> hashes_at_work(const fs::path& run) {
  std::set<std::string> hashes;
  const Json jobs = submissions(run);
  for (const auto& [task, state] : known_tasks(run)) {
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
  for (const auto& [hash, cost] : costs) {
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

/// Submits one array. Returns its number.
std::string submit_array(const fs::path& run, const fs::path& folder,
                         const std::vector<std::vector<std::string>>& chunks, const SlurmOptions& options,
                         const std::string& after) {
  make_folder(folder);
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    std::string text;
    for (const std::string& hash : chunks[i]) text += hash + "\n";
    write_file(folder / std::to_string(i), text);
  }
  const fs::path script = folder / "job.sh";
  write_file(script, slurm_script(run, folder, options));
  std::vector<std::string> command{"sbatch", "--parsable", "--array=0-" + std::to_string(chunks.size() - 1)};
  if (!after.empty()) command.push_back("--dependency=afterany:" + after);
  if (!options.partition.empty()) command.push_back("--partition=" + options.partition);
  if (!options.time.empty()) command.push_back("--time=" + options.time);
  if (!options.account.empty()) command.push_back("--account=" + options.account);
  command.insert(command.end(), options.extra.begin(), options.extra.end());
  command.push_back(script.string());
  const CommandResult result = run_command(command);
  if (result.code == 127) throw ConfigError("there is no Slurm here (sbatch was not found)");
  if (result.code != 0) throw ConfigError("sbatch refused: " + result.out.substr(0, result.out.find('\n')));
  const std::string number = result.out.substr(0, result.out.find_first_of(";\n"));
  Json jobs = submissions(run);
  jobs.push_back({{"job", number}, {"chunks", folder.string()}, {"tasks", chunks.size()}});
  write_file(record_of(run), Json{{"format", "skein-slurm"}, {"version", 1}, {"jobs", jobs}}.dump(1) + "\n");
  return number;
}

}  // namespace

std::string slurm_script(const fs::path& run, const fs::path& chunks, const SlurmOptions& options) {
  std::string command;
  for (const std::string& word : options.command) command += shell_word(word) + " ";
  const std::string place = shell_word(fs::absolute(run).string());
  return "#!/usr/bin/env bash\n"
         "#SBATCH --job-name=skein\n"
         "#SBATCH --ntasks=1\n"
         "#SBATCH --open-mode=append\n"
         "#SBATCH --requeue\n"
         "#SBATCH --signal=B:USR1@30\n"
         "#SBATCH --output=" +
         (fs::absolute(chunks) / "log-%a.txt").string() +
         "\n"
         "# One chunk of a skein campaign. The time limit's signal makes it checkpoint and come back to the "
         "queue;\n"
         "# a cancellation makes it checkpoint and end; an end by any other signal is noted for those who "
         "take over.\n"
         "run=" +
         place +
         "\n"
         "chunk=" +
         shell_word(fs::absolute(chunks).string()) +
         "/$SLURM_ARRAY_TASK_ID\n"
         "job=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID\n"
         "mkdir -p \"$run/slurm/deaths\" \"$run/slurm/events\"\n"
         "note() { printf '{\"job\":\"%s\",\"event\":\"%s\",\"restarts\":%d}\\n' \"$job\" \"$1\" "
         "\"${SLURM_RESTART_COUNT:-0}\""
         " >> \"$run/slurm/events/$job.jsonl\"; }\n"
         "rm -f \"$run/slurm/deaths/$job\"\n"
         "why=\n"
         "trap 'why=limit; kill -TERM $child' USR1\n"
         "trap 'why=${why:-cancel}; kill -TERM $child' TERM\n" +
         command +
         "--rows \"$chunk\" --threads \"${SLURM_CPUS_PER_TASK:-1}\" --quiet &\n"
         "child=$!\n"
         "wait $child; code=$?\n"
         "while kill -0 $child 2> /dev/null; do wait $child; code=$?; done\n"
         "requeue() { [ \"${SLURM_RESTART_COUNT:-0}\" -lt \"$1\" ] && { scontrol requeue \"$SLURM_JOB_ID\"; "
         "sleep 60; }; }\n"
         "if [ \"$why\" = limit ]; then note 'time limit'; requeue 1000\n"
         "elif [ \"$why\" = cancel ]; then note 'cancelled or preempted'\n"
         "elif [ $code -gt 128 ]; then\n"
         "  echo \"signal $((code - 128))\" > \"$run/slurm/deaths/$job\"; note \"ended by signal $((code - "
         "128))\"; requeue 3\n"
         "elif [ $code -ne 0 ]; then note \"failed with code $code\"; requeue 3\n"
         "else note done; fi\n"
         "exit $code\n";
}

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
  const std::size_t batch = submissions(folder.path()).size();
  std::string before;
  for (const auto& [name, costs] : {std::pair{"parents", &parents}, std::pair{"rows", &rows}}) {
    if (costs->empty()) continue;
    const auto chunks = chunks_of(*costs, options.chunk * 60);
    before =
        submit_array(folder.path(), all / (std::to_string(batch + submission.jobs.size() + 1) + "-" + name),
                     chunks, options, before);
    submission.jobs.push_back(before);
    submission.chunks += chunks.size();
  }
  return submission;
}

Json slurm_jobs(const fs::path& run) {
  Json jobs = Json::array();
  for (const auto& [task, state] : known_tasks(run)) jobs.push_back({{"job", task}, {"state", state}});
  return jobs;
}

std::size_t cancel_slurm_jobs(const fs::path& run) {
  std::set<std::string> numbers;
  for (const auto& [task, state] : known_tasks(run)) numbers.insert(task.substr(0, task.find('_')));
  for (const std::string& number : numbers) run_command({"scancel", number});
  return numbers.size();
}

}  // namespace skein::experiments
