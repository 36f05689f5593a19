// Files are written whole or not at all, keep what belongs to their owner, and leave nothing behind.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "tests/support/file_size_limit.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;
namespace fs = std::filesystem;

namespace {

std::set<std::string> names_in(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.insert(entry.path().filename().string());
  return names;
}

fs::perms permissions(const fs::path& file) { return fs::status(file).permissions(); }

}  // namespace

TEST_CASE("a file that is replaced keeps its permissions") {
  const test::TemporaryFolder folder;
  const fs::path file = folder.path() / "secret";
  write_file(file, "old");
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
  write_file(file, "new");
  CHECK(read_file(file) == "new");
  CHECK(permissions(file) == (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("a new file's permissions are what the user's mask leaves") {
  const test::TemporaryFolder folder;
  const mode_t before = ::umask(0007);
  write_file(folder.path() / "shared", "x");
  append_to_file(folder.path() / "lines", "x");
  ::umask(before);
  const auto wanted =
      fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read | fs::perms::group_write;
  CHECK(permissions(folder.path() / "shared") == wanted);
  CHECK(permissions(folder.path() / "lines") == wanted);
}

TEST_CASE("a link stays a link and what it leads to is replaced") {
  const test::TemporaryFolder folder;
  fs::create_directory(folder.path() / "elsewhere");
  write_file(folder.path() / "elsewhere/real", "old");
  fs::create_symlink("elsewhere/real", folder.path() / "link");
  fs::create_symlink("link", folder.path() / "link to link");
  fs::create_symlink("elsewhere/none yet", folder.path() / "dangling");
  write_file(folder.path() / "link to link", "new");
  write_file(folder.path() / "dangling", "made");
  CHECK(fs::is_symlink(folder.path() / "link"));
  CHECK(fs::is_symlink(folder.path() / "link to link"));
  CHECK(read_file(folder.path() / "elsewhere/real") == "new");
  CHECK(fs::is_symlink(folder.path() / "dangling"));
  CHECK(read_file(folder.path() / "elsewhere/none yet") == "made");
  CHECK(names_in(folder.path() / "elsewhere") == std::set<std::string>{"real", "none yet"});
  fs::create_symlink("circle", folder.path() / "circle");
  CHECK_THROWS_AS(write_file(folder.path() / "circle", "x"), FormatError);
}

TEST_CASE("devices are written to as they are") {
  const test::TemporaryFolder folder;
  CHECK_NOTHROW(write_file("/dev/null", "gone"));
  CHECK(fs::is_character_file("/dev/null"));
  CHECK_THROWS_WITH_AS(write_file("/dev/full", "x"), doctest::Contains("/dev/full: cannot be written"),
                       FormatError);
  CHECK_THROWS_AS(write_file(folder.path(), "x"), FormatError);
}

TEST_CASE("without space the earlier file stays and nothing else does") {
  const test::TemporaryFolder folder;
  const std::string large(5000, 'l');
  write_file(folder.path() / "kept", "old");
  append_to_file(folder.path() / "lines", "one\n");
  {
    const test::FileSizeLimit limit(1000);
    CHECK_THROWS_WITH_AS(write_file(folder.path() / "kept", large),
                         doctest::Contains("kept: cannot be written"), FormatError);
    CHECK_THROWS_AS(write_file(folder.path() / "new", large), FormatError);
    CHECK_THROWS_AS(append_to_file(folder.path() / "lines", large), FormatError);
  }
  CHECK(read_file(folder.path() / "kept") == "old");
  CHECK(names_in(folder.path()) == std::set<std::string>{"kept", "lines"});
  append_to_file(folder.path() / "lines", "two\n");
  CHECK(read_file(folder.path() / "lines") == "one\ntwo\n");  // no torn piece of the line that failed
}

TEST_CASE("what was not committed leaves nothing") {
  const test::TemporaryFolder folder;
  {
    FileWriter writer(folder.path() / "picture");
    writer.write("half");
    CHECK(names_in(folder.path()).size() == 1);
  }
  CHECK(names_in(folder.path()).empty());
}

TEST_CASE("threads that write the same file do not meet") {
  const test::TemporaryFolder folder;
  const fs::path file = folder.path() / "answer";
  std::vector<std::thread> writers;
  std::vector<std::string> failures(4);
  for (std::size_t w = 0; w < failures.size(); ++w)
    writers.emplace_back([&, w] {
      try {
        for (int i = 0; i < 25; ++i) write_file(file, std::string(2000, static_cast<char>('a' + w)));
      } catch (const std::exception& e) {
        failures[w] = e.what();
      }
    });
  for (std::thread& writer : writers) writer.join();
  for (const std::string& failure : failures) CHECK(failure.empty());
  const std::string left = read_file(file);
  CHECK(left == std::string(2000, left[0]));
  CHECK(names_in(folder.path()).size() == 1);
}

TEST_CASE("a name as long as names may be is written") {
  const test::TemporaryFolder folder;
  const fs::path file = folder.path() / std::string(255, 'n');
  write_file(file, "x");
  CHECK(read_file(file) == "x");
}

TEST_CASE("what dead writers left is swept; living writers' and users' files stay") {
  const test::TemporaryFolder folder;
  fs::create_directory(folder.path() / "inner");
  for (const char* name :
       {".skein-999999999-0.tmp", "inner/.skein-7-12.tmp", "notes.tmp", ".skein-notes.tmp"})
    append_to_file(folder.path() / name, "x");
  fs::create_symlink("notes.tmp", folder.path() / ".skein-1-1.tmp");
  FileWriter living(folder.path() / "living");
  sweep_temporaries(folder.path());
  CHECK_FALSE(fs::exists(folder.path() / ".skein-999999999-0.tmp"));
  CHECK(fs::exists(folder.path() / "inner/.skein-7-12.tmp"));
  sweep_temporaries(folder.path(), true);
  CHECK_FALSE(fs::exists(folder.path() / "inner/.skein-7-12.tmp"));
  living.write("whole");
  living.commit();
  CHECK(names_in(folder.path()) ==
        std::set<std::string>{"inner", "notes.tmp", ".skein-notes.tmp", ".skein-1-1.tmp", "living"});
  CHECK(read_file(folder.path() / "living") == "whole");
  CHECK(is_temporary_name(".skein-12-3.tmp"));
  for (const char* name :
       {".skein-12.tmp", ".skein--3.tmp", ".skein-a-3.tmp", "skein-1-2.tmp", ".skein-1-2.tmp~"})
    CHECK_FALSE(is_temporary_name(name));
}
