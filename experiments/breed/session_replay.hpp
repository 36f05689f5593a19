#pragma once

#include <filesystem>
#include <string>

#include "lib/base/progress.hpp"

namespace skein::experiments {

/// What breeding a session again from its record gave.
struct Replay {
  std::size_t generations = 0;
  std::size_t pictures = 0;
  std::size_t equal = 0;         ///< generations whose bytes are those recorded and those in their files
  std::string first_difference;  ///< empty: none
};

/// Breeds every generation of a session again and holds it, byte for byte, against its file and its record. Changes
/// nothing. Reports stage "replay". Throws FormatError when the folder is no session or its record is damaged.
Replay replay_session(const std::filesystem::path& folder, const ProgressListener& listener = {});

}  // namespace skein::experiments
