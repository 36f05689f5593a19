#include "experiments/runs/version.hpp"

#include "lib/kernels/instruction_set.hpp"

namespace skein::experiments {

std::string build_text() {
#if defined(__clang__)
  const std::string compiler = "Clang " __clang_version__;
#else
  const std::string compiler = "GNU " __VERSION__;
#endif
  return compiler + ", " SKEIN_BUILD_TYPE;
}

std::string version_text() { return "skein " + std::string(version) + " (" + build_text() + ")"; }

std::string instruction_set_text() { return std::string(name(best_instruction_set())); }

}  // namespace skein::experiments
