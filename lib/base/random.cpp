#include "lib/base/random.hpp"

#include <cmath>
#include <numbers>

namespace skein {

std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> c, std::array<std::uint32_t, 2> key) {
  constexpr std::uint64_t m0 = 0xD2511F53, m1 = 0xCD9E8D57;
  constexpr std::uint32_t w0 = 0x9E3779B9, w1 = 0xBB67AE85;
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = m0 * c[0], p1 = m1 * c[2];
    c = {static_cast<std::uint32_t>(p1 >> 32) ^ c[1] ^ key[0], static_cast<std::uint32_t>(p1),
         static_cast<std::uint32_t>(p0 >> 32) ^ c[3] ^ key[1], static_cast<std::uint32_t>(p0)};
    key[0] += w0;
    key[1] += w1;
  }
  return c;
}

std::uint64_t fnv1a(std::string_view bytes, std::uint64_t start) {
  for (const char c : bytes) start = (start ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  return start;
}

RandomStream::RandomStream(std::uint64_t seed, std::string_view purpose, std::uint64_t index)
    : index_(index) {
  std::string_view seed_bytes(reinterpret_cast<const char*>(&seed), sizeof seed);
  const std::uint64_t key = fnv1a(purpose, fnv1a(seed_bytes));
  key_ = {static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32)};
}

void RandomStream::refill() {
  buffer_ = philox({static_cast<std::uint32_t>(block_), static_cast<std::uint32_t>(block_ >> 32),
                    static_cast<std::uint32_t>(index_), static_cast<std::uint32_t>(index_ >> 32)},
                   key_);
  ++block_;
  used_ = 0;
}

std::uint32_t RandomStream::bits() {
  if (used_ == 4) refill();
  return buffer_[used_++];
}

std::uint64_t RandomStream::bits64() {
  const std::uint64_t low = bits();
  return low | static_cast<std::uint64_t>(bits()) << 32;
}

double RandomStream::uniform() { return static_cast<double>(bits64() >> 11) * 0x1.0p-53; }

double RandomStream::normal() {
  if (has_spare_) {
    has_spare_ = false;
    return spare_;
  }
  const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
  const double angle = 2.0 * std::numbers::pi * uniform();
  spare_ = radius * std::sin(angle);
  has_spare_ = true;
  return radius * std::cos(angle);
}

double RandomStream::truncated_normal(double limit) {
  double draw = normal();
  while (std::abs(draw) > limit) draw = normal();
  return draw;
}

std::uint32_t RandomStream::below(std::uint32_t count) {
  std::uint64_t product = static_cast<std::uint64_t>(bits()) * count;
  if (static_cast<std::uint32_t>(product) < count) {
    const std::uint32_t threshold = (0u - count) % count;
    while (static_cast<std::uint32_t>(product) < threshold)
      product = static_cast<std::uint64_t>(bits()) * count;
  }
  return static_cast<std::uint32_t>(product >> 32);
}

std::size_t RandomStream::pick(std::span<const double> odds) {
  double total = 0;
  for (const double odd : odds) total += odd;
  double left = uniform() * total;
  std::size_t last = 0;
  for (std::size_t i = 0; i < odds.size(); ++i) {
    if (odds[i] <= 0) continue;
    last = i;
    if (left < odds[i]) return i;
    left -= odds[i];
  }
  return last;
}

}  // namespace skein
