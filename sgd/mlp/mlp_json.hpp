#pragma once

#include <string>
#include <string_view>

#include "sgd/mlp/mlp.hpp"

namespace skein::sgd {

inline constexpr std::string_view mlp_json_format = "skein-mlp";
inline constexpr int mlp_json_version = 1;

/// A layered MLP as JSON to be read, compared and edited by hand: mlp.schema.json of this folder says what may stand in
/// it. One unit a line, one existing weight a line. Everything of `Mlp` is kept, bit for bit. Throws ConfigError as
/// `validate` does.
std::string mlp_json(const Mlp& mlp);

/// Whether the text says that it is such a file.
bool may_be_mlp_json(std::string_view bytes);

/// Throws FormatError naming the file and the place in it: not JSON, a member that is missing or of another kind, a
/// weight between units that are not there or given twice, a version newer than this program, bounds as `validate`.
Mlp parse_mlp_json(std::string_view bytes, const std::string& name);

}  // namespace skein::sgd
