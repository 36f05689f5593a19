#include <doctest/doctest.h>

#include <optional>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/files/bounded_archive.hpp"
#include "lib/files/framed_file.hpp"
#include "tests/support/damage.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;

namespace {

struct Record {
  std::string text;
  std::vector<float> numbers;
  std::vector<std::string> names;
  std::optional<int> maybe;
  bool flag = false;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(text, numbers, names, maybe, flag);
  }
};

std::string payload_of(const Record& record) {
  ByteOutput out;
  out(record);
  return out.bytes();
}

Record record_of(std::string_view payload) {
  Record record;
  BoundedInput in(payload, "record");
  in(record);
  in.finish();
  return record;
}

const Record example{"a text", {1.5f, -2.0f}, {"x", "yy", ""}, 7, true};

}  // namespace

TEST_CASE("a framed file reads back as written and says what is wrong otherwise") {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "record";
  write_framed(path, "record", 3, payload_of(example));
  const auto framed = read_framed(path, "record", 3);
  CHECK(framed.version == 3);
  const Record back = record_of(framed.payload);
  CHECK(back.text == example.text);
  CHECK(back.numbers == example.numbers);
  CHECK(back.names == example.names);
  CHECK(back.maybe == example.maybe);
  CHECK(back.flag);
  CHECK(framed_kind(read_file(path)) == "record");
  CHECK_THROWS_WITH_AS(read_framed(path, "genome", 3), doctest::Contains("is a skein record"), FormatError);
  CHECK_THROWS_WITH_AS(read_framed(path, "record", 2), doctest::Contains("newer skein"), FormatError);
  const std::string bytes = read_file(path);
  CHECK_THROWS_WITH_AS(unframe(bytes.substr(0, bytes.size() - 1), "record", 3, "f"),
                       doctest::Contains("torn"), FormatError);
  std::string flipped = bytes;
  flipped.back() = static_cast<char>(flipped.back() ^ 1);
  CHECK_THROWS_WITH_AS(unframe(flipped, "record", 3, "f"), doctest::Contains("checksum"), FormatError);
}

TEST_CASE("every damaged frame is refused") {
  const std::string bytes = frame("record", 1, payload_of(example));
  const auto refused = test::refuses_or_reads(bytes, 300, [&](const std::string& copy) {
    if (unframe(copy, "record", 1, "copy").payload != payload_of(example)) FAIL("damage went unnoticed");
  });
  CHECK(refused > 250);
}

TEST_CASE("a damaged payload behind a good checksum is read or refused, never more") {
  const auto refused =
      test::refuses_or_reads(payload_of(example), 500, [](const std::string& copy) { record_of(copy); });
  CHECK(refused > 100);
}

TEST_CASE("files are written whole or not at all") {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "text";
  write_file(path, "first");
  CHECK_THROWS_AS(write_file(folder.path() / "missing" / "text", "x"), FormatError);
  CHECK_THROWS_AS(write_file("/dev/full", "x"), FormatError);
  write_file(path, "second");
  append_to_file(path, " line");
  CHECK(read_file(path) == "second line");
  CHECK_THROWS_WITH_AS(read_file(path, 3), doctest::Contains("larger"), FormatError);
  CHECK_THROWS_WITH_AS(read_file(folder.path()), doctest::Contains("is a folder"), FormatError);
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}
