#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace skein::neat {

struct ZipMember {
  std::string name;
  std::string bytes;
};

/// What a zip archive may ask for. The sizes are those after unpacking and are checked before it.
struct ZipLimits {
  std::size_t members = 1000;
  std::size_t member_bytes = std::size_t{8} << 20;
  std::size_t total_bytes = std::size_t{64} << 20;
};

/// The bytes begin as a zip archive's do.
bool is_zip(std::string_view bytes);

/// The files in an archive, in its order. `name` is what errors call it. Throws FormatError when the archive
/// is damaged, encrypted or larger than the limits.
std::vector<ZipMember> unzip(std::string_view bytes, const std::string& name, const ZipLimits& limits = {});

/// An archive of deflated members. Same members, same bytes: the dates are 1980-01-01. Throws FormatError
/// when memory fails.
std::string zip(const std::vector<ZipMember>& members);

}  // namespace skein::neat
