#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

namespace skein {

/// One set of small numbers per item, as bits in one block of memory.
class SupportSets {
 public:
  SupportSets(std::size_t items, std::size_t universe)
      : words_((universe + 63) / 64), bits_(items * words_) {}

  void clear(std::size_t item) {
    for (std::uint64_t& word : of(item)) word = 0;
  }
  void insert(std::size_t item, std::size_t member) {
    of(item)[member / 64] |= std::uint64_t{1} << (member % 64);
  }
  void unite(std::size_t item, std::size_t other) {
    const auto to = of(item), from = of(other);
    for (std::size_t i = 0; i < words_; ++i) to[i] |= from[i];
  }
  std::size_t size(std::size_t item) const {
    std::size_t count = 0;
    for (const std::uint64_t word : of(item)) count += static_cast<std::size_t>(std::popcount(word));
    return count;
  }
  /// How many members two items have in common.
  std::size_t shared(std::size_t a, std::size_t b) const {
    std::size_t count = 0;
    for (std::size_t i = 0; i < words_; ++i)
      count += static_cast<std::size_t>(std::popcount(bits_[a * words_ + i] & bits_[b * words_ + i]));
    return count;
  }
  /// Calls `visit` for each member, in increasing order.
  template <class Visit>
  void each(std::size_t item, const Visit& visit) const {
    for (std::size_t i = 0; i < words_; ++i)
      for (std::uint64_t word = of(item)[i]; word; word &= word - 1)
        visit(i * 64 + static_cast<std::size_t>(std::countr_zero(word)));
  }

 private:
  std::span<std::uint64_t> of(std::size_t item) { return std::span(bits_).subspan(item * words_, words_); }
  std::span<const std::uint64_t> of(std::size_t item) const {
    return std::span(bits_).subspan(item * words_, words_);
  }
  std::size_t words_;
  std::vector<std::uint64_t> bits_;
};

}  // namespace skein
