#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>

namespace skein::experiments {

/// The file for an answer in a folder: named by two 64-bit hashes of all that the answer depends on.
std::filesystem::path answer_file(const std::filesystem::path& folder, std::span<const std::string> parts);

/// An answer kept there under this format; nothing when there is no file or a damaged one: the question is then asked
/// again.
std::optional<nlohmann::json> kept_answer(const std::filesystem::path& file, const std::string& format);

/// Keeps an answer of a model there: format, version 1 and model, then the members of `answer`. Throws Error when it cannot be
/// written.
void keep_answer(const std::filesystem::path& file, const std::string& format, const std::string& model,
                 const nlohmann::ordered_json& answer);

}  // namespace skein::experiments
