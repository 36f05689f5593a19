#include "experiments/campaign/slurm_queue.hpp"

#include <sys/wait.h>

#include <cstdio>
#include <set>
#include <sstream>

#include "experiments/records/json_file.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"

namespace skein::experiments {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

fs::path record_of(const fs::path& run) { return run / "slurm" / "jobs.json"; }

}  // namespace

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

Json slurm_submissions(const fs::path& run) {
  std::error_code ignored;
  if (!fs::exists(record_of(run), ignored)) return Json::array();
  const Json json = read_json(record_of(run));
  if (!json.is_object() || !json.contains("jobs") || !json["jobs"].is_array())
    throw FormatError(record_of(run).string() + ": not the record of submitted jobs");
  return json["jobs"];
}

void add_slurm_submission(const fs::path& run, const std::string& job, const fs::path& chunks,
                          std::size_t tasks) {
  Json jobs = slurm_submissions(run);
  jobs.push_back({{"job", job}, {"chunks", chunks.string()}, {"tasks", tasks}});
  write_file(record_of(run), Json{{"format", "skein-slurm"}, {"version", 1}, {"jobs", jobs}}.dump(1) + "\n");
}

std::vector<std::pair<std::string, std::string>> slurm_tasks(const fs::path& run) {
  std::set<std::string> numbers;
  for (const Json& one : slurm_submissions(run)) numbers.insert(one.value("job", ""));
  std::vector<std::pair<std::string, std::string>> tasks;
  if (numbers.empty()) return tasks;
  // Asked for by number, Slurm would call one that it has forgotten an error.
  const CommandResult queue = run_command({"squeue", "-h", "-r", "--me", "-o", "%F_%K %T"});
  if (queue.code == 127) throw ConfigError("there is no Slurm here (squeue was not found)");
  if (queue.code != 0)
    throw ConfigError("Slurm cannot be asked what is in the queue: " +
                      queue.out.substr(0, queue.out.find('\n')));
  std::istringstream lines(queue.out);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t space = line.find(' ');
    if (space == std::string::npos || !numbers.contains(line.substr(0, line.find('_')))) continue;
    tasks.emplace_back(line.substr(0, space), line.substr(space + 1));
  }
  return tasks;
}

std::map<std::string, int> slurm_events(const fs::path& run) {
  std::map<std::string, int> counts;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(run / "slurm" / "events", ignored)) try {
      std::istringstream lines(read_file(entry.path()));
      std::string before;
      for (std::string line; std::getline(lines, line);) {
        const Json json = Json::parse(line, nullptr, false);
        if (!json.is_object()) continue;
        const std::string event = json.value("event", "");
        // Whoever was put back has not been stopped for good.
        if (event == "put back" && before == "stopped") --counts[before];
        if (event != "start" && !event.empty()) ++counts[event];
        before = event;
      }
    } catch (const Error&) {
    } catch (const Json::exception&) {
    }
  std::erase_if(counts, [](const auto& event) { return event.second == 0; });
  return counts;
}

std::string death_in_job(const fs::path& run, const std::string& job, const std::string& host,
                         std::int64_t process) {
  if (job.empty() || job.find('/') != std::string::npos) return {};
  const fs::path file = run / "slurm" / "deaths" / job;
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return {};
  try {
    std::istringstream lines(read_file(file, std::size_t{1} << 20));
    const std::string wanted = host + " " + std::to_string(process) + " ";
    for (std::string line; std::getline(lines, line);)
      if (line.starts_with(wanted)) return line.substr(wanted.size());
  } catch (const FormatError&) {
  }
  return {};
}

}  // namespace skein::experiments
