#pragma once

#include <cstdio>
#include <filesystem>
#include <string_view>

namespace skein::experiments {

/// A file written piece by piece that appears whole or not at all: under another name until `commit`, then renamed.
/// An earlier file of the name stays until then. For files that are too large to be held in memory; others are
/// written by `write_file`.
class WholeFile {
 public:
  /// Throws FormatError naming the file and the cause.
  explicit WholeFile(std::filesystem::path path);
  ~WholeFile();
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;

  /// Throws FormatError.
  void write(std::string_view bytes);
  /// Flushes to disk and gives the file its name. Throws FormatError.
  void commit();

 private:
  [[noreturn]] void fail(int cause);

  std::filesystem::path path_, temporary_;
  std::FILE* file_ = nullptr;
};

}  // namespace skein::experiments
