#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace skein::test {

/// A file of the reference data (real Picbreeder genomes and the numbers that belong to them), found through
/// the environment variable SKEIN_DATA. Nothing, with a doctest message, when the data is not there:
///
///     const auto file = reference_data("skull/genome.zip");
///     if (!file) return;
std::optional<std::filesystem::path> reference_data(const std::string& relative);

/// A folder that is removed with everything in it when the object dies.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace skein::test
