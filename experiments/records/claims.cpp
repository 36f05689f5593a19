#include "experiments/records/claims.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>

#include "experiments/records/digest.hpp"
#include "experiments/records/unflushed_file.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/base/random.hpp"
#include "lib/base/seconds_since.hpp"

namespace skein::experiments {
namespace {

namespace fs = std::filesystem;
using SteadyClock = std::chrono::steady_clock;

std::string first_line(const char* file) try {
  const std::string text = read_file(file, 4096);
  return text.substr(0, text.find('\n'));
} catch (const FormatError&) {
  return {};
}

/// When a process was started, in the kernel's ticks: two processes of one number differ in it. Empty: there is no
/// such process.
std::string start_of(std::int64_t process) {
  const std::string line = first_line(("/proc/" + std::to_string(process) + "/stat").c_str());
  const std::size_t name_end = line.rfind(')');
  if (name_end == std::string::npos) return {};
  std::size_t at = name_end + 1;
  for (int field = 0; field < 20 && at < line.size(); ++field) at = line.find(' ', at) + 1;
  return line.substr(at, line.find(' ', at) - at);
}

/// What tells machines, their starts and their process number spaces apart.
std::string machine() {
  static const std::string text = [] {
    char space[64] = "";
    const ssize_t length = ::readlink("/proc/self/ns/pid", space, sizeof space - 1);
    return host_name() + " " + first_line("/proc/sys/kernel/random/boot_id") + " " +
           std::string(space, length > 0 ? static_cast<std::size_t>(length) : 0);
  }();
  return text;
}

/// A name that no other claim has.
std::string new_token() {
  static std::atomic<std::uint64_t> number = 0;
  const auto now = static_cast<std::uint64_t>(SteadyClock::now().time_since_epoch().count());
  const std::string all = machine() + " " + std::to_string(::getpid()) + " " + start_of(::getpid()) + " " +
                          std::to_string(now) + " " + std::to_string(number++);
  return hex_text(fnv1a(all));
}

nlohmann::json read_claim(const fs::path& file) {
  try {
    return nlohmann::json::parse(read_file(file, 1 << 16), nullptr, false);
  } catch (const FormatError&) {
    return nlohmann::json::value_t::discarded;
  }
}

std::string token_in(const fs::path& file) {
  const auto json = read_claim(file);
  return json.is_object() ? json.value("token", "") : "";
}

/// Whether the claimant was a process of this machine that is no more.
bool is_of_the_dead(const nlohmann::json& json) {
  return json.is_object() && json.value("machine", "") == machine() &&
         start_of(json.value("process", std::int64_t{0})) != json.value("start", "");
}

Claimant claimant_of(const std::string& what, const nlohmann::json& json) {
  return {what, json.value("token", ""), json.value("host", ""), json.value("process", std::int64_t{0}),
          json.value("job", "")};
}

/// Takes the name away from the claim of that token. False when it was not under that name (any more).
bool remove_claim(const fs::path& name, const std::string& token) {
  const fs::path aside = name.string() + ".gone-" + token;
  if (::rename(name.c_str(), aside.c_str()) != 0) return false;
  const bool right = token_in(aside) == token;
  // Between the look and the renaming another may have claimed: it gets its name back.
  if (!right) [[maybe_unused]]
    const int back = ::link(aside.c_str(), name.c_str());
  ::unlink(aside.c_str());
  return right;
}

}  // namespace

struct ClaimFolder::Seen {
  std::string token;
  std::int64_t seconds = 0, nanoseconds = 0;  ///< of the file's last change, by the file system's clock
  SteadyClock::time_point since;
};

class ClaimFolder::Held : public Claim {
 public:
  Held(ClaimFolder& folder, std::string what, std::string token)
      : folder_(folder),
        name_(folder.folder_ / what),
        own_(name_.string() + "." + token),
        token_(std::move(token)) {}
  ~Held() override { folder_.release(*this); }

  bool held() override {
    constexpr double trusted = 0.2;  // seconds since the last look
    const std::scoped_lock lock(mutex_);
    if (!lost_ && seconds_since(looked_) > trusted) {
      lost_ = token_in(name_) != token_;
      looked_ = SteadyClock::now();
    }
    return !lost_;
  }
  /// Shows that the claimant is alive.
  void beat() {
    if (held()) ::utimensat(AT_FDCWD, own_.c_str(), nullptr, 0);
  }

 private:
  friend class ClaimFolder;
  ClaimFolder& folder_;
  fs::path name_, own_;
  std::string token_;
  std::mutex mutex_;
  bool lost_ = false;
  SteadyClock::time_point looked_ = SteadyClock::now();
};

std::string host_name() {
  char name[256] = "";
  if (const char* node = std::getenv("SLURMD_NODENAME"); node && *node) return node;
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "unknown";
}

std::string scheduler_job() {
  const char *array = std::getenv("SLURM_ARRAY_JOB_ID"), *task = std::getenv("SLURM_ARRAY_TASK_ID"),
             *job = std::getenv("SLURM_JOB_ID");
  if (array && task) return std::string(array) + "_" + task;
  return job ? job : "";
}

ClaimFolder::ClaimFolder(fs::path folder, double stale) : folder_(std::move(folder)), stale_(stale) {
  make_folder(folder_);
  heart_ = std::thread([this] { beat(); });
}

ClaimFolder::~ClaimFolder() {
  {
    const std::scoped_lock lock(mutex_);
    over_ = true;
  }
  ended_.notify_all();
  heart_.join();
}

/// The heartbeat of all claims of this process.
void ClaimFolder::beat() {
  std::unique_lock lock(mutex_);
  while (!ended_.wait_for(lock, std::chrono::duration<double>(std::min(10.0, stale_ / 6)),
                          [this] { return over_; }))
    for (Held* claim : held_) claim->beat();
}

std::unique_ptr<Claim> ClaimFolder::take(const std::string& what) {
  const fs::path name = folder_ / what;
  std::error_code ignored;
  if (fs::exists(name, ignored) && !is_abandoned(what)) return nullptr;
  const std::string token = new_token();
  const fs::path own = name.string() + "." + token;
  const nlohmann::ordered_json about{
      {"token", token},        {"host", host_name()},           {"machine", machine()},
      {"process", ::getpid()}, {"start", start_of(::getpid())}, {"job", scheduler_job()}};
  // After a power cut nobody holds a claim: an empty one is silent, and falls to whoever watches it.
  write_new_unflushed(own, about.dump() + "\n");
  const bool linked = ::link(own.c_str(), name.c_str()) == 0;
  const int cause = errno;
  struct stat status {};
  // Over NFS the answer to a link that was made may get lost: the number of names tells.
  if (!linked && !(::stat(own.c_str(), &status) == 0 && status.st_nlink == 2)) {
    ::unlink(own.c_str());
    if (cause == EEXIST) return nullptr;
    throw FormatError(name.string() + ": cannot be claimed: " + std::strerror(cause));
  }
  auto claim = std::make_unique<Held>(*this, what, token);
  const std::scoped_lock lock(mutex_);
  seen_.erase(what);
  held_.push_back(claim.get());
  return claim;
}

/// Whether the claim's process is gone or has been silent for too long; if so it has lost the claim.
bool ClaimFolder::is_abandoned(const std::string& what) {
  const fs::path name = folder_ / what;
  struct stat status {};
  if (::stat(name.c_str(), &status) != 0) return true;
  const auto json = read_claim(name);
  const std::string token = json.is_object() ? json.value("token", "") : "";
  bool gone = is_of_the_dead(json);
  {
    const std::scoped_lock lock(mutex_);
    const Seen now{token, status.st_mtim.tv_sec, status.st_mtim.tv_nsec, SteadyClock::now()};
    Seen& before = seen_.try_emplace(what, now).first->second;
    if (before.token != now.token || before.seconds != now.seconds || before.nanoseconds != now.nanoseconds)
      before = now;
    gone |= seconds_since(before.since) > stale_;
  }
  if (!gone || !remove_claim(name, token)) return false;
  ::unlink((name.string() + "." + token).c_str());
  if (taken_over_ && json.is_object()) taken_over_(claimant_of(what, json));
  return true;
}

void ClaimFolder::release(Held& claim) {
  {
    const std::scoped_lock lock(mutex_);
    std::erase(held_, &claim);
  }
  if (token_in(claim.name_) == claim.token_) remove_claim(claim.name_, claim.token_);
  ::unlink(claim.own_.c_str());
}

std::vector<Claimant> claims_in(const fs::path& folder) {
  std::vector<Claimant> claims;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.find('.') != std::string::npos) continue;
    if (const auto json = read_claim(entry.path()); json.is_object() && !is_of_the_dead(json))
      claims.push_back(claimant_of(name, json));
  }
  std::ranges::sort(claims, {}, &Claimant::what);
  return claims;
}

}  // namespace skein::experiments
