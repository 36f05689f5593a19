#pragma once

namespace skein::experiments {

/// The program's version, "major.minor.patch".
inline constexpr const char* version = "0.1.0";

}  // namespace skein::experiments
