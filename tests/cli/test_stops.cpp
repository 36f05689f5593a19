// Every command ends soon after it is told to and says so in one line.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "tests/cli/run_skein.hpp"

using namespace skein;
using namespace skein::test;

namespace {

using namespace std::chrono_literals;

/// `skein ARGUMENTS` at work in a folder.
class Started {
 public:
  Started(const TemporaryFolder& folder, const std::string& arguments) : folder_(folder.path()) {
    std::vector<std::string> words{SKEIN_PROGRAM};
    std::istringstream in(arguments);
    for (std::string word; in >> word;) words.push_back(word);
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    process_ = ::fork();
    if (process_ != 0) return;
    if (::chdir(folder_.c_str()) != 0) ::_exit(127);
    for (const auto& [name, number] : {std::pair{".out", 1}, std::pair{".err", 2}})
      ::dup2(::open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644), number);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }

  /// Whether the program has come so far that it listens to signals, or has ended.
  bool listens() const {
    std::istringstream status(read_file("/proc/" + std::to_string(process_) + "/status"));
    for (std::string line; std::getline(status, line);) {
      if (line.starts_with("State:") && line.find('Z') != std::string::npos) return true;
      if (line.starts_with("SigCgt:") && (std::stoull(line.substr(7), nullptr, 16) & (1u << (SIGTERM - 1))))
        return true;
    }
    return false;
  }

  Finished stop_with(int signal) const {
    while (!listens()) std::this_thread::sleep_for(5ms);
    std::this_thread::sleep_for(300ms);  // into its work; too early or late changes nothing in what is right
    ::kill(process_, signal);
    int status = 0;
    ::waitpid(process_, &status, 0);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128, read_file(folder_ / ".out"),
            read_file(folder_ / ".err")};
  }

 private:
  std::filesystem::path folder_;
  pid_t process_ = -1;
};

}  // namespace

TEST_CASE("slow: every kind of long work ends when it is told to") {
  for (const char* arguments :
       {"evolve --goal task:xor --seeds 10000 --generations 100000 --out o",
        "evolve --goal task:double-pole --seeds 10000 --out o", "bench --full --rounds 1000",
        "hide @face --widen 64 --out h.mlp", "wiring @face --null-samples 100000",
        "score @face --size 512 --weights 100000 --resamples 100000",
        "evolve --goal novelty --population 1000000 --out p", "render @face --size 16384 --out a.png",
        "train @face --steps 100000000 --out t", "sweep @face --size 1024 --steps 500 --out s", "info pipe",
        "circuits @face --steps 1000000", "subnetworks @face --steps 1000000",
        "transfer @face --steps 10000000", "compare @face --budget paper --out c",
        "reach --out e --evaluations 1000000"}) {
    for (const int signal : {SIGTERM, SIGINT}) {
      CAPTURE(arguments);
      CAPTURE(signal);
      const TemporaryFolder folder;
      // A pipe that somebody holds open and never writes to.
      const std::string pipe = (folder.path() / "pipe").string();
      REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
      const int held = ::open(pipe.c_str(), O_RDWR | O_CLOEXEC);
      const auto before = std::chrono::steady_clock::now();
      const Finished run = Started(folder, arguments).stop_with(signal);
      const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count();
      ::close(held);
      CAPTURE(run.err);
      CHECK(run.code == 1);
      CHECK(run.err.find("skein: ") != std::string::npos);
      CHECK(run.err.find("stopped") != std::string::npos);
      CHECK(run.out.empty());
      CHECK(seconds < 30);  // an idle machine takes 2; the work itself would take many minutes
      for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
        CHECK(entry.path().extension() != ".png");
    }
  }
}

TEST_CASE("slow: a task from many seeds that is stopped goes on after the seeds that it had finished") {
  const TemporaryFolder folder;
  const std::string task = "evolve --goal task:xor --seeds 40 --seed 5 --quiet --out ";
  done_in(folder, task + "whole");
  int starts = 0;
  for (Finished run; run.code != 0 && starts < 100; ++starts)
    run = starts < 5 ? Started(folder, task + "parts").stop_with(SIGTERM) : skein_in(folder, task + "parts");
  same_files(folder, "whole", "parts", {"metrics.jsonl", "results.csv"});
}
