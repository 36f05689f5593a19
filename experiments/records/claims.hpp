#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace skein::experiments {

/// The right to make something of a run. It ends with this object.
class Claim {
 public:
  virtual ~Claim() = default;
  /// Whether it is still ours. Asked before every write, and now and then in between.
  virtual bool held() = 0;
};

/// Who has claimed something.
struct Claimant {
  std::string what;   ///< the hash of what is claimed
  std::string token;  ///< of this very claim
  std::string host;
  std::int64_t process = 0;
  std::string job;  ///< of the scheduler; empty: none
};

/// Claims of many processes, on one machine or on several that share a file system, in one folder: RUN/claims.
///
/// A claim is a file of its own, CLAIM.TOKEN, that is given the name CLAIM as well by link(2), which fails where the
/// name exists: this holds on NFS. Its time of change is the heartbeat: a thread of the claimant touches it by the
/// claimant's own name, so that one who was overtaken touches nothing of another's. Nobody's clock is compared with
/// another's: a claim whose heartbeat stands still while the *observer's* clock runs for `stale` seconds is taken over, by
/// renaming it away (of several who try, one succeeds); one of this machine whose process is gone, at once. A claimant
/// that wakes up after that finds another token under the name, and may no longer write.
class ClaimFolder {
 public:
  /// Makes the folder. `stale` in seconds. Throws FormatError when the folder cannot be made.
  explicit ClaimFolder(std::filesystem::path folder, double stale = 60);
  ~ClaimFolder();
  ClaimFolder(const ClaimFolder&) = delete;
  ClaimFolder& operator=(const ClaimFolder&) = delete;

  /// Nothing when another process has it. Throws FormatError when the folder cannot be written to.
  std::unique_ptr<Claim> take(const std::string& what);
  /// Told of a claim that was taken over because its process was gone or silent.
  void on_takeover(std::function<void(const Claimant& earlier)> told) { taken_over_ = std::move(told); }

 private:
  class Held;
  struct Seen;

  bool claim_free(const std::string& what, const std::filesystem::path& own, const std::string& token);
  bool is_abandoned(const std::string& what);
  void beat();
  void release(Held& claim);

  std::filesystem::path folder_;
  double stale_;
  std::function<void(const Claimant&)> taken_over_;
  std::mutex mutex_;
  std::map<std::string, Seen> seen_;  ///< claims of others, and since when they have not changed
  std::vector<Held*> held_;
  std::condition_variable ended_;
  bool over_ = false;
  std::thread heart_;
};

/// The claims that are in the folder now, but for those of processes of this machine that are gone.
std::vector<Claimant> claims_in(const std::filesystem::path& folder);

/// The scheduler's name for the job that this process runs in: "123_4" of a Slurm array; empty: none.
std::string scheduler_job();
std::string host_name();

}  // namespace skein::experiments
