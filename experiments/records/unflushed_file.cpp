#include "experiments/records/unflushed_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "lib/base/error.hpp"

namespace skein::experiments {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse_unflushed(const fs::path& path, const char* what, int cause) {
  throw FormatError(path.string() + ": " + what + ": " + std::strerror(cause));
}

/// 0, or the errno of the first failure, that of closing included.
int write_and_close(int file, std::string_view bytes) {
  int cause = 0;
  while (cause == 0 && !bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
    else if (written == 0) cause = ENOSPC;
    else if (errno != EINTR) cause = errno;
  }
  return ::close(file) != 0 && cause == 0 ? errno : cause;
}

}  // namespace

void write_new_unflushed(const fs::path& path, std::string_view bytes) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file < 0) refuse_unflushed(path, "cannot be written", errno);
  if (const int cause = write_and_close(file, bytes)) {
    ::unlink(path.c_str());
    refuse_unflushed(path, "cannot be written", cause);
  }
}

void append_unflushed(const fs::path& path, std::string_view bytes) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  struct stat before {};
  if (file < 0 || ::fstat(file, &before) != 0) refuse_unflushed(path, "cannot be opened", errno);
  const int again = ::dup(file);
  const int cause = write_and_close(file, bytes);
  if (cause != 0 && again >= 0) [[maybe_unused]]
    const int ignored = ::ftruncate(again, before.st_size);
  if (again >= 0) ::close(again);
  if (cause != 0) refuse_unflushed(path, "cannot be written", cause);
}

}  // namespace skein::experiments
