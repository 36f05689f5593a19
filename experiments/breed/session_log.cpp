#include "experiments/breed/session_log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/base/random.hpp"

namespace skein::experiments {
namespace {

constexpr std::size_t largest_log = std::size_t{1} << 30;  // bytes

std::string hexadecimal(std::uint64_t value) {
  std::string text(16, '0');
  for (std::size_t i = 16; i-- > 0; value >>= 4) text[i] = "0123456789abcdef"[value & 15];
  return text;
}

}  // namespace

SessionLog::SessionLog(std::filesystem::path file, const std::function<void(const Event&)>& reader)
    : file_(std::move(file)), check_(fnv1a("skein breeding session 1")) {
  if (std::filesystem::exists(file_)) check_ = read(reader);
}

std::uint64_t SessionLog::read(const std::function<void(const Event&)>& reader) {
  const std::string bytes = read_file(file_, largest_log);
  std::uint64_t check = check_;
  std::size_t at = 0, line = 1;
  for (; at < bytes.size(); ++line) {
    const std::size_t end = bytes.find('\n', at);
    if (end == std::string::npos) break;  // torn
    const std::string_view text(bytes.data() + at, end - at);
    const Event event = Event::parse(text, nullptr, false);
    const std::size_t mark = text.rfind(",\"check\":\"");
    const bool sound = event.is_object() && mark != std::string_view::npos && event.contains("check");
    const std::uint64_t expected = sound ? fnv1a(text.substr(0, mark), check) : 0;
    if (!sound || event["check"] != hexadecimal(expected))
      throw FormatError(file_.string() + ": damaged at line " + std::to_string(line));
    try {
      reader(event);
    } catch (const Event::exception&) {
      throw FormatError(file_.string() + ": line " + std::to_string(line) + " is no event of a session");
    } catch (const Error& error) {
      throw FormatError(file_.string() + ": line " + std::to_string(line) + ": " + error.what());
    }
    check = expected;
    at = end + 1;
  }
  size_ = at;
  torn_ = at < bytes.size();
  if (torn_ && ::truncate(file_.c_str(), static_cast<off_t>(at)) != 0)
    throw FormatError(file_.string() + ": cannot be written: " + std::strerror(errno));
  return check;
}

void SessionLog::append(const Event& event, bool durable) {
  std::string text = event.dump(-1, ' ', false, Event::error_handler_t::replace);
  text.pop_back();
  const std::uint64_t check = fnv1a(text, check_);
  text += ",\"check\":\"" + hexadecimal(check) + "\"}\n";
  const int file = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) throw FormatError(file_.string() + ": cannot be written: " + std::strerror(errno));
  std::string_view left = text;
  int cause = ::lseek(file, static_cast<off_t>(size_), SEEK_SET) < 0 ? errno : 0;
  while (cause == 0 && !left.empty()) {
    const ssize_t written = ::write(file, left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) cause = written < 0 ? errno : ENOSPC;
    else left.remove_prefix(static_cast<std::size_t>(written));
  }
  if (cause == 0 && durable && ::fdatasync(file) != 0 && errno != EINVAL) cause = errno;
  if (cause != 0 && ::ftruncate(file, static_cast<off_t>(size_)) != 0) torn_ = true;
  ::close(file);
  if (cause != 0) throw FormatError(file_.string() + ": cannot be written: " + std::strerror(cause));
  size_ += text.size();
  check_ = check;
}

}  // namespace skein::experiments
