#include "lib/base/file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>
#include <utility>

#include "lib/base/error.hpp"

namespace skein {

namespace {

[[noreturn]] void fail(const std::filesystem::path& path, const char* what, int cause) {
  throw FormatError(path.string() + ": " + what + ": " + std::strerror(cause));
}

/// An open file that closes itself.
class Descriptor {
 public:
  Descriptor(const std::filesystem::path& path, int flags)
      : number_(::open(path.c_str(), flags | O_CLOEXEC, 0644)) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

/// 0, or the errno of the first failure.
int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return written < 0 ? errno : ENOSPC;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(descriptor) == 0 || errno == EINVAL ? 0 : errno;
}

/// Devices and pipes: there is nothing to rename over.
void write_in_place(const std::filesystem::path& path, std::string_view bytes) {
  const Descriptor file(path, O_WRONLY);
  if (file.number() < 0) fail(path, "cannot be written", errno);
  if (const int cause = write_all(file.number(), bytes)) fail(path, "cannot be written", cause);
}

}  // namespace

std::string read_file(const std::filesystem::path& path, std::size_t limit) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error))
    throw FormatError(path.string() + ": is a folder, a file was expected");
  std::ifstream in(path, std::ios::binary);
  if (!in) fail(path, "cannot be opened", errno);
  std::string bytes;
  std::string block(std::size_t{1} << 16, '\0');
  while (in) {
    in.read(block.data(), static_cast<std::streamsize>(block.size()));
    bytes.append(block, 0, static_cast<std::size_t>(in.gcount()));
    if (bytes.size() > limit)
      throw FormatError(path.string() + ": is larger than the " + std::to_string(limit) + " bytes allowed");
  }
  if (in.bad()) fail(path, "cannot be read", errno);
  return bytes;
}

void write_file(const std::filesystem::path& path, std::string_view bytes) {
  std::error_code ignored;
  const auto status = std::filesystem::status(path, ignored);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
    return write_in_place(path, bytes);

  std::filesystem::path temporary = path;
  temporary += ".tmp" + std::to_string(::getpid());
  int cause = 0;
  {
    const Descriptor file(temporary, O_WRONLY | O_CREAT | O_TRUNC);
    if (file.number() < 0) fail(path, "cannot be written", errno);
    cause = write_all(file.number(), bytes);
  }
  if (cause == 0 && ::rename(temporary.c_str(), path.c_str()) != 0) cause = errno;
  if (cause != 0) {
    ::unlink(temporary.c_str());
    fail(path, "cannot be written", cause);
  }
  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  if (const Descriptor directory(folder, O_RDONLY | O_DIRECTORY); directory.number() >= 0)
    ::fsync(directory.number());
}

void append_to_file(const std::filesystem::path& path, std::string_view bytes) {
  const Descriptor file(path, O_WRONLY | O_CREAT | O_APPEND);
  if (file.number() < 0) fail(path, "cannot be opened", errno);
  if (const int cause = write_all(file.number(), bytes)) fail(path, "cannot be written", cause);
}

void make_folder(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) throw FormatError(path.string() + ": folder cannot be made: " + error.message());
}

}  // namespace skein
