#include "experiments/runs/whole_file.hpp"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <string>

#include "lib/base/error.hpp"

namespace skein::experiments {

WholeFile::WholeFile(std::filesystem::path path) : path_(std::move(path)), temporary_(path_) {
  static std::atomic<unsigned> number = 0;
  temporary_ += ".tmp" + std::to_string(::getpid()) + "-" + std::to_string(number++);
  file_ = std::fopen(temporary_.c_str(), "wbe");
  if (!file_) fail(errno);
}

WholeFile::~WholeFile() {
  if (!file_) return;
  std::fclose(file_);
  ::unlink(temporary_.c_str());
}

void WholeFile::fail(int cause) {
  throw FormatError(path_.string() + ": cannot be written: " + std::strerror(cause));
}

void WholeFile::write(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) fail(errno);
}

void WholeFile::commit() {
  if (std::fflush(file_) != 0 || ::fsync(::fileno(file_)) != 0) fail(errno);
  std::FILE* closing = file_;
  file_ = nullptr;
  const bool kept = std::fclose(closing) == 0 && std::rename(temporary_.c_str(), path_.c_str()) == 0;
  if (kept) return;
  const int cause = errno;
  ::unlink(temporary_.c_str());
  fail(cause);
}

}  // namespace skein::experiments
