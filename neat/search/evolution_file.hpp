#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "neat/search/evolution.hpp"

namespace skein::neat {

inline constexpr std::string_view evolution_file_kind = "evolution";  ///< what framed_kind says of it
inline constexpr std::uint32_t evolution_file_version = 1;

/// A run at rest with what its goal remembers: all that is needed to continue it with the same bits.
struct SavedEvolution {
  Evolution evolution;
  std::string goal_state;  ///< as `Goal::save` gave it
};

/// A checkpoint as a framed archive (lib/files/framed_file.hpp). The same run, the same bytes.
std::string evolution_bytes(const Evolution& evolution, std::string_view goal_state);

/// Throws FormatError, calling the file `name`: damaged, foreign, newer than this program, a genome that
/// cannot be drawn, or parts that do not belong together.
SavedEvolution parse_evolution(std::string_view bytes, const std::string& name);

/// The same with files, written whole or not at all.
void write_evolution(const std::filesystem::path& path, const Evolution& evolution,
                     std::string_view goal_state);
SavedEvolution read_evolution(const std::filesystem::path& path);

}  // namespace skein::neat
