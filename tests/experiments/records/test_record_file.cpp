#include "experiments/records/record_file.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;
using namespace skein::experiments;
using Json = nlohmann::ordered_json;

TEST_CASE("a record is read by who knows what it is about, and by nobody when it is damaged") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "rows/one/row.json";
  const RecordFile record(file, "abc");
  CHECK_FALSE(record.read());
  record.write({{"state", "done"}, {"loss", 0.1}});
  const auto json = record.read();
  REQUIRE(json);
  CHECK((*json)["state"] == "done");
  CHECK((*json)["loss"] == 0.1);
  CHECK_FALSE(RecordFile(file, "abd").read());
  const std::string bytes = read_file(file);
  for (std::size_t length = 0; length + 2 < bytes.size(); length += 3) {
    CAPTURE(length);
    write_file(file, bytes.substr(0, length));
    CHECK_FALSE(record.read());
  }
  write_file(file, "[1]");
  CHECK_FALSE(record.read());
  // A name of any bytes does not keep the work from being recorded.
  record.write({{"note", "a\xff"}});
  REQUIRE(record.read());
  CHECK((*record.read())["note"] == "a\xef\xbf\xbd");
}

TEST_CASE("who has lost the right to a row writes nothing any more, not even what was under way") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "row/row.json";
  bool may_write = true;
  const RecordFile earlier(file, "abc", [&] { return may_write; });
  earlier.begin();
  earlier.keep("network", "old");
  FileWriter asleep(folder.path() / "row/network");
  asleep.write("half");
  may_write = false;  // another process takes the row over
  CHECK_THROWS_AS(earlier.keep("network", "late"), Overtaken);
  CHECK_THROWS_AS(earlier.write({{"state", "late"}}), Overtaken);
  CHECK_THROWS_AS(earlier.begin(), Overtaken);
  const RecordFile later(file, "abc");
  later.begin();
  later.keep("network", "new");
  CHECK_THROWS_AS(asleep.commit(), FormatError);
  CHECK(read_file(folder.path() / "row/network") == "new");
  CHECK_FALSE(std::filesystem::exists(file));
}
