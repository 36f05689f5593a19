#include "experiments/records/digest.hpp"

#include <array>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/base/random.hpp"

namespace skein::experiments {

std::string hex_text(std::uint64_t number) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text(16, '0');
  for (std::size_t i = 16; i-- > 0; number >>= 4) text[i] = digits[number & 15];
  return text;
}

std::string digest_of(std::string_view bytes) { return hex_text(fnv1a(bytes)); }

std::optional<std::string> bytes_of_digest(const std::filesystem::path& file, const std::string& digest) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file, ignored)) return std::nullopt;
  try {
    std::string bytes = read_file(file);
    if (digest_of(bytes) == digest) return bytes;
  } catch (const FormatError&) {
  }
  return std::nullopt;
}

}  // namespace skein::experiments
