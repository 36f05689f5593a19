// Arrays in a zip archive, as numpy.savez writes and reads them.
#include <algorithm>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/files/npy.hpp"
#include "lib/files/zip_file.hpp"

namespace skein {
namespace {

constexpr std::size_t most_arrays = 4096, largest_archive = 0xffffffffu;
constexpr std::size_t largest_unpacked = std::size_t{1} << 30;  // of an archive that is smaller than that
constexpr std::size_t most_member_bytes = 8 * largest_array + (std::size_t{1} << 16);

}  // namespace

ArrayMap decode_npz(std::string_view bytes, const std::string& name) {
  ArrayMap arrays;
  const ZipLimits limits{.members = most_arrays,
                         .member_bytes = most_member_bytes,
                         .total_bytes = std::max(largest_unpacked, bytes.size())};
  unzip_each(bytes, name, limits, [&](const ZipMember& member) {
    std::string array_name = member.name;
    if (array_name.ends_with(".npy")) array_name.resize(array_name.size() - 4);
    const std::string place = name + "/" + printable(member.name);
    if (!arrays.emplace(array_name, decode_npy(member.bytes, place)).second)
      throw FormatError(place + ": a name that occurs twice");
  });
  return arrays;
}

ArrayMap read_npz(const std::filesystem::path& file) {
  return decode_npz(read_file(file, largest_archive), file.string());
}

std::string encode_npz(const ArrayMap& arrays) {
  if (arrays.size() > most_arrays)
    throw ConfigError("a .npz of " + std::to_string(arrays.size()) + " arrays; at most " +
                      std::to_string(most_arrays));
  std::vector<ZipMember> members;
  std::size_t total = 0;
  for (const auto& [array_name, array] : arrays) {
    members.push_back({array_name + ".npy", encode_npy(array)});
    total += members.back().bytes.size();
    if (total > largest_archive - (1u << 20)) throw ConfigError("a .npz of over 4 GiB cannot be written");
  }
  return zip(members, Packing::stored);
}

void write_npz(const std::filesystem::path& file, const ArrayMap& arrays) {
  write_file(file, encode_npz(arrays));
}

}  // namespace skein
