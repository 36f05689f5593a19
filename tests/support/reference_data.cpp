#include "tests/support/reference_data.hpp"
#include "tests/support/skipped.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <system_error>

namespace skein::test {

std::optional<std::filesystem::path> reference_data(const std::string& relative) {
  const char* root = std::getenv("SKEIN_DATA");
  if (root == nullptr || *root == '\0') {
    skipped("SKEIN_DATA does not name the reference data (" + relative + ")");
    return std::nullopt;
  }
  const auto path = std::filesystem::path(root) / relative;
  REQUIRE_MESSAGE(std::filesystem::exists(path), "SKEIN_DATA has no ", path.string());
  return path;
}

TemporaryFolder::TemporaryFolder() {
  std::string pattern =
      (std::filesystem::temp_directory_path() / ("skein-test-" + std::string(6, 'X'))).string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder could be made");
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace skein::test
