#include "experiments/records/unflushed_file.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "tests/support/file_size_limit.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;
using namespace skein::experiments;

TEST_CASE("an unflushed file is written where there was none, whole or not at all") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "claim";
  write_new_unflushed(file, "mine\n");
  CHECK_THROWS_WITH_AS(write_new_unflushed(file, "yours\n"), doctest::Contains("claim: cannot be written"),
                       FormatError);
  CHECK(read_file(file) == "mine\n");
  CHECK_THROWS_AS(write_new_unflushed(folder.path() / "no/such/folder", "x"), FormatError);
  {
    const test::FileSizeLimit limit(1000);
    CHECK_THROWS_AS(write_new_unflushed(folder.path() / "large", std::string(5000, 'l')), FormatError);
  }
  CHECK_FALSE(std::filesystem::exists(folder.path() / "large"));
}

TEST_CASE("an unflushed line that could not be appended whole is taken back") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "lines";
  append_unflushed(file, "one\n");
  {
    const test::FileSizeLimit limit(1000);
    CHECK_THROWS_WITH_AS(append_unflushed(file, std::string(5000, 'l')),
                         doctest::Contains("lines: cannot be written"), FormatError);
  }
  append_unflushed(file, "two\n");
  CHECK(read_file(file) == "one\ntwo\n");
  CHECK_THROWS_AS(append_unflushed("/dev/full", "x"), FormatError);
  CHECK_THROWS_AS(append_unflushed(folder.path(), "x"), FormatError);
}
