#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace skein {

struct ZipMember {
  std::string name;
  std::string bytes;
};

/// What a zip archive may ask for. The sizes are those after unpacking and are checked before it. Whatever the limits,
/// packed members may not take more bytes in all than the archive has: none overlap.
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

/// The same, one at a time: `on_member` may keep or drop each.
void unzip_each(std::string_view bytes, const std::string& name, const ZipLimits& limits,
                const std::function<void(ZipMember)>& on_member);

enum class Packing { deflated, stored };

/// An archive of the members in their order. Same members, same bytes: the dates are 1980-01-01. Throws FormatError when
/// memory fails.
std::string zip(const std::vector<ZipMember>& members, Packing packing = Packing::deflated);

}  // namespace skein
