#include "experiments/breed/jobs.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <thread>
#include <tuple>

#include "experiments/runs/run_folder.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"

extern char** environ;

namespace skein::experiments {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::ptrdiff_t most_running = 2;
constexpr std::size_t most_jobs = 500;
constexpr int politeness = 10;         // niceness: the page answers first
constexpr int training_side = 128;     // pixels of what is trained and compared
constexpr std::streamoff tail = 4096;  // bytes
constexpr std::size_t largest_answer = std::size_t{4} << 20;
constexpr std::size_t most_earlier = 200;  // jobs of earlier servers, the newest

/// The last complete line of a file; empty when there is none.
std::string last_line(const fs::path& file) {
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  if (!in) return {};
  const std::streamoff size = in.tellg(), from = std::max<std::streamoff>(0, size - tail);
  in.seekg(from);
  std::string text(static_cast<std::size_t>(size - from), '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  const auto end = text.rfind('\n');
  if (end == std::string::npos) return {};
  const auto begin = end == 0 ? std::string::npos : text.rfind('\n', end - 1);
  return text.substr(begin == std::string::npos ? 0 : begin + 1,
                     end - (begin == std::string::npos ? 0 : begin + 1));
}

/// What a job printed, as far as the page shows it; null when it cannot be read.
Json result_in(const fs::path& answer) {
  try {
    const Json result = Json::parse(read_file(answer, largest_answer), nullptr, false);
    if (!result.is_object()) return nullptr;
    Json told = Json::object();
    for (const char* key : {"finding", "loss", "psnr", "steps", "compositional_score"})
      if (result.contains(key)) told[key] = result[key];
    if (const auto metrics = result.find("metrics"); metrics != result.end() && metrics->is_object())
      for (const auto& [name, metric] : metrics->items())
        if (metric.is_object() && metric.value("in_verdict", false)) told["metrics"][name] = metric;
    return told;
  } catch (const Error&) {
    return nullptr;
  } catch (const Json::exception&) {
    return nullptr;
  }
}

pid_t spawn(const std::vector<std::string>& arguments, const fs::path& out, const fs::path& said) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, said.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  // The server's sockets are not for it: it would hold their port and keep pages waiting when the server is killed.
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  std::vector<char*> words;
  for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  pid_t process = 0;
  const int cause = ::posix_spawn(&process, words[0], &actions, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (cause != 0) throw FormatError(arguments[0] + ": cannot be started: " + std::strerror(cause));
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(process), politeness);
  return process;
}

}  // namespace

Jobs::Jobs(fs::path program, fs::path session) : program_(std::move(program)), session_(std::move(session)) {
  find_earlier();
}

Jobs::~Jobs() {
  const std::scoped_lock lock(mutex_);
  for (const Job& job : jobs_)
    if (job.state == "running") ::kill(job.process, SIGINT);
  for (int tries = 0; tries < 100; ++tries) {
    std::ranges::for_each(jobs_, [this](Job& job) { look(job); });
    if (std::ranges::none_of(jobs_, [](const Job& job) { return job.state == "running"; })) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  for (const Job& job : jobs_)
    if (job.state == "running") ::kill(job.process, SIGKILL), ::waitpid(job.process, nullptr, 0);
}

/// A job's files: "train-12.3-2000" is its run, with ".log" what it told the terminal, with ".json" its answer.
void Jobs::name_files(Job& job) const {
  const std::string picture = std::to_string(job.generation) + "." + std::to_string(job.place + 1),
                    steps = job.kind == "train" ? "-" + std::to_string(job.steps) : "";
  job.run = session_ / "looked" / (job.kind + "-" + picture + steps);
  job.said = job.run.string() + ".log";
  job.answer = job.run.string() + ".json";
}

/// The job whose run has this name; nothing for any other name.
std::optional<Jobs::Job> Jobs::job_named(const std::string& name) const {
  Job job;
  job.kind = name.substr(0, name.find('-'));
  if (job.kind != "train" && job.kind != "score" && job.kind != "compare") return std::nullopt;
  unsigned picture = 0;
  const int read =
      std::sscanf(name.c_str() + job.kind.size(), "-%u.%u-%d", &job.generation, &picture, &job.steps);
  if (read < 2 || picture == 0) return std::nullopt;
  job.place = picture - 1;
  name_files(job);
  if (job.run.filename() != name) return std::nullopt;
  return job;
}

void Jobs::find_earlier() {
  std::vector<std::pair<fs::file_time_type, Job>> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(session_ / "looked", error)) {
    if (entry.path().extension() != ".log") continue;
    if (auto job = job_named(entry.path().stem().string())) {
      job->result = result_in(job->answer);
      job->state = job->result.is_null() ? "stopped" : "done";
      found.emplace_back(entry.last_write_time(error), std::move(*job));
    }
  }
  std::ranges::sort(found, [](const auto& a, const auto& b) {
    return std::tie(a.first, a.second.run) < std::tie(b.first, b.second.run);
  });
  const std::size_t first = found.size() - std::min(found.size(), most_earlier);
  for (std::size_t i = first; i < found.size(); ++i) jobs_.push_back(std::move(found[i].second));
}

std::size_t Jobs::start(const std::string& kind, std::uint32_t generation, std::uint32_t place, int steps) {
  const std::scoped_lock lock(mutex_);
  std::ranges::for_each(jobs_, [this](Job& job) { look(job); });
  if (std::ranges::count(jobs_, "running", &Job::state) >= most_running)
    throw ConfigError("two jobs are running; stop one or wait");
  if (kind != "train" && kind != "score" && kind != "compare") throw ConfigError("no such job");
  if (kind == "train" && (steps < 1 || steps > 1'000'000))
    throw ConfigError(std::to_string(steps) + " steps; allowed: 1 to 1000000");
  Job job;
  job.kind = kind;
  job.generation = generation, job.place = place, job.steps = steps;
  name_files(job);
  const auto same = std::ranges::find(jobs_, job.run, &Job::run);
  if (same != jobs_.end() && same->state == "running") throw ConfigError("this is running already");
  if (is_at_work(job.run))
    throw ConfigError("this is running already, begun by a server that was killed; its result comes here");
  if (same == jobs_.end() && jobs_.size() >= most_jobs)
    throw ConfigError("too many jobs in one sitting; start skein breed again");
  make_folder(session_ / "looked");
  const std::string picture = std::to_string(generation) + "." + std::to_string(place + 1);
  std::vector<std::string> arguments{program_.string(), kind, session_.string() + "#" + picture, "--json"};
  const auto add = [&](std::initializer_list<std::string> more) { arguments.insert(arguments.end(), more); };
  if (kind == "train")
    add({"--out", job.run.string(), "--steps", std::to_string(steps), "--size", std::to_string(training_side),
         "--schedule", "cosine", "--checkpoint-every", "250"});
  if (kind == "compare") add({"--out", job.run.string(), "--budget", "quick"});
  job.process = spawn(arguments, job.answer, job.said);
  job.started = std::chrono::steady_clock::now();
  if (same == jobs_.end()) return jobs_.push_back(std::move(job)), jobs_.size() - 1;
  *same = std::move(job);
  return static_cast<std::size_t>(same - jobs_.begin());
}

void Jobs::look(Job& job) {
  if (job.process == 0 &&
      job.state == "stopped") {  // what an earlier server left may have gone on without it
    job.result = result_in(job.answer);
    if (job.result.is_null()) return;
    job.state = "done", job.told = nullptr;
  }
  if (job.state != "running") return;
  int status = 0;
  if (::waitpid(job.process, &status, WNOHANG) != job.process) return;
  const bool good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  job.state = good ? "done" : job.stopped ? "stopped" : "failed";
  if (good) job.result = result_in(job.answer);
}

Jobs::Job& Jobs::job_at(std::size_t job) {
  if (job >= jobs_.size()) throw ConfigError("there is no such job");
  look(jobs_[job]);
  return jobs_[job];
}

void Jobs::stop(std::size_t number) {
  const std::scoped_lock lock(mutex_);
  Job& job = job_at(number);
  if (job.state != "running") return;
  job.stopped = true;
  ::kill(job.process, SIGINT);
}

Json Jobs::list() {
  const std::scoped_lock lock(mutex_);
  Json all = Json::array();
  for (std::size_t i = 0; i < jobs_.size(); ++i) {
    Job& job = job_at(i);
    if (job.state != "running" && job.told.is_null()) job.told = tell(job, i);
    all.push_back(job.told.is_null() ? tell(job, i) : job.told);
  }
  return all;
}

Json Jobs::tell(const Job& job, std::size_t number) const {
  Json told{{"job", number},      {"kind", job.kind},   {"generation", job.generation}, {"place", job.place},
            {"state", job.state}, {"total", job.steps}, {"said", last_line(job.said)}};
  const Json metrics = Json::parse(last_line(job.run / "metrics.jsonl"), nullptr, false);
  if (metrics.is_object())
    for (const auto& [key, value] : metrics.items()) told[key == "step" ? "done" : key] = value;
  std::error_code error;
  told["network"] = job.kind == "train" &&
                    (fs::exists(job.run / "network.mlp", error) || fs::exists(job.run / "checkpoint", error));
  if (job.state == "done") told["result"] = job.result;
  if (job.state == "running")
    told["seconds"] =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - job.started)
            .count();
  return told;
}

fs::path Jobs::network_of(std::size_t number) {
  const std::scoped_lock lock(mutex_);
  const Job& job = job_at(number);
  for (const char* name : {"network.mlp", "checkpoint"})
    if (job.kind == "train" && fs::exists(job.run / name)) return job.run / name;
  throw ConfigError("this job has no network yet");
}

fs::path Jobs::report_of(std::size_t number) {
  const std::scoped_lock lock(mutex_);
  const Job& job = job_at(number);
  const fs::path report = job.run / "report.html";
  if (job.kind != "compare" || !fs::exists(report)) throw ConfigError("this job has no report yet");
  return report;
}

}  // namespace skein::experiments
