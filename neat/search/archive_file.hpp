#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "neat/search/map_elites.hpp"
#include "neat/search/novelty.hpp"

namespace skein::neat {

inline constexpr std::string_view map_file_kind = "map-elites";  ///< what framed_kind says of it

/// A map at rest with the axes that its cells belong to, as a framed archive. The same map, the same bytes.
std::string map_bytes(const MapElites& map, std::span<const MapAxis> axes);

/// Throws FormatError, calling the file `name`, when it is damaged, foreign, holds a genome that cannot be
/// drawn or has other axes.
MapElites parse_map(std::string_view bytes, std::span<const MapAxis> axes, const std::string& name);

/// The same with files.
void write_map(const std::filesystem::path& path, const MapElites& map, std::span<const MapAxis> axes);
MapElites read_map(const std::filesystem::path& path, std::span<const MapAxis> axes);

/// A novelty archive as bytes without a frame, to be part of a run's checkpoint.
std::string novelty_bytes(const NoveltyArchive& archive);
NoveltyArchive parse_novelty(std::string_view bytes, const std::string& name);

}  // namespace skein::neat
