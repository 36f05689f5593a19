#include "lib/files/zip_file.hpp"

#include <zip.h>

#include <cstdint>
#include <memory>
#include <utility>

#include "lib/base/error.hpp"

namespace skein {

namespace {

struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
  void operator()(zip_file_t* file) const { zip_fclose(file); }
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};
using Archive = std::unique_ptr<zip_t, Discard>;
using Source = std::unique_ptr<zip_source_t, Discard>;

[[noreturn]] void refuse_archive(const std::string& name, const std::string& cause) {
  throw FormatError(name + ": cannot be unpacked: " + cause);
}

std::string cause_of(zip_error_t& error) {
  std::string cause = zip_error_strerror(&error);
  zip_error_fini(&error);
  return cause;
}

Archive open_archive(std::string_view bytes, const std::string& name) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  if (source == nullptr) refuse_archive(name, cause_of(error));
  zip_t* archive = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error);
  if (archive == nullptr) {
    zip_source_free(source);
    refuse_archive(name, cause_of(error));
  }
  zip_error_fini(&error);
  return Archive(archive);
}

/// Reads to the end, where the checksum is compared.
std::string read_member(zip_t* archive, zip_uint64_t index, std::size_t size, const std::string& name) {
  const std::unique_ptr<zip_file_t, Discard> file(zip_fopen_index(archive, index, 0));
  if (!file) refuse_archive(name, zip_strerror(archive));
  std::string bytes(size + 1, '\0');
  std::size_t have = 0;
  while (have < bytes.size()) {
    const zip_int64_t got = zip_fread(file.get(), bytes.data() + have, bytes.size() - have);
    if (got < 0) refuse_archive(name, zip_file_strerror(file.get()));
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  if (have != size)
    refuse_archive(name, "a member holds " + std::to_string(have) + " bytes or more where its header says " +
                             std::to_string(size));
  bytes.resize(size);
  return bytes;
}

}  // namespace

bool is_zip(std::string_view bytes) { return bytes.starts_with("PK\x03\x04"); }

void unzip_each(std::string_view bytes, const std::string& name, const ZipLimits& limits,
                const std::function<void(ZipMember)>& on_member) {
  const Archive archive = open_archive(bytes, name);
  const zip_int64_t count = zip_get_num_entries(archive.get(), 0);
  if (count < 0 || static_cast<std::uint64_t>(count) > limits.members)
    refuse_archive(
        name, std::to_string(count) + " members; at most " + std::to_string(limits.members) + " are read");
  std::size_t total = 0, packed = 0;
  for (zip_uint64_t i = 0; i < static_cast<zip_uint64_t>(count); ++i) {
    zip_stat_t stat;
    zip_stat_init(&stat);
    if (zip_stat_index(archive.get(), i, 0, &stat) != 0) refuse_archive(name, zip_strerror(archive.get()));
    constexpr zip_uint64_t needed = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE;
    if ((stat.valid & needed) != needed) refuse_archive(name, "a member has no size");
    if (stat.size > limits.member_bytes || stat.size > limits.total_bytes - total)
      refuse_archive(name, "a member unpacks to " + std::to_string(stat.size) + " bytes; at most " +
                               std::to_string(limits.member_bytes) + " each and " +
                               std::to_string(limits.total_bytes) + " in all are read");
    constexpr zip_uint64_t most_deflated = 1100;  // deflate packs to a 1032th at best
    if (stat.size > most_deflated * (stat.comp_size + 1))
      refuse_archive(name, "a member says it unpacks to more than it can");
    if (stat.comp_size > bytes.size() - packed) refuse_archive(name, "its members overlap");
    total += static_cast<std::size_t>(stat.size);
    packed += static_cast<std::size_t>(stat.comp_size);
    on_member({stat.name, read_member(archive.get(), i, static_cast<std::size_t>(stat.size), name)});
  }
}

std::vector<ZipMember> unzip(std::string_view bytes, const std::string& name, const ZipLimits& limits) {
  std::vector<ZipMember> members;
  unzip_each(bytes, name, limits, [&](ZipMember member) { members.push_back(std::move(member)); });
  return members;
}

std::string zip(const std::vector<ZipMember>& members, Packing packing) {
  if (members.empty())
    return std::string("PK\x05\x06") + std::string(18, '\0');  // libzip writes nothing at all
  zip_error_t error;
  zip_error_init(&error);
  const Source target(zip_source_buffer_create(nullptr, 0, 0, &error));
  if (!target) throw FormatError("zip: " + cause_of(error));
  Archive archive(zip_open_from_source(target.get(), ZIP_CREATE | ZIP_TRUNCATE, &error));
  if (!archive) throw FormatError("zip: " + cause_of(error));
  zip_error_fini(&error);
  zip_source_keep(target.get());  // the archive owns one reference, `target` the other
  const auto check = [&](bool good) {
    if (!good) throw FormatError(std::string("zip: ") + zip_strerror(archive.get()));
  };
  constexpr zip_uint16_t first_of_january_1980 = 0x21;
  for (const ZipMember& member : members) {
    Source source(zip_source_buffer(archive.get(), member.bytes.data(), member.bytes.size(), 0));
    check(source != nullptr);
    const zip_int64_t index =
        zip_file_add(archive.get(), member.name.c_str(), source.get(), ZIP_FL_ENC_UTF_8);
    check(index >= 0);
    static_cast<void>(source.release());  // the archive's now
    if (packing == Packing::stored)
      check(zip_set_file_compression(archive.get(), static_cast<zip_uint64_t>(index), ZIP_CM_STORE, 0) == 0);
    check(zip_file_set_dostime(archive.get(), static_cast<zip_uint64_t>(index), 0, first_of_january_1980,
                               0) == 0);
  }
  check(zip_close(archive.get()) == 0);
  static_cast<void>(archive.release());

  zip_stat_t stat;
  if (zip_source_stat(target.get(), &stat) != 0 || zip_source_open(target.get()) != 0)
    throw FormatError("zip: the archive cannot be read back");
  std::string bytes(static_cast<std::size_t>(stat.size), '\0');
  const zip_int64_t got = zip_source_read(target.get(), bytes.data(), bytes.size());
  zip_source_close(target.get());
  if (got != static_cast<zip_int64_t>(bytes.size()))
    throw FormatError("zip: the archive cannot be read back");
  return bytes;
}

}  // namespace skein
