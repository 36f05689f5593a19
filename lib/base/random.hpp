#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace skein {

/// Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3").
std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key);

/// A stream of random numbers named by (seed, purpose, index). Streams with different names are independent,
/// cheap to make and never shared between work items, so results do not depend on who runs first. Same name,
/// same numbers, on every platform.
class RandomStream {
 public:
  /// `purpose` says what the numbers are for ("initial weights", "mutate"); `index` which item (genome,
  /// layer).
  RandomStream(std::uint64_t seed, std::string_view purpose, std::uint64_t index = 0);

  std::uint32_t bits();
  std::uint64_t bits64();
  /// Uniform in [0, 1), 53 bits.
  double uniform();
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  /// Standard normal (Box–Muller).
  double normal();
  /// Normal truncated to [-limit, limit] standard deviations, by rejection; not rescaled.
  double truncated_normal(double limit = 2.0);
  /// Uniform in {0, ..., count - 1}, unbiased (Lemire 2019). `count` must be positive.
  std::uint32_t below(std::uint32_t count);
  bool chance(double probability) { return uniform() < probability; }
  /// Index drawn in proportion to `odds` (none negative, some positive).
  std::size_t pick(std::span<const double> odds);
  /// Fisher–Yates.
  template <class T>
  void shuffle(std::span<T> items) {
    for (std::size_t i = items.size(); i > 1; --i) {
      const auto j = below(static_cast<std::uint32_t>(i));
      std::swap(items[i - 1], items[j]);
    }
  }

 private:
  void refill();
  std::array<std::uint32_t, 2> key_{};
  std::uint64_t index_ = 0;
  std::uint64_t block_ = 0;
  std::array<std::uint32_t, 4> buffer_{};
  unsigned used_ = 4;
  double spare_ = 0;
  bool has_spare_ = false;
};

/// FNV-1a over bytes; stable across platforms. For keys and signatures, not for security.
std::uint64_t fnv1a(std::string_view bytes, std::uint64_t start = 14695981039346656037ull);

}  // namespace skein
