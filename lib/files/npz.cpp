// Arrays in a zip archive, as numpy.savez writes and reads them. Layout: APPNOTE.TXT 6.3.3 (PKWARE),
// sections 4.3.7 (local header), 4.3.12 (central directory), 4.3.16 (end record).
#include <zlib.h>

#include <cstring>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/files/npy.hpp"

namespace skein {
namespace {

constexpr std::uint32_t local_mark = 0x04034b50, central_mark = 0x02014b50, end_mark = 0x06054b50;
constexpr std::size_t local_size = 30, central_size = 46, end_size = 22, longest_comment = 65535;
constexpr std::size_t most_members = 4096, largest_archive = 0xffffffffu;
constexpr std::uint16_t dos_date = 0x21;  // 1 January 1980: archives do not depend on the clock

template <class T>
void put(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

std::uint32_t checksum(std::string_view bytes) {
  return static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

/// The fields that the local header and the central directory share.
void put_entry(std::string& out, std::uint32_t crc, std::uint32_t size, std::uint16_t name_length) {
  put<std::uint16_t>(out, 20);     // version needed
  put<std::uint16_t>(out, 0x800);  // names are UTF-8
  put<std::uint16_t>(out, 0);      // stored
  put<std::uint16_t>(out, 0);
  put<std::uint16_t>(out, dos_date);
  put<std::uint32_t>(out, crc);
  put<std::uint32_t>(out, size);
  put<std::uint32_t>(out, size);
  put<std::uint16_t>(out, name_length);
  put<std::uint16_t>(out, 0);  // no extra field
}

/// Fields at offsets of an archive, with every access checked.
struct Bytes {
  std::string_view data;
  const std::string& name;

  [[noreturn]] void fail(const char* what) const {
    throw FormatError(name + ": a damaged .npz (" + what + ")");
  }
  template <class T>
  T at(std::size_t offset) const {
    if (offset > data.size() || data.size() - offset < sizeof(T)) fail("cut short");
    T value;
    std::memcpy(&value, data.data() + offset, sizeof value);
    return value;
  }
  std::string_view range(std::size_t offset, std::size_t length) const {
    if (offset > data.size() || data.size() - offset < length) fail("cut short");
    return data.substr(offset, length);
  }
};

std::size_t find_end_record(const Bytes& bytes) {
  if (bytes.data.size() < end_size) bytes.fail("cut short");
  const std::size_t last = bytes.data.size() - end_size;
  for (std::size_t back = 0; back <= std::min(last, longest_comment); ++back)
    if (bytes.at<std::uint32_t>(last - back) == end_mark) return last - back;
  bytes.fail("no directory");
}

}  // namespace

ArrayMap decode_npz(std::string_view data, const std::string& name) {
  const Bytes bytes{data, name};
  const std::size_t end = find_end_record(bytes);
  const std::size_t members = bytes.at<std::uint16_t>(end + 10);
  if (members > most_members) bytes.fail("too many members");
  std::size_t at = bytes.at<std::uint32_t>(end + 16);
  ArrayMap arrays;
  for (std::size_t m = 0; m < members; ++m) {
    if (bytes.at<std::uint32_t>(at) != central_mark) bytes.fail("directory");
    const auto method = bytes.at<std::uint16_t>(at + 10);
    const auto crc = bytes.at<std::uint32_t>(at + 16);
    const std::size_t size = bytes.at<std::uint32_t>(at + 24);
    const std::size_t name_length = bytes.at<std::uint16_t>(at + 28);
    const std::size_t local = bytes.at<std::uint32_t>(at + 42);
    std::string member(bytes.range(at + central_size, name_length));
    const std::string place = name + "/" + member;
    if (method != 0)
      throw FormatError(place + ": a compressed member; save with numpy.savez, not savez_compressed");
    if (bytes.at<std::uint32_t>(local) != local_mark) bytes.fail("member header");
    const std::size_t start =
        local + local_size + bytes.at<std::uint16_t>(local + 26) + bytes.at<std::uint16_t>(local + 28);
    const std::string_view content = bytes.range(start, size);
    if (checksum(content) != crc)
      throw FormatError(place + ": the checksum does not match, the file is damaged");
    if (member.ends_with(".npy")) member.resize(member.size() - 4);
    if (!arrays.emplace(member, decode_npy(content, place)).second) bytes.fail("a name occurs twice");
    at += central_size + name_length + bytes.at<std::uint16_t>(at + 30) + bytes.at<std::uint16_t>(at + 32);
  }
  return arrays;
}

ArrayMap read_npz(const std::filesystem::path& file) {
  return decode_npz(read_file(file, largest_archive), file.string());
}

std::string encode_npz(const ArrayMap& arrays) {
  if (arrays.size() > most_members)
    throw ConfigError("a .npz of " + std::to_string(arrays.size()) + " arrays; at most " +
                      std::to_string(most_members));
  std::string out, directory;
  for (const auto& [array_name, array] : arrays) {
    const std::string content = encode_npy(array), member = array_name + ".npy";
    if (out.size() + content.size() > largest_archive - (1u << 20))
      throw ConfigError("a .npz of over 4 GiB cannot be written");
    const auto offset = static_cast<std::uint32_t>(out.size()),
               size = static_cast<std::uint32_t>(content.size());
    const auto name_length = static_cast<std::uint16_t>(member.size());
    const std::uint32_t crc = checksum(content);
    put(out, local_mark);
    put_entry(out, crc, size, name_length);
    out += member;
    out += content;
    put(directory, central_mark);
    put<std::uint16_t>(directory, 20);  // version made by
    put_entry(directory, crc, size, name_length);
    for (int field = 0; field < 3; ++field)
      put<std::uint16_t>(directory, 0);  // comment, disk, internal attributes
    put<std::uint32_t>(directory, 0);    // external attributes
    put(directory, offset);
    directory += member;
  }
  const auto start = static_cast<std::uint32_t>(out.size());
  out += directory;
  put(out, end_mark);
  put<std::uint32_t>(out, 0);  // disks
  put(out, static_cast<std::uint16_t>(arrays.size()));
  put(out, static_cast<std::uint16_t>(arrays.size()));
  put(out, static_cast<std::uint32_t>(directory.size()));
  put(out, start);
  put<std::uint16_t>(out, 0);
  return out;
}

void write_npz(const std::filesystem::path& file, const ArrayMap& arrays) {
  write_file(file, encode_npz(arrays));
}

}  // namespace skein
