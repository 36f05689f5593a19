#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "sgd/mlp/mlp.hpp"

namespace skein::sgd {

/// skein's MLP file: a framed file (lib/files/framed_file.hpp) of kind "mlp", by which it is recognised. It carries
/// the whole of `Mlp`: which weights exist (an existing weight may be zero) and which are copies', the origin
/// of every unit and input, the weights, the initial weights and the snapshot to rewind to, bit for bit.
inline constexpr std::string_view mlp_kind = "mlp";
inline constexpr std::uint32_t mlp_version = 1;

/// Throws ConfigError as `validate` does.
std::string encode_mlp(const Mlp& mlp);

/// The file above or its JSON (mlp_json.hpp), told apart by content. Throws FormatError, naming the file `name`: not an MLP file, damaged, out of bounds, weights that are not
/// finite.
Mlp decode_mlp(std::string_view bytes, const std::string& name);

/// Under a name that ends in .json as JSON.
void write_mlp(const std::filesystem::path& file, const Mlp& mlp);
Mlp read_mlp(const std::filesystem::path& file);

/// The layout of payloads inside other files (checkpoints): the payload without its frame.
std::string mlp_payload(const Mlp& mlp);
Mlp mlp_from_payload(std::string_view payload, const std::string& name);

}  // namespace skein::sgd
