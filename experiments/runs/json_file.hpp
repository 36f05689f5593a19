#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>

namespace skein::experiments {

/// Parses a JSON file, at most 64 MiB and 64 levels deep. Throws FormatError.
nlohmann::ordered_json read_json(const std::filesystem::path& file);

}  // namespace skein::experiments
