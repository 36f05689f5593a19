// What processes wrote of the rows that they made, read back.
#include <doctest/doctest.h>

#include <string>

#include "experiments/campaign/campaign_folder.hpp"
#include "lib/base/file.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;
using namespace skein::experiments;

TEST_CASE("metrics come back as they were written: a row once, every judging, and no torn line") {
  const test::TemporaryFolder folder;
  const MetricsWriter metrics(folder.path());
  metrics.add({.id = "@face a", .hash = "1", .shape = "dense", .status = "failed", .seconds = 1});
  metrics.add({.id = "@face a", .hash = "1", .shape = "dense", .status = "done", .seconds = 2});
  metrics.add({.id = "@face p",
               .hash = "1",
               .shape = "parent",
               .status = "done",
               .kind = MadeKind::parent,
               .seconds = 4});
  for (const double seconds : {8.0, 16.0})
    metrics.add({.id = "all",
                 .hash = "judging",
                 .shape = "judging",
                 .status = "done",
                 .kind = MadeKind::judging,
                 .seconds = seconds});
  write_file(folder.path() / "metrics/killed.jsonl",
             "{\"row\":\"b\",\"hash\":\"2\",\"seconds\":32}\n{\"row\":\"c\",");
  const auto records = read_metrics(folder.path());
  REQUIRE(records.size() == 5);
  double seconds = 0;
  int rows = 0, parents = 0, judgings = 0;
  for (const MadeRecord& record : records) {
    seconds += record.seconds;
    rows += record.kind == MadeKind::row;
    parents += record.kind == MadeKind::parent;
    judgings += record.kind == MadeKind::judging;
    if (record.id == "@face a") CHECK(record.status == "done");
  }
  CHECK(rows == 2);
  CHECK(parents == 1);
  CHECK(judgings == 2);
  CHECK(seconds == 2 + 4 + 8 + 16 + 32);
  CHECK(seconds_by_shape(records).at("judging") == 12);
}
