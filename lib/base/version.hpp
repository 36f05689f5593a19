#pragma once

/// The version of skein, in one place: CMake, pkg-config and the program read it here.
#define SKEIN_VERSION_MAJOR 0
#define SKEIN_VERSION_MINOR 1
#define SKEIN_VERSION_PATCH 0
#define SKEIN_VERSION "0.1.0"

namespace skein {

/// "major.minor.patch".
inline constexpr const char* version = SKEIN_VERSION;

}  // namespace skein
