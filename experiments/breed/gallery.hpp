#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <span>
#include <string>
#include <tuple>

#include "neat/genome/genome.hpp"

namespace skein::experiments {

inline constexpr int picture_side = 128;  ///< pixels of a picture in the grid

/// RGB bytes of pictures, one after the other, each shape (size, size, 3).
std::string drawn_bytes(std::span<const neat::AnnotatedGenome> genomes, int size);

/// Drawn generations that were asked for lately, at most 48 MiB. Not for several threads at once.
class Gallery {
 public:
  using Bytes = std::shared_ptr<const std::string>;
  using Key = std::tuple<std::uint32_t, std::size_t, int>;  ///< generation, pictures, size

  Bytes find(const Key& key);
  Bytes keep(const Key& key, std::string bytes);

 private:
  std::list<std::pair<Key, Bytes>> recent_;
};

}  // namespace skein::experiments
