#include "breeding_server.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <vector>

namespace skein::test {

BreedingServer::BreedingServer(const std::filesystem::path& session, const std::string& more, int port) {
  const std::filesystem::path said = session.string() + ".address";
  std::filesystem::remove(said);
  told_ = session.string() + ".said";
  std::vector<std::string> words{SKEIN_TEST_PROGRAM, "breed",  "--out",
                                 session.string(),   "--port", std::to_string(port)};
  std::istringstream extra(more);
  for (std::string word; extra >> word;) words.push_back(word);
  process_ = ::fork();
  if (process_ == 0) {
    const int out = ::open(said.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644),
              told = ::open(told_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644),
              nothing = ::open("/dev/null", O_RDWR);
    ::dup2(nothing, STDIN_FILENO), ::dup2(out, STDOUT_FILENO), ::dup2(told, STDERR_FILENO);
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
  }
  for (int tries = 0; tries < 6000 && port_ == 0; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    std::ifstream in(said);
    std::string line;
    if (std::getline(in, line) && line.ends_with('/') && line.starts_with("http://"))
      port_ = std::stoi(line.substr(line.rfind(':') + 1));
    if (::waitpid(process_, nullptr, WNOHANG) == process_) break;
  }
  if (port_ == 0) throw std::runtime_error("skein breed did not start");
}

BreedingServer::~BreedingServer() {
  if (process_ > 0) kill();
}

void BreedingServer::kill() {
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
  process_ = 0;
}

int BreedingServer::interrupt() {
  int status = 0;
  ::kill(process_, SIGINT);
  ::waitpid(process_, &status, 0);
  process_ = 0;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string BreedingServer::said() const {
  std::ifstream in(told_);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::size_t BreedingServer::memory() const {
  std::ifstream in("/proc/" + std::to_string(process_) + "/statm");
  std::size_t size = 0, resident = 0;
  in >> size >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace skein::test
