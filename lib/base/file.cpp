#include "lib/base/file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>
#include <utility>

#include "lib/base/error.hpp"

namespace skein {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view temporary_prefix = ".skein-", temporary_suffix = ".tmp";

[[noreturn]] void fail_with(const fs::path& path, const char* what, int cause) {
  throw FormatError(path.string() + ": " + what + ": " + std::strerror(cause));
}

/// An open file that closes itself.
class Descriptor {
 public:
  Descriptor(const fs::path& path, int flags) : number_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }
  /// 0, or the errno of closing.
  int close() { return ::close(std::exchange(number_, -1)) == 0 ? 0 : errno; }

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
  return 0;
}

/// 0, or the errno; devices and pipes that cannot be flushed need not be.
int flush(int descriptor) {
  return ::fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS ? 0 : errno;
}

fs::path folder_of(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

/// Where writing to `path` arrives: the end of its chain of links.
fs::path behind_links(const fs::path& path) {
  constexpr int longest_chain = 40;  // as Linux follows
  fs::path at = path;
  std::error_code error;
  for (int i = 0; i < longest_chain && fs::is_symlink(fs::symlink_status(at, error)); ++i) {
    const fs::path next = fs::read_symlink(at, error);
    if (error) break;
    at = next.is_absolute() ? next : folder_of(at) / next;
  }
  return at;
}

/// A name that no other writer of this process has had; other processes differ by their number.
std::string next_temporary_name() {
  static std::atomic<std::uint64_t> made = 0;
  return std::string(temporary_prefix) + std::to_string(::getpid()) + "-" + std::to_string(made++) +
         std::string(temporary_suffix);
}

/// Owner, group and permissions of the file that is replaced, as far as we may.
void hand_on(const struct stat& from, int to) {
  if (::fchown(to, from.st_uid, from.st_gid) != 0 && errno == EPERM) [[maybe_unused]]
    const int ignored = ::fchown(to, static_cast<uid_t>(-1), from.st_gid);
  ::fchmod(to, from.st_mode & 07777);
}

/// Renaming is on disk once the folder is. Folders that may not be read or flushed are left to the system.
int flush_folder(const fs::path& folder) {
  const Descriptor directory(folder, O_RDONLY | O_DIRECTORY);
  return directory.number() < 0 || ::fsync(directory.number()) == 0 || errno != EIO ? 0 : errno;
}

/// Removes the file unless somebody alive holds its lock.
void remove_if_left(const fs::path& file) {
  const Descriptor left(file, O_RDWR | O_NOFOLLOW | O_NONBLOCK);
  if (left.number() >= 0 && ::flock(left.number(), LOCK_EX | LOCK_NB) == 0) ::unlink(file.c_str());
}

}  // namespace

std::string read_file(const fs::path& path, std::size_t limit) {
  std::error_code error;
  if (fs::is_directory(path, error)) throw FormatError(path.string() + ": is a folder, a file was expected");
  std::ifstream in(path, std::ios::binary);
  if (!in) fail_with(path, "cannot be opened", errno);
  std::string bytes;
  std::string block(std::size_t{1} << 16, '\0');
  while (in) {
    in.read(block.data(), static_cast<std::streamsize>(block.size()));
    bytes.append(block, 0, static_cast<std::size_t>(in.gcount()));
    if (bytes.size() > limit)
      throw FormatError(path.string() + ": is larger than the " + std::to_string(limit) + " bytes allowed");
  }
  if (in.bad()) fail_with(path, "cannot be read", errno);
  return bytes;
}

FileWriter::FileWriter(fs::path path) : path_(std::move(path)), target_(behind_links(path_)) {
  struct stat before {};
  const bool exists = ::stat(target_.c_str(), &before) == 0;
  if (!exists && errno == ELOOP) fail(errno);
  if (exists && !S_ISREG(before.st_mode)) {
    descriptor_ = ::open(target_.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor_ < 0) fail(errno);
    return;
  }
  if (exists && ::access(target_.c_str(), W_OK) != 0) fail(errno);
  open_temporary();
  if (exists) hand_on(before, descriptor_);
}

FileWriter::~FileWriter() { discard(); }

/// The lock tells sweepers that the writer lives. One who swept between our opening and locking has taken the
/// name away; then another is tried.
void FileWriter::open_temporary() {
  constexpr int most_tries = 1000;
  for (int i = 0; i < most_tries; ++i) {
    temporary_ = folder_of(target_) / next_temporary_name();
    descriptor_ = ::open(temporary_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor_ < 0 && errno == EEXIST) continue;
    if (descriptor_ < 0) {
      temporary_.clear();
      fail(errno);
    }
    struct stat opened {};
    const bool taken = ::flock(descriptor_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (!taken && ::fstat(descriptor_, &opened) == 0 && opened.st_nlink > 0) return;
    ::close(std::exchange(descriptor_, -1));
  }
  temporary_.clear();
  fail(EEXIST);
}

void FileWriter::discard() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
  temporary_.clear();
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

void FileWriter::fail(int cause) {
  discard();
  fail_with(path_, "cannot be written", cause);
}

void FileWriter::write(std::string_view bytes) {
  if (const int cause = write_all(descriptor_, bytes)) fail(cause);
}

void FileWriter::commit() {
  if (const int cause = flush(descriptor_)) fail(cause);
  const bool renames = !temporary_.empty();
  if (renames && ::rename(temporary_.c_str(), target_.c_str()) != 0) fail(errno);
  temporary_.clear();
  if (::close(std::exchange(descriptor_, -1)) != 0 && errno != EINTR) fail(errno);
  if (!renames) return;
  if (const int cause = flush_folder(folder_of(target_))) fail(cause);
}

void write_file(const fs::path& path, std::string_view bytes) {
  FileWriter writer(path);
  writer.write(bytes);
  writer.commit();
}

void append_to_file(const fs::path& path, std::string_view bytes) {
  Descriptor file(path, O_WRONLY | O_CREAT | O_APPEND);
  if (file.number() < 0) fail_with(path, "cannot be opened", errno);
  struct stat before {};
  const bool is_file = ::fstat(file.number(), &before) == 0 && S_ISREG(before.st_mode);
  int cause = write_all(file.number(), bytes);
  if (cause == 0) cause = flush(file.number());
  if (cause != 0 && is_file) [[maybe_unused]]
    const int ignored = ::ftruncate(file.number(), before.st_size);
  const int closing = file.close();
  if (cause != 0 || closing != 0) fail_with(path, "cannot be written", cause != 0 ? cause : closing);
}

void make_folder(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) throw FormatError(path.string() + ": folder cannot be made: " + error.message());
}

bool is_temporary_name(std::string_view name) {
  if (!name.starts_with(temporary_prefix) || !name.ends_with(temporary_suffix)) return false;
  name.remove_prefix(temporary_prefix.size());
  name.remove_suffix(temporary_suffix.size());
  const auto dash = name.find('-');
  const auto is_number = [](std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  };
  return dash != std::string_view::npos && is_number(name.substr(0, dash)) &&
         is_number(name.substr(dash + 1));
}

void sweep_temporaries(const fs::path& folder, bool deep) {
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    std::error_code ignored;
    const auto status = at->symlink_status(ignored);
    if (deep && fs::is_directory(status)) sweep_temporaries(at->path(), true);
    else if (fs::is_regular_file(status) && is_temporary_name(at->path().filename().string()))
      remove_if_left(at->path());
  }
}

}  // namespace skein
