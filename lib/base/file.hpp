#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace skein {

inline constexpr std::size_t largest_file = std::size_t{256}
                                            << 20;  ///< what a whole-file read accepts, in bytes

/// The bytes of a file. Throws FormatError naming the file when it cannot be read or is larger than `limit`.
std::string read_file(const std::filesystem::path& path, std::size_t limit = largest_file);

/// A file written piece by piece, whole or not at all: under a temporary name of its own in the same folder,
/// flushed to disk and renamed over `path` by `commit`. A file that is replaced hands on its permissions; a
/// link stays, and what it leads to is replaced; devices and pipes are written to as they are. Every function
/// throws FormatError naming the file and the cause (no space, no permission, no such folder); an earlier file
/// of that name is then untouched.
class FileWriter {
 public:
  explicit FileWriter(std::filesystem::path path);
  ~FileWriter();  ///< without `commit`, nothing stays
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;

  void write(std::string_view bytes);
  void commit();

 private:
  void open_temporary();
  void discard();
  [[noreturn]] void fail(int cause);

  std::filesystem::path path_, target_, temporary_;
  int descriptor_ = -1;
};

/// Writes the whole file or nothing, as FileWriter does.
void write_file(const std::filesystem::path& path, std::string_view bytes);

/// Appends and flushes; what could not be written whole is taken back. For line-by-line records; a torn last
/// line (of a killed process) is the reader's to skip.
void append_to_file(const std::filesystem::path& path, std::string_view bytes);

/// Makes the folder and its parents. Throws FormatError naming it and the cause.
void make_folder(const std::filesystem::path& path);

/// Whether a file's name is one that FileWriter gives to what is under way.
bool is_temporary_name(std::string_view name);

/// Removes from the folder what killed processes left under temporary names; what a living process is writing
/// stays, in this process or another. Folders inside it too where `deep`; links are not followed.
void sweep_temporaries(const std::filesystem::path& folder, bool deep = false);

}  // namespace skein
