// --open: the page is shown by what the system has for that.
#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include "breeding_server.hpp"
#include "lib/base/file.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;
using namespace skein::test;

namespace {

/// PATH is another one while it lives.
class OtherPath {
 public:
  explicit OtherPath(const std::string& path) : before_(std::getenv("PATH")) {
    ::setenv("PATH", path.c_str(), 1);
  }
  ~OtherPath() { ::setenv("PATH", before_.c_str(), 1); }
  OtherPath(const OtherPath&) = delete;
  OtherPath& operator=(const OtherPath&) = delete;

 private:
  std::string before_;
};

void write_program(const std::filesystem::path& file, const std::string& script) {
  write_file(file, "#!/bin/sh\n" + script + "\n");
  std::filesystem::permissions(file, std::filesystem::perms::owner_all);
}

/// What the file holds once something has been written there; nothing after half a minute.
std::string awaited(const std::filesystem::path& file) {
  for (int tries = 0; tries < 600; ++tries) {
    if (std::filesystem::exists(file)) return read_file(file);
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return {};
}

bool comes_to_say(const BreedingServer& server, const std::string& words) {
  for (int tries = 0; tries < 600; ++tries) {
    if (server.said().find(words) != std::string::npos) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return false;
}

}  // namespace

TEST_CASE("--open gives the page's address to the first program that shows it") {
  const TemporaryFolder folder;
  const auto told = folder.path() / "told";
  write_program(folder.path() / "xdg-open", "exit 3");
  const std::string part = (folder.path() / "part").string();
  write_program(folder.path() / "x-www-browser", "printf '%s' \"$1\" > " + part + "\nmv " + part + " " +
                                                     told.string() + "\nwhile [ -e " + told.string() +
                                                     " ]; do sleep 0.2; done");
  const OtherPath path(folder.path().string() + ":/usr/bin:/bin");
  BreedingServer server(folder.path() / "s", "--open");
  CHECK(awaited(told) == server.address());
  CHECK(server.interrupt() == 0);  // though the browser is still open
  CHECK(server.said().find("no browser") == std::string::npos);
  CHECK_NOTHROW(BreedingServer(folder.path() / "s", "", server.port()));  // it holds no port of ours
}

TEST_CASE("--open says in one line that no browser could be started, and the page is served all the same") {
  const TemporaryFolder folder;
  write_program(folder.path() / "xdg-open", "exit 4");
  const OtherPath path(folder.path().string());
  BreedingServer server(folder.path() / "s", "--open");
  CHECK(comes_to_say(server, "no browser could be started here; open " + server.address() + " yourself\n"));
  CHECK(server.interrupt() == 0);
}
