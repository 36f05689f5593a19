#include "lib/files/npy.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <limits>

#include "lib/base/error.hpp"
#include "lib/files/zip_file.hpp"
#include "tests/support/damage.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;

namespace {

std::string npy_with(const std::string& dictionary, const std::string& data) {
  std::string bytes = "\x93NUMPY";
  bytes +=
      {'\1', '\0', static_cast<char>(dictionary.size() & 255), static_cast<char>(dictionary.size() >> 8)};
  return bytes + dictionary + data;
}

}  // namespace

TEST_CASE("arrays of every type come back as they were written") {
  const std::vector<Array> arrays{
      {{2, 3}, std::vector<float>{1, 2, 3, 4, 5, -6.5f}},  {{3}, std::vector<double>{1, 2, 1e300}},
      {{1, 2, 1}, std::vector<std::int32_t>{-1, 2}},       {{}, std::vector<std::int64_t>{1ll << 60}},
      {{4, 1}, std::vector<std::uint8_t>{0, 1, 254, 255}}, {{0, 5}, std::vector<float>{}}};
  for (const Array& array : arrays) CHECK(decode_npy(encode_npy(array), "a.npy") == array);
  CHECK_THROWS_AS(encode_npy({{2, 2}, std::vector<float>{1}}), ConfigError);
}

TEST_CASE("an array starts at a multiple of 64 bytes, as NumPy writes it") {
  const std::string bytes = encode_npy({{2, 3}, std::vector<float>(6)});
  CHECK((bytes.size() - 24) % 64 == 0);
  CHECK(bytes.find("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }") == 10);
}

TEST_CASE("Fortran order is turned into C order") {
  const std::string data = {0, 1, 2, 3, 4, 5};
  const Array array =
      decode_npy(npy_with("{'shape': (2, 3), 'fortran_order': True, 'descr': '|u1', }\n", data), "f.npy");
  CHECK(array.doubles() == std::vector<double>{0, 2, 4, 1, 3, 5});
}

TEST_CASE("every plain type of NumPy is read, in either byte order, in the type that holds it exactly") {
  const auto read = [](const std::string& type, const std::string& data, const std::string& shape = "(1,)") {
    return decode_npy(
        npy_with("{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }", data),
        "a.npy");
  };
  const auto ints = [](const Array& array) { return std::get<std::vector<std::int32_t>>(array.values); };
  const auto longs = [](const Array& array) { return std::get<std::vector<std::int64_t>>(array.values); };
  const auto floats = [](const Array& array) { return std::get<std::vector<float>>(array.values); };
  CHECK(std::get<std::vector<std::uint8_t>>(read("|b1", {'\0', '\1', '\2'}, "(3,)").values) ==
        std::vector<std::uint8_t>{0, 1, 1});
  CHECK(ints(read("|i1", "\xff")) == std::vector<std::int32_t>{-1});
  CHECK(ints(read("<i2", {'\xfe', '\xff'})) == std::vector<std::int32_t>{-2});
  CHECK(ints(read(">i2", {'\1', '\2'})) == std::vector<std::int32_t>{258});
  CHECK(ints(read("<u2", {'\xff', '\xff'})) == std::vector<std::int32_t>{65535});
  CHECK(ints(read(">i4", {'\0', '\0', '\1', '\0'})) == std::vector<std::int32_t>{256});
  CHECK(longs(read("<u4", "\xff\xff\xff\xff")) == std::vector<std::int64_t>{4294967295});
  CHECK(longs(read(">i8", {'\x80', 0, 0, 0, 0, 0, 0, 0})) ==
        std::vector<std::int64_t>{std::numeric_limits<std::int64_t>::min()});
  CHECK(longs(read("<u8", {1, 0, 0, 0, 0, 0, 0, '\x40'})) == std::vector<std::int64_t>{(1ll << 62) + 1});
  CHECK_THROWS_AS(read("<u8", {0, 0, 0, 0, 0, 0, 0, '\x80'}), FormatError);
  CHECK(floats(read(">f4", {'\x3f', '\xc0', 0, 0})) == std::vector<float>{1.5f});
  CHECK(std::get<std::vector<double>>(read(">f8", {'\xc0', 0, 0, 0, 0, 0, 0, 0}).values) ==
        std::vector<double>{-2});
  // Half precision: 1, -2, the greatest, the least above 0, infinity.
  CHECK(floats(read("<f2", {0, '\x3c', 0, '\xc0', '\xff', '\x7b', 1, 0, 0, '\x7c'}, "(5L,)")) ==
        std::vector<float>{1, -2, 65504, 5.9604644775390625e-8f, std::numeric_limits<float>::infinity()});
  CHECK(floats(read(">f2", {'\x3c', 0})) == std::vector<float>{1});
  try {
    decode_npy(npy_with("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "abcd"),
               "a.npy");
    FAIL_CHECK("accepted");
  } catch (const FormatError& error) {
    CHECK(std::string(error.what()) == "a.npy: an array of records; plain numbers are read");
  }
}

TEST_CASE("arrays that cannot be are refused with one line") {
  const std::string four(4, '\0');
  for (const char* header :
       {"{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 99999999999), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (999999999999999999999999), }",
        "{'descr': '<f4', 'fortran_order': False}", "{'descr': '<f4'", "", "{{{{{{",
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}"})
    CHECK_THROWS_AS(decode_npy(npy_with(header, four), "bad.npy"), FormatError);
}

TEST_CASE("damaged arrays are read or refused") {
  const std::string bytes = encode_npy({{4, 5}, std::vector<float>(20, 1.5f)});
  CHECK(test::refuses_or_reads(bytes, 300, [](const std::string& b) { decode_npy(b, "damaged.npy"); }) > 50);
}

TEST_CASE("an archive of arrays comes back as it was written, whatever the clock says") {
  const ArrayMap arrays{{"rgb", {{2, 2}, std::vector<float>{1, 2, 3, 4}}},
                        {"layer_01", {{3}, std::vector<double>{1, 2, 3}}},
                        {"empty", {{0}, std::vector<std::int32_t>{}}}};
  const std::string bytes = encode_npz(arrays);
  CHECK(decode_npz(bytes, "a.npz") == arrays);
  CHECK(encode_npz(arrays) == bytes);
  CHECK(decode_npz(encode_npz({}), "none.npz").empty());
}

TEST_CASE("damaged archives are read or refused, and changed content never passes") {
  const ArrayMap arrays{{"a", {{40}, std::vector<float>(40, 2.0f)}}, {"b", {{2}, std::vector<double>{1, 2}}}};
  const std::string bytes = encode_npz(arrays);
  CHECK(test::refuses_or_reads(bytes, 300, [](const std::string& b) { decode_npz(b, "damaged.npz"); }) > 150);
  std::string flipped = bytes;
  flipped[200] = static_cast<char>(flipped[200] ^ 1);
  CHECK_THROWS_AS(decode_npz(flipped, "flipped.npz"), FormatError);
}

TEST_CASE("an archive whose members share their bytes is refused before it asks for memory") {
  const std::string content = encode_npy({{200000}, std::vector<float>(200000, 1.0f)});
  const std::string one = zip({{"a.npy", content}}, Packing::stored);
  const std::size_t directory = one.size() - 22 - (46 + 5);
  std::string many = one.substr(0, directory);
  constexpr std::uint16_t copies = 3000;  // 2.4 GB from 1 MB
  for (int i = 0; i < copies; ++i) many += one.substr(directory, 46 + 5);
  std::string end = one.substr(one.size() - 22);
  const auto put = [&](std::size_t at, auto value) { std::memcpy(end.data() + at, &value, sizeof value); };
  put(8, copies), put(10, copies), put(12, std::uint32_t{copies * 51});
  CHECK_THROWS_AS(decode_npz(many + end, "overlapping.npz"), FormatError);
  end = one.substr(one.size() - 22);
  put(8, std::uint16_t{2}), put(10, std::uint16_t{2}), put(12, std::uint32_t{2 * 51});
  const std::string twice =
      one.substr(0, directory) + one.substr(directory, 51) + one.substr(directory, 51) + end;
  CHECK_THROWS_AS(decode_npz(twice, "twice.npz"), FormatError);
}

TEST_CASE("compressed archives are read, as far as they unpack to what can be held") {
  const Array array{{1000}, std::vector<double>(1000, 0.5)};
  CHECK(decode_npz(zip({{"a.npy", encode_npy(array)}}), "savez_compressed.npz") == ArrayMap{{"a", array}});
  const ArrayMap stored{{"a", array}};
  CHECK(encode_npz(stored).size() > 8000);
}

TEST_CASE("NumPy's own files are read") {
  const auto file = test::reference_data("skull/evolved/layer_00.npy");
  if (!file) return;
  const Array array = read_npy(*file);
  CHECK(array.shape == std::vector<std::size_t>{4, 22});
  const Array outputs = read_npy(*test::reference_data("skull/evolved/output_hsv_64.npy"));
  CHECK(outputs.shape == std::vector<std::size_t>{64, 64, 3});
  CHECK(std::holds_alternative<std::vector<double>>(outputs.values));
}

TEST_CASE("a name in a file that breaks a line does not break the message") {
  for (const std::string& bytes :
       {npy_with("{'descr': '<q\n8', 'fortran_order': False, 'shape': (1,), }", "abcd"),
        zip({{"a\nb.npy", "no array"}})}) {
    try {
      if (bytes.starts_with("PK")) decode_npz(bytes, "a.npz");
      else decode_npy(bytes, "a.npy");
      FAIL_CHECK("accepted");
    } catch (const FormatError& error) {
      CHECK(std::string(error.what()).find('\n') == std::string::npos);
    }
  }
}
