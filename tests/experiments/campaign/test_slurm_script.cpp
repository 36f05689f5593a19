// The job script of a campaign, run by bash with a program and a scontrol of our own: no Slurm is needed for that.
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <vector>

#include "experiments/campaign/slurm.hpp"
#include "experiments/campaign/slurm_queue.hpp"
#include "lib/base/file.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

namespace fs = std::filesystem;

/// A job of Slurm, but for Slurm. `program` is what runs in it; `scontrol` writes down what it was asked for.
class Job {
 public:
  explicit Job(const std::string& program) {
    script(folder_.path() / "program", program);
    script(folder_.path() / "scontrol", "echo \"$@\" >> '" + (folder_.path() / "asked").string() + "'");
    script(folder_.path() / "sleep", "exec /bin/sleep 0.05");
    make_folder(chunks());
    write_file(chunks() / "4", "aaaa\nbbbb\n");
    SlurmOptions options;
    options.command = {(folder_.path() / "program").string(), "it's one word"};
    write_file(folder_.path() / "job.sh", slurm_script(run(), chunks(), options));
  }

  /// Runs it; `meanwhile` is a command of the shell that knows the script as $job.
  int go(const std::string& meanwhile = "") {
    const std::string line = "cd '" + folder_.path().string() +
                             "' && export PATH=\"$PWD:$PATH\" SLURM_ARRAY_JOB_ID=7 SLURM_ARRAY_TASK_ID=4 "
                             "SLURMD_NODENAME=north; bash job.sh > log 2>&1 & job=$!; " +
                             meanwhile + " wait $job";
    fs::remove(folder_.path() / "log");
    const int status = std::system(("bash -c " + shell_word(line)).c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  fs::path run() const { return folder_.path() / "a run"; }
  std::string text(const std::string& file) const {
    return fs::exists(folder_.path() / file) ? read_file(folder_.path() / file) : "";
  }
  /// The events in their order.
  std::vector<std::string> events() const {
    std::vector<std::string> all;
    std::istringstream lines(text("a run/slurm/events/7_4.jsonl"));
    for (std::string line; std::getline(lines, line);) {
      const auto json = nlohmann::json::parse(line);
      CHECK(json["job"] == "7_4");
      CHECK(json["node"] == "north");
      all.push_back(json["event"]);
    }
    return all;
  }

 private:
  fs::path chunks() const { return run() / "slurm" / "1-rows"; }
  static void script(const fs::path& file, const std::string& body) {
    write_file(file, "#!/usr/bin/env bash\n" + body + "\n");
    ::chmod(file.c_str(), 0755);
  }
  test::TemporaryFolder folder_;
};

using Events = std::vector<std::string>;

}  // namespace

TEST_CASE("a job that comes to its end says so, and hands its chunk on as it is") {
  Job job("printf '%s|' \"$@\"");
  CHECK(job.go() == 0);
  CHECK(job.events() == Events{"start", "done"});
  CHECK(job.text("asked").empty());
  const std::string said = job.text("log");
  CHECK(said.find("it's one word|--rows|") == 0);
  CHECK(said.find("a run/slurm/1-rows/4|--threads|1|--quiet|") != std::string::npos);
  CHECK(slurm_events(job.run()) == std::map<std::string, int>{{"done", 1}});
}

TEST_CASE("a process that a signal ended is noted by its number, and the job alone goes back to the queue") {
  Job job("echo $$ > number; kill -KILL $$");
  CHECK(job.go() == 137);
  CHECK(job.events() == Events{"start", "ended by signal 9"});
  CHECK(job.text("asked") == "requeue 7_4\n");
  const auto number = std::stoll(job.text("number"));
  CHECK(death_in_job(job.run(), "7_4", "north", number) == "signal 9");
  CHECK(death_in_job(job.run(), "7_4", "south", number).empty());
  CHECK(death_in_job(job.run(), "7_4", "north", number + 1).empty());
  CHECK(death_in_job(job.run(), "7_5", "north", number).empty());
  // Three times for each of the two rows, and no more.
  for (int again = 0; again < 6; ++again) job.go();
  CHECK(job.text("asked") == "requeue 7_4\nrequeue 7_4\nrequeue 7_4\nrequeue 7_4\nrequeue 7_4\n");
}

TEST_CASE("a job that fails comes back three times") {
  Job job("exit 1");
  for (int again = 0; again < 6; ++again) CHECK(job.go() == 1);
  CHECK(job.text("asked") == "requeue 7_4\nrequeue 7_4\nrequeue 7_4\n");
  CHECK(slurm_events(job.run()) == std::map<std::string, int>{{"failed with code 1", 6}});
}

TEST_CASE(
    "slow: a time limit's signal stops the program gently and puts the job back; an end by Slurm does not") {
  // As skein, it listens though a shell's background processes are born deaf to SIGINT.
  const std::string listening =
      "exec python3 -c 'import signal, sys, time\n"
      "for heard in signal.SIGINT, signal.SIGTERM: signal.signal(heard, lambda *_: sys.exit(1))\n"
      "print(\"ready\", flush=True)\n"
      "time.sleep(20)'";
  Job limited(listening);
  CHECK(limited.go("while ! grep -qs ready log; do sleep 0.1; done; kill -USR1 $job;") == 1);
  CHECK(limited.events() == Events{"start", "time limit"});
  CHECK(limited.text("asked") == "requeue 7_4\n");
  Job stopped(listening);
  CHECK(stopped.go("while ! grep -qs ready log; do sleep 0.1; done; kill -TERM $job;") == 1);
  CHECK(stopped.events() == Events{"start", "stopped"});
  CHECK(stopped.text("asked").empty());
  CHECK(slurm_events(stopped.run()) == std::map<std::string, int>{{"stopped", 1}});
  // It runs again, so it was not a user who ended it.
  CHECK(stopped.go("while ! grep -qs ready log; do sleep 0.1; done; kill -USR1 $job;") == 1);
  CHECK(slurm_events(stopped.run()) == std::map<std::string, int>{{"put back", 1}, {"time limit", 1}});
}
