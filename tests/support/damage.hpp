#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace skein::test {

/// Mutated copies of a file: cut off at random places, bits flipped, bytes set to 0 and 255, counts blown up
/// (runs of 0xFF), pieces removed, doubled and swapped, garbage in front and behind. Same seed, same copies.
std::vector<std::string> damaged(const std::string& bytes, std::size_t count, std::uint64_t seed = 0);

/// Calls `read` on each mutated copy and fails the test when it throws anything but skein::Error, or when its
/// message is empty or more than one line. Returns how many copies were refused.
std::size_t refuses_or_reads(const std::string& bytes, std::size_t count,
                             const std::function<void(const std::string&)>& read);

}  // namespace skein::test
