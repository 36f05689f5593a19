// Loaded before the C library of a program under test, this makes the disk fail where it is told to. It counts the
// calls by which the program touches files in its working folder, and at one of them
//
//     kill N   ends the program as SIGKILL does, before the N-th call that changes something; of a write, half is done
//     fail N   makes the N-th call that may fail, fail once with EIO: reading opens too
//     full N   lets no write succeed from the N-th on: ENOSPC
//     readonly lets nothing be changed: EROFS
//     count    only counts: the three numbers are written to the file that SKEIN_FAULT_COUNTS names
//
// as the environment variable SKEIN_FAULT says. The C++ library reaches files by these functions too.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

enum class Mode { off, kill, fail, full, readonly, count };

struct Plan {
  Mode mode = Mode::off;
  long at = 0;
};

Plan plan_from_environment() {
  const char* text = std::getenv("SKEIN_FAULT");
  if (!text) return {};
  const char* number = std::strchr(text, ' ');
  const long at = number ? std::atol(number) : 0;
  if (std::strncmp(text, "kill", 4) == 0) return {Mode::kill, at};
  if (std::strncmp(text, "fail", 4) == 0) return {Mode::fail, at};
  if (std::strncmp(text, "full", 4) == 0) return {Mode::full, at};
  if (std::strncmp(text, "readonly", 8) == 0) return {Mode::readonly, 0};
  return {Mode::count, 0};
}

const Plan& plan() {
  static const Plan read = plan_from_environment();
  return read;
}

std::atomic<long> changes = 0, calls = 0, writes = 0;
constexpr std::size_t most_files = 4096;
std::array<std::atomic<bool>, most_files> watched;  ///< by descriptor: opened in the working folder

template <class Function>
Function real(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

[[noreturn]] void die() {
  ::kill(::getpid(), SIGKILL);
  for (;;) ::pause();
}

/// The tests name files relative to the working folder; the system's own are absolute.
bool ours(const char* path) { return path && path[0] != '/'; }
bool is_watched(int file) {
  return file >= 0 && static_cast<std::size_t>(file) < most_files && watched[static_cast<std::size_t>(file)];
}
void watch(int file, bool value) {
  if (file >= 0 && static_cast<std::size_t>(file) < most_files)
    watched[static_cast<std::size_t>(file)] = value;
}

/// Whether this call is to fail with `errno` set; may not come back.
bool fails(bool changes_something) {
  if (plan().mode == Mode::off) return false;
  if (changes_something && plan().mode == Mode::readonly) {
    errno = EROFS;
    return true;
  }
  if (changes_something && ++changes == plan().at && plan().mode == Mode::kill) die();
  if (++calls == plan().at && plan().mode == Mode::fail) {
    errno = EIO;
    return true;
  }
  return false;
}

/// The same for a call that needs room on the disk.
bool fails_to_write(int file, const void* bytes, std::size_t count) {
  if (plan().mode == Mode::off) return false;
  const long write = ++writes;
  if (plan().mode == Mode::full && write >= plan().at) {
    errno = ENOSPC;
    return true;
  }
  if (plan().mode == Mode::kill && changes + 1 == plan().at && bytes)
    real<ssize_t (*)(int, const void*, std::size_t)>("write")(file, bytes, count / 2);
  return fails(true);
}

int opened(int file, bool counted) {
  watch(file, counted);
  return file;
}

bool changes_something(int flags) { return (flags & (O_CREAT | O_TRUNC)) != 0; }

struct Report {
  ~Report() {
    const char* name = std::getenv("SKEIN_FAULT_COUNTS");
    if (plan().mode != Mode::count || !name) return;
    char text[96];
    const int length =
        std::snprintf(text, sizeof text, "%ld %ld %ld\n", changes.load(), calls.load(), writes.load());
    const int file = real<int (*)(const char*, int, ...)>("open")(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    [[maybe_unused]] const auto done = real<ssize_t (*)(int, const void*, std::size_t)>("write")(
        file, text, static_cast<std::size_t>(length));
  }
} report;

}  // namespace

#pragma GCC diagnostic ignored "-Wmissing-declarations"
extern "C" {

#define SKEIN_OPEN(NAME)                                                                       \
  int NAME(const char* path, int flags, ...) {                                                 \
    va_list rest;                                                                              \
    va_start(rest, flags);                                                                     \
    const mode_t mode = (flags & O_CREAT) ? va_arg(rest, mode_t) : 0;                          \
    va_end(rest);                                                                              \
    if (ours(path) && fails(changes_something(flags))) return -1;                              \
    return opened(real<int (*)(const char*, int, ...)>(#NAME)(path, flags, mode), ours(path)); \
  }
SKEIN_OPEN(open)
SKEIN_OPEN(open64)

#define SKEIN_OPENAT(NAME)                                                                               \
  int NAME(int folder, const char* path, int flags, ...) {                                               \
    va_list rest;                                                                                        \
    va_start(rest, flags);                                                                               \
    const mode_t mode = (flags & O_CREAT) ? va_arg(rest, mode_t) : 0;                                    \
    va_end(rest);                                                                                        \
    const bool counted = ours(path) && (folder == AT_FDCWD || is_watched(folder));                       \
    if (counted && fails(changes_something(flags))) return -1;                                           \
    return opened(real<int (*)(int, const char*, int, ...)>(#NAME)(folder, path, flags, mode), counted); \
  }
SKEIN_OPENAT(openat)
SKEIN_OPENAT(openat64)

#define SKEIN_FOPEN(NAME)                                                      \
  FILE* NAME(const char* path, const char* mode) {                             \
    if (ours(path) && fails(mode[0] != 'r')) return nullptr;                   \
    FILE* file = real<FILE* (*)(const char*, const char*)>(#NAME)(path, mode); \
    if (file) watch(::fileno(file), ours(path));                               \
    return file;                                                               \
  }
SKEIN_FOPEN(fopen)
SKEIN_FOPEN(fopen64)

ssize_t write(int file, const void* bytes, size_t count) {
  if (is_watched(file) && fails_to_write(file, bytes, count)) return -1;
  return real<ssize_t (*)(int, const void*, size_t)>("write")(file, bytes, count);
}
ssize_t writev(int file, const struct iovec* parts, int count) {
  if (is_watched(file) && fails_to_write(file, nullptr, 0)) return -1;
  return real<ssize_t (*)(int, const struct iovec*, int)>("writev")(file, parts, count);
}
int fsync(int file) {
  if (is_watched(file) && fails(true)) return -1;
  return real<int (*)(int)>("fsync")(file);
}
int ftruncate(int file, off_t length) noexcept {
  if (is_watched(file) && fails(true)) return -1;
  return real<int (*)(int, off_t)>("ftruncate")(file, length);
}
int close(int file) {
  watch(file, false);
  return real<int (*)(int)>("close")(file);
}
int link(const char* from, const char* to) noexcept {
  if (ours(from) && fails(true)) return -1;
  return real<int (*)(const char*, const char*)>("link")(from, to);
}
int rename(const char* from, const char* to) noexcept {
  if (ours(from) && fails(true)) return -1;
  return real<int (*)(const char*, const char*)>("rename")(from, to);
}
int mkdir(const char* path, mode_t mode) noexcept {
  if (ours(path) && fails_to_write(-1, nullptr, 0)) return -1;
  return real<int (*)(const char*, mode_t)>("mkdir")(path, mode);
}

#define SKEIN_REMOVE(NAME)                          \
  int NAME(const char* path) noexcept {             \
    if (ours(path) && fails(true)) return -1;       \
    return real<int (*)(const char*)>(#NAME)(path); \
  }
SKEIN_REMOVE(unlink)
SKEIN_REMOVE(rmdir)
SKEIN_REMOVE(remove)

int unlinkat(int folder, const char* path, int flags) noexcept {
  if (ours(path) && (folder == AT_FDCWD || is_watched(folder)) && fails(true)) return -1;
  return real<int (*)(int, const char*, int)>("unlinkat")(folder, path, flags);
}

}  // extern "C"
